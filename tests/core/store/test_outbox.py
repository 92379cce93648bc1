"""The outbox: each call once, in order per order key, updates coalesced, nothing lost with its sender."""

from __future__ import annotations

from datetime import timedelta


def keys(claimed):
    return [sending.key for sending in claimed]


def post(outbox, key, order_key="C1", **more):
    return outbox.put(key, "chat.postMessage", {"text": f"Words of {key}"}, order_key=order_key, **more)


def test_a_call_is_stored_once(store):
    assert post(store.outbox, "p1")
    assert not post(store.outbox, "p1")

    claimed = store.outbox.claim("s1", 30, limit=9)

    assert keys(claimed) == ["p1"]
    assert (claimed[0].method, claimed[0].arguments) == ("chat.postMessage", {"text": "Words of p1"})
    assert store.outbox.claim("s1", 30) == []


def test_calls_with_one_order_key_go_out_one_after_the_other(store):
    for key, order_key in (("a1", "A"), ("a2", "A"), ("b1", "B"), ("n1", ""), ("n2", "")):
        post(store.outbox, key, order_key)

    first = store.outbox.claim("s1", 30, limit=9)
    assert keys(first) == ["a1", "b1", "n1", "n2"]
    assert store.outbox.claim("s2", 30, limit=9) == []

    store.outbox.finish(first[0].id, {"ok": True})
    assert keys(store.outbox.claim("s2", 30, limit=9)) == ["a2"]


def test_a_call_that_waits_to_be_tried_again_holds_up_those_behind_it(store, watch):
    post(store.outbox, "a1")
    post(store.outbox, "a2")
    store.outbox.fail(store.outbox.claim("s1", 30)[0].id, "ratelimited", retry_in_s=30)

    assert store.outbox.claim("s1", 30) == []
    watch.advance(30)
    assert keys(store.outbox.claim("s1", 30)) == ["a1"]


def test_a_dead_letter_holds_up_nobody(store, watch):
    post(store.outbox, "a1")
    post(store.outbox, "a2")

    for _ in range(5):
        store.outbox.fail(store.outbox.claim("s1", 30)[0].id, "channel_not_found", retry_in_s=0)

    assert [(sending.key, sending.error) for sending in store.outbox.parked()] == [("a1", "channel_not_found")]
    assert keys(store.outbox.claim("s1", 30)) == ["a2"]
    assert store.outbox.pending() == 1


def test_updates_of_one_subject_are_one_call(store):
    asked = [store.outbox.put_update("sug_1", "state", "C1") for _ in range(3)]

    assert asked == [True, False, False]
    claimed = store.outbox.claim("s1", 30, limit=9)
    assert [(one.subject, one.purpose, one.coalesced) for one in claimed] == [("sug_1", "state", True)]


def test_an_update_asked_for_while_it_is_on_its_way_goes_out_again(store):
    store.outbox.put_update("sug_1", "state", "C1")
    on_its_way = store.outbox.claim("s1", 30)[0]

    assert not store.outbox.put_update("sug_1", "state", "C1")
    store.outbox.finish(on_its_way.id, {"ok": True})

    again = store.outbox.claim("s1", 30)
    assert [one.subject for one in again] == ["sug_1"]
    store.outbox.finish(again[0].id, {"ok": True})
    assert store.outbox.claim("s1", 30) == []
    assert store.outbox.put_update("sug_1", "state", "C1")


def test_updates_of_other_subjects_or_purposes_are_calls_of_their_own(store):
    store.outbox.put_update("sug_1", "state", "C1")

    assert store.outbox.put_update("sug_2", "state", "C1")
    assert store.outbox.put_update("sug_1", "retire", "C1")


def test_a_failed_update_that_was_asked_for_again_goes_out_once(store):
    store.outbox.put_update("sug_1", "state", "C1")
    on_its_way = store.outbox.claim("s1", 30)[0]
    store.outbox.put_update("sug_1", "state", "C1")

    store.outbox.fail(on_its_way.id, "timeout", retry_in_s=0)

    store.outbox.finish(store.outbox.claim("s1", 30)[0].id)
    assert store.outbox.claim("s1", 30) == []


def test_nobody_knows_what_became_of_a_call_whose_sender_died(store, watch):
    post(store.outbox, "a1")
    store.outbox.claim("dead", 30)
    watch.advance(30)

    again = store.outbox.claim("s2", 30)

    assert (keys(again), again[0].unknown_outcome, again[0].attempts) == (["a1"], True, 2)


def test_the_calls_of_a_sender_known_to_be_dead_come_back_at_once(store):
    post(store.outbox, "a1")
    store.outbox.claim("dead", 30)

    assert store.outbox.abandon("dead") == 1

    assert store.outbox.claim("s2", 30)[0].unknown_outcome


def test_an_unknown_outcome_stays_unknown_until_the_call_is_made(store):
    post(store.outbox, "a1")
    store.outbox.fail(store.outbox.claim("s1", 30)[0].id, "reset", retry_in_s=0, unknown_outcome=True)
    store.outbox.fail(store.outbox.claim("s1", 30)[0].id, "ratelimited", retry_in_s=0)

    assert store.outbox.claim("s1", 30)[0].unknown_outcome


def test_a_late_failure_does_not_undo_what_somebody_else_has_sent(store, watch):
    post(store.outbox, "a1")
    slow = store.outbox.claim("slow", 30)[0]
    watch.advance(30)
    store.outbox.finish(store.outbox.claim("quick", 30)[0].id)

    store.outbox.fail(slow.id, "timeout", retry_in_s=0)
    store.outbox.postpone(slow.id, watch())

    assert store.outbox.pending() == 0


def test_a_postponed_call_costs_no_attempt(store, watch):
    post(store.outbox, "a1")
    store.outbox.postpone(store.outbox.claim("s1", 30)[0].id, watch() + timedelta(seconds=5))

    assert store.outbox.claim("s1", 30) == []
    watch.advance(5)
    assert store.outbox.claim("s1", 30)[0].attempts == 1


def test_a_sender_that_stops_hands_its_calls_back(store):
    post(store.outbox, "a1")
    store.outbox.claim("stopping", 30)

    assert store.outbox.release("stopping") == 1
    again = store.outbox.claim("s2", 30)
    assert (keys(again), again[0].attempts, again[0].unknown_outcome) == (["a1"], 1, False)


def test_of_a_call_that_was_made_only_plain_values_of_the_answer_stay(store):
    post(store.outbox, "a1")
    sending = store.outbox.claim("s1", 30)[0]
    assert store.outbox.response("a1") is None

    store.outbox.finish(sending.id, {"ok": True, "ts": "5.0", "message": {"text": "Words of a1"}})

    assert store.outbox.response("a1") == {"ok": True, "ts": "5.0"}
    assert store.outbox.pending() == 0


def test_the_words_of_old_dead_letters_are_forgotten(store, watch):
    post(store.outbox, "a1")
    for _ in range(5):
        store.outbox.fail(store.outbox.claim("s1", 30)[0].id, "no", retry_in_s=0)
    watch.advance(3600)

    assert store.outbox.purge(before=watch()) == 1
    assert store.outbox.parked()[0].arguments == {}


def test_a_call_that_was_not_made_in_time_is_parked_without_its_words(store, watch):
    post(store.outbox, "words")
    store.outbox.put("reply", "chat.postMessage", {}, purpose="reply", order_key="reply")
    store.outbox.put("suggestion", "chat.postMessage", {}, purpose="suggestion", order_key="suggestion")
    store.outbox.put_update("sug_1", "suggestion_update", "sug_1")
    watch.advance(3600)

    assert store.outbox.purge(before=watch(), and_purposes=("reply",)) == 2

    parked = [(one.key, one.arguments, one.error) for one in store.outbox.parked()]
    why = "It was not sent within a day, so its words were forgotten."
    assert parked == [("words", {}, why), ("reply", {}, why)]
    assert [one.purpose for one in store.outbox.claim("s1", 30, limit=9)] == ["suggestion", "suggestion_update"]


def test_a_call_that_was_made_is_never_parked(store, watch):
    post(store.outbox, "a1")
    store.outbox.finish(store.outbox.claim("s1", 30)[0].id, {"ok": True})
    watch.advance(3600)

    assert store.outbox.purge(before=watch(), and_purposes=("reply",)) == 0
    assert store.outbox.parked() == []


def test_a_dead_letters_reason_is_kept_without_personal_data(store):
    post(store.outbox, "a1")
    sending = store.outbox.claim("s1", 30)[0]

    store.outbox.fail(sending.id, "ValueError: jo@mail.example", retry_in_s=0)

    assert store.outbox.claim("s1", 30)[0].error == "ValueError: [email]"


def test_calls_to_a_workspace_are_claimed_for_that_one_only(store):
    store.outbox.put("theirs", "chat.postMessage", {}, team="T2")
    store.outbox.put("ours", "chat.postMessage", {}, team="T1")
    store.outbox.put_update("sug_1", "suggestion_update", "sug_1", team="T2")

    assert [one.key for one in store.outbox.claim("s1", 30, limit=9, team="T1")] == ["ours"]
    assert len(store.outbox.claim("s2", 30, limit=9, team="T2")) == 2


def test_what_was_sent_long_ago_is_forgotten_with_its_key_and_nothing_else_is(store, watch):
    for key in ("sent", "waiting"):
        store.outbox.put(key, "chat.postMessage", {})
    [sent, _] = store.outbox.claim("s1", 30, limit=2)
    store.outbox.finish(sent.id)
    watch.advance(60)

    assert store.outbox.forget(watch() - timedelta(seconds=61)) == 0
    assert store.outbox.forget(watch()) == 1

    assert store.outbox.put("sent", "chat.postMessage", {})
    assert not store.outbox.put("waiting", "chat.postMessage", {})
