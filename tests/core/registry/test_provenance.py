"""What served a case, since when, let by whom, and taught by what."""

from __future__ import annotations

from dataclasses import replace

from core.registry.bundle import Event, NewBundle
from core.registry.provenance import Provenance, provenance
from tests.core.registry.shelf import drafted_by

NEW = NewBundle(0, {}, "9f00", {}, "superior", "It finds more.")


def test_a_version_is_told_with_who_let_it_serve_and_what_taught_it(world, store, watch):
    store.registry.register(NEW, ["ann_2", "ann_1"])
    store.registry.promote(1, "U_LEAD", "It is better.")
    promoted_at = watch()
    watch.advance(60)
    store.registry.promote(0, "U_LEAD", "")
    store.registry.promote(1, "U_OTHER", "Later than the drafts.")

    told = provenance(store.registry, replace(drafted_by(world.suggestion, "1"), created_at=promoted_at))

    assert told == [Provenance(1, Event(1, "promoted", promoted_at, "U_LEAD", "It is better."), ("ann_1", "ann_2"))]


def test_champion_and_challenger_are_both_told(world, store, watch):
    store.registry.register(NEW, ["ann_1"])
    store.registry.challenge(1, 0.5, "gate", "It may be better.")

    told = provenance(store.registry, drafted_by(world.suggestion, "0", "1"))

    assert told == [
        Provenance(0, None, ()),
        Provenance(1, Event(1, "challenger", watch(), "gate", "It may be better."), ("ann_1",)),
    ]


def test_drafts_from_before_there_were_versions_tell_nothing(world, store):
    assert provenance(store.registry, world.suggestion) == []
