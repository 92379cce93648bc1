"""Replies: one per adoption, as written until posted, redacted from then on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import UnknownAnnotation
from core.replies import HeldReply, Reply

WORDS = "Write to jo@mail.example."


def reply(world, key="k1", **more):
    return Reply(f"reply_{key}", world.case.id, world.suggestion.id, key, "U_ANN", WORDS, **more)


def held(world, key="k1"):
    return HeldReply(
        id=f"held_{key}",
        case_id=world.case.id,
        suggestion_id=world.suggestion.id,
        agent_id="U_BEN",
        slot="a",
        final=WORDS,
        reasons=("tone", "other"),
        rationale="shorter",
        source="modal",
        key=key,
    )


def test_the_words_are_kept_as_written_until_they_are_posted(world, store, watch):
    waiting = store.replies.add(reply(world))

    posted = store.replies.mark_posted("k1", "C1", "5.0", watch())

    assert (waiting.text, waiting.state) == (WORDS, "pending")
    assert (posted.text, posted.state) == ("Write to [email].", "posted")
    assert store.replies.by_message("T1", "C1", "5.0") == posted
    assert store.replies.of_case(world.case.id) == [posted]


def test_an_adoption_has_one_reply(world, store):
    first = store.replies.add(reply(world))

    assert store.replies.add(Reply("reply_2", world.case.id, None, "k1", "U_BEN", "Other words")) == first


def test_a_reply_undone_before_it_was_posted_stays_undone(world, store, watch):
    store.replies.add(reply(world))
    store.replies.mark_undone("k1")

    posted = store.replies.mark_posted("k1", "C1", "5.0", watch())

    assert (posted.state, posted.text) == ("undone", "Write to [email].")
    assert store.replies.by_message("T1", "C1", "5.0") == posted


def test_the_first_report_of_posting_wins(world, store, watch):
    store.replies.add(reply(world))
    store.replies.mark_posted("k1", "C1", "5.0", watch())

    assert store.replies.mark_posted("k1", "C1", "6.0", watch() + timedelta(seconds=9)).ts == "5.0"


def test_an_unknown_reply_is_an_error(store, watch):
    assert store.replies.by_key("nope") is None
    with pytest.raises(UnknownAnnotation):
        store.replies.mark_undone("nope")
    with pytest.raises(UnknownAnnotation):
        store.replies.mark_posted("nope", "C1", "5.0", watch())


def test_a_held_reply_is_taken_once(world, store):
    store.held_replies.add(held(world))

    taken = [store.held_replies.take("held_k1") for _ in range(2)]

    assert taken == [held(world), None]
    assert store.held_replies.get("held_k1") is None
    assert store.held_replies.by_key("k1").final == ""


def test_a_click_holds_one_reply(world, store):
    store.held_replies.add(held(world))

    again = store.held_replies.add(held(world))

    assert again == held(world)
    assert store.held_replies.get("held_k1") == held(world)


def test_held_words_are_forgotten_after_a_while(world, store, watch):
    store.held_replies.add(held(world, "old"))
    watch.advance(3600)
    store.held_replies.add(held(world, "new"))

    assert store.held_replies.purge(watch() - timedelta(minutes=30)) == 1
    assert store.held_replies.take("held_old") is None
    assert store.held_replies.take("held_new") is not None


def test_a_reply_that_was_never_posted_is_given_up_after_a_while(world, store, watch):
    store.replies.add(reply(world, "old"))
    watch.advance(3600)
    store.replies.add(reply(world, "new"))

    given_up = store.replies.purge(watch() - timedelta(minutes=30))

    assert [(one.adoption_key, one.text, one.state) for one in given_up] == [("old", "Write to [email].", "undone")]
    assert store.replies.by_key("old") == given_up[0]
    assert store.replies.by_key("new").text == WORDS
