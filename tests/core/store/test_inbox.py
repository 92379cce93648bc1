"""The inbox: stored once, claimed by one, given back when its worker dies, parked when it never succeeds."""

from __future__ import annotations

from datetime import timedelta


def keys(claimed):
    return [work.key for work in claimed]


def put(inbox, *names, lane="clicks"):
    for name in names:
        inbox.put(name, "click", lane, {"name": name})


def test_a_delivery_is_stored_once_even_after_it_was_worked_off(store):
    inbox = store.inbox

    assert inbox.put("k1", "click", "clicks", {"user": "U1"})
    assert not inbox.put("k1", "click", "clicks", {"user": "U1"})
    inbox.finish(inbox.claim("clicks", "w1", 30)[0].id)

    assert not inbox.put("k1", "click", "clicks", {"user": "U1"})
    assert inbox.claim("clicks", "w1", 30) == []


def test_work_is_claimed_oldest_first_and_by_one_worker(store, watch):
    put(store.inbox, "k1", "k2", "k3")

    first = store.inbox.claim("clicks", "w1", 30, limit=2)
    second = store.inbox.claim("clicks", "w2", 30, limit=2)

    assert keys(first) == ["k1", "k2"]
    assert keys(second) == ["k3"]
    assert (first[0].kind, first[0].payload, first[0].attempts) == ("click", {"name": "k1"}, 1)
    assert first[0].received_at == watch()


def test_lanes_do_not_mix(store):
    put(store.inbox, "k1", lane="drafts")

    assert store.inbox.claim("clicks", "w1", 30) == []
    assert (store.inbox.pending("drafts"), store.inbox.pending("clicks")) == (1, 0)


def test_work_waits_for_its_time(store, watch):
    store.inbox.put("k1", "click", "clicks", {}, not_before=watch() + timedelta(seconds=10))

    assert store.inbox.claim("clicks", "w1", 30) == []
    watch.advance(10)
    assert keys(store.inbox.claim("clicks", "w1", 30)) == ["k1"]


def test_failed_work_is_tried_again_later_and_parked_after_five_attempts(store, watch):
    put(store.inbox, "poison")

    for attempt in range(1, 6):
        work = store.inbox.claim("clicks", "w1", 30)[0]
        assert work.attempts == attempt
        store.inbox.fail(work.id, "KeyError: 'user'", retry_in_s=60)
        assert store.inbox.claim("clicks", "w1", 30) == []
        watch.advance(60)

    assert store.inbox.claim("clicks", "w1", 30) == []
    assert [(work.key, work.error) for work in store.inbox.parked()] == [("poison", "KeyError: 'user'")]
    assert store.inbox.pending("clicks") == 0


def test_postponed_work_waits_without_losing_an_attempt(store, watch):
    put(store.inbox, "k1")
    (work,) = store.inbox.claim("clicks", "w1", 30)

    store.inbox.postpone(work.id, retry_in_s=40)

    assert store.inbox.claim("clicks", "w1", 30) == []
    watch.advance(41)
    assert [again.attempts for again in store.inbox.claim("clicks", "w2", 30)] == [1]


def test_why_work_failed_is_kept_without_secrets(store):
    put(store.inbox, "k1")
    for _ in range(5):
        (work,) = store.inbox.claim("clicks", "w1", 30)
        store.inbox.fail(work.id, "URLError: https://hooks.slack.com/actions/T1/2/s3cret is gone", retry_in_s=-1)

    assert [work.error for work in store.inbox.parked()] == ["URLError: https://hooks.slack.com/*** is gone"]


def test_the_work_of_a_dead_worker_is_given_back_when_its_lease_is_over(store, watch):
    put(store.inbox, "k1")
    store.inbox.claim("clicks", "dead", 30)

    watch.advance(29)
    assert store.inbox.claim("clicks", "w2", 30) == []
    assert store.inbox.recover() == 0
    watch.advance(1)

    again = store.inbox.claim("clicks", "w2", 30)
    assert (keys(again), again[0].attempts) == (["k1"], 2)


def test_work_that_kills_its_worker_each_time_is_parked(store, watch):
    put(store.inbox, "killer", "k2")
    for _ in range(5):
        assert keys(store.inbox.claim("clicks", "w1", 30)) == ["killer"]
        watch.advance(30)

    assert keys(store.inbox.claim("clicks", "w1", 30)) == ["k2"]
    assert [(work.key, work.error) for work in store.inbox.parked()] == [("killer", "its worker died each time")]


def test_a_worker_that_stops_hands_its_work_back_without_losing_an_attempt(store):
    put(store.inbox, "k1", "k2")
    store.inbox.claim("clicks", "stopping", 30)
    store.inbox.claim("clicks", "other", 30)

    assert store.inbox.release("stopping") == 1

    again = store.inbox.claim("clicks", "w2", 30, limit=9)
    assert (keys(again), again[0].attempts) == (["k1"], 1)


def test_a_worker_known_to_be_dead_loses_its_work_at_once_and_its_attempt(store):
    put(store.inbox, "k1")
    store.inbox.claim("clicks", "dead", 30)

    assert store.inbox.abandon("dead") == 1

    again = store.inbox.claim("clicks", "w2", 30)
    assert (keys(again), again[0].attempts) == (["k1"], 2)


def test_a_late_failure_does_not_undo_what_somebody_else_finished(store, watch):
    put(store.inbox, "k1")
    slow = store.inbox.claim("clicks", "slow", 30)[0]
    watch.advance(30)
    store.inbox.finish(store.inbox.claim("clicks", "quick", 30)[0].id)

    store.inbox.fail(slow.id, "too slow", retry_in_s=0)

    assert store.inbox.pending("clicks") == 0


def test_payloads_go_when_they_are_done_with_or_old(store, watch):
    put(store.inbox, "done", "poison")
    done, poison = store.inbox.claim("clicks", "w1", 30, limit=2)
    store.inbox.finish(done.id)
    for _ in range(5):
        store.inbox.fail(poison.id, "no", retry_in_s=0)
        store.inbox.claim("clicks", "w1", 30)
    watch.advance(24 * 3600)
    put(store.inbox, "young")

    assert store.inbox.purge(before=watch() - timedelta(hours=23)) == 1
    assert [(work.key, work.payload) for work in store.inbox.parked()] == [("poison", {})]
    assert store.inbox.claim("clicks", "w1", 30)[0].payload == {"name": "young"}


def test_what_waits_is_listed_in_its_order_with_what_is_due_later(store, watch):
    store.inbox.put("k1", "draft", "drafts", {"case_id": "one"})
    store.inbox.put("k2", "draft", "drafts", {"case_id": "two"}, not_before=watch() + timedelta(seconds=2))
    store.inbox.put("k3", "message", "events", {})
    store.inbox.put("k4", "draft", "drafts", {"case_id": "three"})
    (first,) = store.inbox.claim("drafts", "worker", 60)
    assert [work.key for work in store.inbox.waiting("drafts")] == ["k1", "k2", "k4"]

    store.inbox.finish(first.id)

    assert [(work.key, work.not_before) for work in store.inbox.waiting("drafts")] == [
        ("k2", watch() + timedelta(seconds=2)),
        ("k4", None),
    ]


def test_work_that_nobody_did_in_time_is_parked_without_its_payload(store, watch):
    put(store.inbox, "claimed", "pending")
    held = store.inbox.claim("clicks", "w1", 30)[0]
    put(store.inbox, "ours", lane="drafts")
    watch.advance(24 * 3600)

    assert store.inbox.purge(before=watch() - timedelta(hours=23), except_lanes=("drafts",)) == 2
    store.inbox.fail(held.id, "too late", retry_in_s=0)  # its worker comes back

    parked = [(work.key, work.payload, work.error) for work in store.inbox.parked()]
    why = "It was not done within a day, so what Slack had delivered was forgotten."
    assert parked == [("claimed", {}, why), ("pending", {}, why)]
    assert store.inbox.claim("clicks", "w1", 30) == []
    assert store.inbox.claim("drafts", "w1", 30)[0].payload == {"name": "ours"}


def test_a_reason_is_kept_without_personal_data(store):
    put(store.inbox, "k1")
    work = store.inbox.claim("clicks", "w1", 30)[0]

    store.inbox.fail(work.id, "ValueError: jo@mail.example is no number", retry_in_s=0)

    assert store.inbox.claim("clicks", "w1", 30)[0].error == "ValueError: [email] is no number"


def test_work_of_a_workspace_is_claimed_for_that_one_only(store):
    store.inbox.put("theirs", "click", "clicks", {}, team="T2")
    store.inbox.put("ours", "click", "clicks", {}, team="T1")
    store.inbox.put("anybody's", "click", "clicks", {})

    assert [work.key for work in store.inbox.waiting("clicks", "T1")] == ["ours", "anybody's"]
    assert keys(store.inbox.claim("clicks", "w1", 30, limit=9, team="T1")) == ["ours", "anybody's"]
    assert keys(store.inbox.claim("clicks", "w2", 30, limit=9)) == ["theirs"]


def test_what_was_done_long_ago_is_forgotten_with_its_key_and_nothing_else_is(store, watch):
    for key in ("done", "waiting", "parked"):
        store.inbox.put(key, "message", key, {})
    [done] = store.inbox.claim("done", "w1", 30)
    store.inbox.finish(done.id)
    for _ in range(5):
        [work] = store.inbox.claim("parked", "w1", 30)
        store.inbox.fail(work.id, "no", 0)
    watch.advance(60)

    assert store.inbox.forget(watch() - timedelta(seconds=61)) == 0
    assert store.inbox.forget(watch()) == 1

    assert [store.inbox.put(key, "message", key, {}) for key in ("done", "waiting", "parked")] == [True, False, False]


def test_a_thousand_are_forgotten_in_portions(store, watch):
    for number in range(1001):
        store.inbox.put(f"k{number}", "message", "events", {})
    for work in store.inbox.claim("events", "w1", 30, limit=2000):
        store.inbox.finish(work.id)
    watch.advance(1)

    assert [store.inbox.forget(watch()) for _ in range(4)] == [500, 500, 1, 0]
