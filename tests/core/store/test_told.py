"""Nobody is asked more often than a day's budget, and nobody is told more often than once a week."""

from __future__ import annotations

from core.store import Store, make_engine

DAY_S, WEEK_S = 24 * 3600.0, 7 * 24 * 3600.0


def test_an_agent_is_asked_as_often_as_the_budget_says_and_then_again_a_day_later(store, watch):
    asked = [store.told.may_ask(f"work:{n}", "T1", "U_ANN", "C1", 2) for n in range(3)]
    assert asked == [True, True, False]
    assert store.told.may_ask("work:1", "T1", "U_ANN", "C1", 2)  # the same work, done once more
    assert store.told.may_ask("work:7", "T1", "U_ANN", "C2", 2)
    assert store.told.may_ask("work:8", "T1", "U_BEN", "C1", 2)
    assert not store.told.may_ask("work:9", "T1", "U_CY", "C1", 0)

    watch.advance(DAY_S)

    assert store.told.may_ask("work:10", "T1", "U_ANN", "C1", 2)


def test_what_was_counted_long_ago_is_forgotten(store, watch):
    store.told.may_ask("work:1", "T1", "U_ANN", "C1", 2)
    watch.advance(DAY_S)
    store.told.may_ask("work:2", "T1", "U_ANN", "C1", 2)

    assert store.told.forget(watch()) == 1


def test_an_agent_is_told_once_a_week_by_whichever_process_is_first(store, watch, database_url):
    engine = make_engine(database_url)
    another = Store(engine, watch)

    assert store.told.take_turn("T1", "U_ANN")
    assert not another.told.take_turn("T1", "U_ANN")
    assert not another.told.may_tell("T1", "U_ANN")
    assert store.told.news_told_at("T1", "U_ANN") == watch()
    watch.advance(WEEK_S)
    assert another.told.may_tell("T1", "U_ANN")
    assert another.told.take_turn("T1", "U_ANN")
    engine.dispose()


def test_who_has_switched_it_off_is_not_told_until_they_switch_it_on(store):
    assert store.told.wants_news("T1", "U_ANN")

    store.told.switch_news("T1", "U_ANN", is_wanted=False)

    assert not store.told.wants_news("T1", "U_ANN")
    assert not store.told.may_tell("T1", "U_ANN")
    assert not store.told.take_turn("T1", "U_ANN")
    assert store.told.wants_news("T2", "U_ANN")
    store.told.switch_news("T1", "U_ANN", is_wanted=True)
    assert store.told.take_turn("T1", "U_ANN")
