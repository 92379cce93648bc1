"""Files that nobody needs are removed, and never one that may serve again."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from core.errors import NotPossible
from core.registry.bundle import Aliases, NewBundle, PartRef
from core.registry.cleaning import forget_old_bundles
from core.registry.files import check_files

NOW = datetime.now(UTC)


def test_nothing_is_there_to_remove_at_first(shelf):
    assert forget_old_bundles(shelf.registry, shelf.models, NOW) == []


def test_the_newest_stay_and_so_do_those_that_serve_or_did_before(shelf):
    for _ in range(9):
        shelf.trained("ranker")
    shelf.registry.promote(1, "U_LEAD", "")
    shelf.registry.promote(2, "U_LEAD", "")
    shelf.registry.challenge(3, 0.5, "gate", "")

    removed = forget_old_bundles(shelf.registry, shelf.models, NOW, keep=4)

    assert removed == ["bundle-000004", "bundle-000005"]
    assert forget_old_bundles(shelf.registry, shelf.models, NOW, keep=4) == []
    assert shelf.registry.aliases() == Aliases(2, 3, 0.5)
    assert [bundle.version for bundle in shelf.registry.bundles()] == list(range(9, -1, -1))
    with pytest.raises(NotPossible, match="Version 4 cannot serve"):
        check_files(shelf.registry, shelf.registry.bundle(4))


def test_a_part_that_a_kept_version_took_over_stays(shelf):
    shelf.trained("retriever")
    shelf.trained("ranker", parent=1)

    assert forget_old_bundles(shelf.registry, shelf.models, NOW, keep=1) == []

    check_files(shelf.registry, shelf.registry.bundle(2))


def test_parts_that_stand_beside_each_other_are_removed_one_by_one(shelf):
    for name in ("ranker-00", "ranker-01", "retriever-00"):
        (shelf.models / name).mkdir(parents=True)
    for ranker in ("ranker-00", "ranker-01"):
        parts = {"ranker": PartRef(ranker, "ab" * 32), "retriever": PartRef("retriever-00", "cd" * 32)}
        shelf.registry.register(NewBundle(0, parts, "9f00", {}, "superior", ""), [])

    assert forget_old_bundles(shelf.registry, shelf.models, NOW, keep=1) == ["ranker-00"]


def test_what_a_crashed_cycle_left_goes_after_two_days_without_a_change(shelf):
    running, crashed, other = (shelf.models / name for name in ("ranker-00ff.work", "bundle-000008", "tiny-llama"))
    for folder in (running, crashed, other):
        (folder / "retriever.work").mkdir(parents=True)
        (folder / "retriever.work" / "checkpoint").write_text("half")
    long_ago_s = (NOW - timedelta(days=3)).timestamp()
    for path in (crashed / "retriever.work" / "checkpoint", crashed / "retriever.work", crashed, running, other):
        os.utime(path, (long_ago_s, long_ago_s))

    removed = forget_old_bundles(shelf.registry, shelf.models, NOW)

    assert removed == ["bundle-000008"]
    assert sorted(path.name for path in shelf.models.iterdir()) == ["ranker-00ff.work", "tiny-llama"]
