"""Days are counted once and kept; whatever changes them afterwards has them counted again, also in a race."""

from __future__ import annotations

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import delete, event, func, select

from core.judge.ruling import Ruling
from core.knowledge.gaps import IndexCheck
from core.store.tables import AnnotationRow, ChangedDayRow, CountedDayRow
from tests.core.metrics.obvious import in_order, obvious

CHANGES = {
    "withdrawn": lambda one, store, watch: one.feedback.withdraw("prefer"),
    "replaced": lambda one, store, watch: one.feedback.prefer(one.suggestion.id, "U_ANN", "b3", "button", "later"),
    "cleared": lambda one, store, watch: one.feedback.mark(one.suggestion.id, "U_ANN", 1, "clear", "button", "later"),
    "a late click": lambda one, store, watch: one.feedback.mark(
        one.suggestion.id, "U_BEN", 2, "outdated", "button", "later", at=watch() - timedelta(days=2)
    ),
    "own reply confirmed": lambda one, store, watch: one.feedback.confirm("own", "U_BEN"),
    "ruled": lambda one, store, watch: store.rulings.add(
        store.annotations.by_key("prefer").id, Ruling("held", 0.0), "judge"
    ),
    "case withdrawn": lambda one, store, watch: store.cases.withdraw(one.case.id),
    "drafts withdrawn": lambda one, store, watch: store.suggestions.retire(one.suggestion.id, "withdrawn"),
    "reply posted": lambda one, store, watch: store.replies.mark_posted("adopt", "C1", "9.9", watch()),
    "report checked": lambda one, store, watch: store.gaps.keep_check(
        store.annotations.by_key("report").id, IndexCheck("article-1", None, "0", watch())
    ),
}


@pytest.fixture
def one(new_world, watch):
    """A case on Monday about which much was said; two days later."""
    world = new_world("1.0")
    say, of = world.feedback, world.suggestion.id
    watch.advance(60)
    say.prefer(of, "U_ANN", "a2", "button", "prefer")
    say.mark(of, "U_ANN", 1, "helpful", "button", "mark")
    say.adopt(of, "U_ANN", "a", "button", "adopt")
    say.report_gap(of, "U_ANN", "More", "exists_not_found", None, "modal", "report")
    say.own_reply(world.case.id, "U_BEN", "On its way.", "own")
    watch.advance(2 * 86400)
    return world


def counted(store, watch):
    return store.metrics.counted(watch() - timedelta(days=5), watch(), "T1")


def right(store, watch):
    return in_order(obvious(store, watch() - timedelta(days=5), watch(), "T1"))


def number(store, table):
    with store.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # random histories are for both
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_after_the_day_was_over_has_it_counted_again(one, store, watch, change):
    before = in_order(counted(store, watch))

    change(one, store, watch)

    assert in_order(counted(store, watch)) == right(store, watch) != before
    assert number(store, ChangedDayRow) == 0


def test_a_reply_that_is_undone_after_midnight_does_not_count(one, store, watch):
    store.replies.mark_posted("adopt", "C1", "9.9", one.case.created_at + timedelta(seconds=90))
    assert counted(store, watch).reply_s == (90.0,)

    store.replies.mark_undone("adopt")

    assert counted(store, watch).reply_s == ()


def test_drafts_that_are_posted_the_next_day_count_on_the_day_of_their_case(one, store, watch):
    drafts = store.suggestions.latest(one.case.id)
    late = one.revise()
    assert counted(store, watch).drafted == 1

    store.cases.withdraw(one.case.id)
    assert (counted(store, watch).drafted, drafts.revision, late.revision) == (0, 1, 2)


def test_what_was_forgotten_still_counts(one, store, watch):
    before = in_order(counted(store, watch))

    store.forgetting.forget(watch(), 10)

    assert in_order(counted(store, watch)) == right(store, watch) == before


def test_a_day_that_is_kept_is_not_looked_up_again_and_today_is_never_kept(one, store, watch):
    first = in_order(counted(store, watch))
    with store.engine.begin() as connection:
        connection.execute(delete(AnnotationRow).where(AnnotationRow.key == "prefer"))  # past the store

    assert in_order(counted(store, watch)) == first != right(store, watch)
    assert number(store, CountedDayRow) == 2  # Monday and Tuesday


def test_days_are_counted_ahead_a_few_at_a_time(one, store, watch):
    watch.advance(3 * 86400)

    assert [store.metrics.keep_days(2) for _ in range(4)] == [2, 2, 1, 0]
    assert number(store, CountedDayRow) == 5


def test_whoever_counted_an_older_state_does_not_replace_a_newer_one(one, store, watch):
    counted(store, watch)
    one.feedback.withdraw("prefer")

    others = []

    def meanwhile(connection, cursor, statement, *_):
        if "FROM annotations" in statement and not others:
            others.append(Thread(target=lambda: (one.feedback.withdraw("mark"), counted(store, watch))))
            others[0].start()
            others[0].join()

    event.listen(store.engine, "before_cursor_execute", meanwhile)
    counted(store, watch)

    assert len(others) == 1
    assert in_order(counted(store, watch)) == right(store, watch)
