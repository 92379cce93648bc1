"""What a workspace would not show is remembered for a week."""

from __future__ import annotations


def test_a_refusal_holds_for_a_week_and_for_its_workspace(store, watch):
    store.refusals.add("T1", "chart")
    watch.advance(24 * 3600)
    store.refusals.add("T1", "picture")
    store.refusals.add("T1", "picture")

    assert store.refusals.of("T1") == {"chart", "picture"}
    assert store.refusals.of("T2") == frozenset()

    watch.advance(6 * 24 * 3600)
    assert store.refusals.of("T1") == {"picture"}
    store.refusals.add("T1", "chart")
    assert store.refusals.of("T1") == {"chart", "picture"}
