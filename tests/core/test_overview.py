"""What a lead is told of one period, read from the store at once."""

from __future__ import annotations

from core.metrics.summary import last_days
from core.overview import Missing, read_overview
from core.registry.bundle import NewBundle


def overview(store, watch, days=30, team="T1"):
    return read_overview(store, last_days(days, watch()), team)


def test_a_workspace_in_which_nothing_happened_is_empty(world, store, watch):
    watch.advance(1)

    assert overview(store, watch, team="T2").is_empty
    assert not overview(store, watch).is_empty
    watch.advance(8 * 24 * 3600)
    assert overview(store, watch, 7).is_empty


def test_reports_that_nobody_has_grouped_are_counted_by_their_words(new_world, store, watch):
    for number, words in enumerate(["Gift cards", "Vouchers", "Gift cards"], 1):
        world = new_world(f"{number}.0")
        world.feedback.report_gap(world.suggestion.id, "U_ANN", words, "missing", None, "modal", f"g{number}")
    watch.advance(1)

    assert overview(store, watch).missing == Missing(3, (("Gift cards", 2), ("Vouchers", 1)))


def test_a_gap_stands_with_its_name_and_its_cases(new_world, store, watch):
    reports = []
    for number in (1, 2):
        world = new_world(f"{number}.0")
        said = world.feedback.report_gap(world.suggestion.id, "U_ANN", "Cards", "missing", None, "modal", f"g{number}")
        reports.append(said.id)
    store.gaps.join(reports, "gap_1", "T1")
    store.gaps.rename("gap_1", "Gift cards", "U_LEA")
    watch.advance(1)

    assert overview(store, watch).missing == Missing(2, (("Gift cards", 2),))


def test_versions_and_retrainings_are_told_of(world, store, watch):
    store.cycles.begin("c1", ["ranker"], 0, "host", 1)
    store.cycles.finish("c1", "registered", {"version": 1, "reason": "Better."})
    store.registry.register(NewBundle(0, {}, "9f00", {}, "superior", "Better."), [])
    store.registry.promote(1, "U_LEA", "")

    seen = overview(store, watch)

    assert [one.version for one in seen.served] == [0, 1]
    assert [one.outcome["reason"] for one in seen.cycles] == ["Better."]
    assert seen.sentences[2] == "Version 1 has answered since 4 May 2026, version 0 before it."
