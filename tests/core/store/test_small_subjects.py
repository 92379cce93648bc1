"""Channels, keys of our own, and moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from core.store import Store, make_engine
from core.store.marks import Mark
from core.values import Turn


def test_a_channel_is_watched_until_it_is_turned_off(store):
    store.channels.watch("T1", "C1", "U_LEAD")
    store.channels.watch("T1", "C1", "U_OTHER")
    store.channels.watch("T1", "C2", "U_LEAD")
    store.channels.watch("T2", "C3", "U_LEAD")

    store.channels.unwatch("T1", "C2")
    store.channels.unwatch("T1", "C9")

    assert store.channels.watched("T1") == {"C1"}
    assert store.channels.watched("T2") == {"C3"}
    assert store.channels.watched("T9") == set()


def test_a_mark_begins_when_it_is_first_set_and_only_moves_on(store):
    noon = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    store.marks.advance("T1", ["C1"], noon)
    store.marks.advance("T2", ["C1"], noon + timedelta(hours=9))

    store.marks.advance("T1", ["C1", "C2"], noon + timedelta(minutes=1))
    store.marks.advance("T1", ["C1"], noon - timedelta(minutes=5))

    assert store.marks.of("T1") == {
        "C1": Mark(noon, noon + timedelta(minutes=1)),
        "C2": Mark(noon + timedelta(minutes=1), noon + timedelta(minutes=1)),
    }
    assert store.marks.of("T9") == {}


def test_a_key_is_made_once_and_differs_by_purpose(store, database_url, watch):
    key = store.secrets.key("pseudonyms")
    engine = make_engine(database_url)

    from_another_process = Store(engine, watch).secrets.key("pseudonyms")
    engine.dispose()

    assert from_another_process == key
    assert len(key) == 32
    assert store.secrets.key("other") != key


def test_a_moment_of_any_zone_comes_back_in_utc(store):
    berlin = timezone(timedelta(hours=2))
    at = datetime(2026, 5, 4, 11, 30, 0, 123456, tzinfo=berlin)

    case, _ = store.cases.open("T1", "C1", "1.0", "U", Turn("customer", "Hello", "1.0", at))

    assert case.turns[0].at == datetime(2026, 5, 4, 9, 30, 0, 123456, tzinfo=UTC)
    assert case.turns[0].at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(store):
    with pytest.raises(StatementError, match="has no time zone"):
        store.cases.open("T1", "C1", "1.0", "U", Turn("customer", "Hello", "1.0", datetime(2026, 5, 4)))


def test_what_keeps_drafts_out_of_a_channel_is_news_once(store):
    assert store.channels.set_barrier("T1", "C1", "archived")
    assert not store.channels.set_barrier("T1", "C1", "archived")
    assert store.channels.set_barrier("T2", "C1", "left")
    assert store.channels.barriers("T1") == {"C1": "archived"}

    assert store.channels.set_barrier("T1", "C1", "")

    assert store.channels.barriers("T1") == {}
    assert not store.channels.set_barrier("T1", "C9", "")


def test_a_channel_with_a_new_id_takes_everything_along_in_its_own_workspace_only(world, store):
    store.channels.watch("T1", "C1", "U_LEAD")
    store.channels.watch("T2", "C1", "U_LEAD")
    there, _ = store.cases.open("T2", "C1", "1.0", "U", Turn("customer", "Hello", "1.0"))

    store.marks.advance("T1", ["C1"], datetime(2026, 5, 4, tzinfo=UTC))

    store.channels.rename("T1", "C1", "C2")
    store.channels.rename("T1", "C2", "C3")

    assert set(store.marks.of("T1")) == {"C3"}
    assert store.channels.watched("T1") == {"C3"}
    assert store.channels.renamed("T1", ["C1", "C9"]) == {"C2", "C3"}
    assert store.cases.get(world.case.id).channel == "C3"
    assert store.suggestions.posted(world.suggestion.id).channel == "C3"
    assert store.channels.watched("T2") == {"C1"}
    assert store.cases.get(there.id).channel == "C1"
    assert store.channels.renamed("T2", ["C1"]) == set()


def test_a_new_id_that_is_told_twice_changes_nothing_the_second_time(store, watch):
    store.channels.watch("T1", "C1", "U_LEAD")
    store.marks.advance("T1", ["C1"], watch())
    store.channels.rename("T1", "C1", "C2")
    known = store.marks.of("T1")
    watch.advance(60)
    store.marks.advance("T1", ["C1"], watch())

    store.channels.rename("T1", "C1", "C2")

    assert store.channels.watched("T1") == {"C2"}
    assert store.marks.of("T1") == known
    assert store.channels.renamed("T1", ["C1"]) == {"C2"}
