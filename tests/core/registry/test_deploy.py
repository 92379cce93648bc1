"""Nothing serves before its files are looked at and its index is there."""

from __future__ import annotations

import shutil

import pytest

from core.errors import NotPossible, UnknownBundle
from core.registry.bundle import Aliases
from core.registry.deploy import make_ready, roll_back


def test_the_index_is_built_for_a_version_with_a_retriever_of_its_own(shelf):
    shelf.trained("retriever")
    shelf.trained("ranker")
    built: list[int] = []

    for version in (0, 1, 2):
        make_ready(shelf.registry, version, lambda bundle: built.append(bundle.version))

    assert built == [1]


def test_no_index_is_built_for_what_cannot_serve(shelf):
    shelf.trained("retriever")
    shutil.rmtree(shelf.models)
    built: list[int] = []

    with pytest.raises(NotPossible, match="the files of its retriever"):
        make_ready(shelf.registry, 1, lambda bundle: built.append(bundle.version))
    with pytest.raises(UnknownBundle):
        make_ready(shelf.registry, 7, lambda bundle: built.append(bundle.version))

    assert built == []


def test_a_rollback_prepares_where_it_goes_first(shelf):
    shelf.trained("retriever")
    shelf.trained("retriever")
    shelf.registry.promote(1, "U_LEAD", "")
    shelf.registry.promote(2, "U_LEAD", "")
    serving: list[tuple[int, int]] = []

    champion = roll_back(
        shelf.registry,
        "U_LEAD",
        "",
        lambda bundle: serving.append((bundle.version, shelf.registry.aliases().champion)),
    )

    assert champion == 1
    assert serving == [(1, 2)]


def test_a_rollback_to_files_that_are_gone_changes_nothing(shelf):
    shelf.trained("retriever")
    shelf.trained("retriever")
    shelf.registry.promote(1, "U_LEAD", "")
    shelf.registry.promote(2, "U_LEAD", "")
    shutil.rmtree(shelf.models / "bundle-000001")

    with pytest.raises(NotPossible, match="Version 1 cannot serve"):
        roll_back(shelf.registry, "U_LEAD", "", lambda bundle: None)

    assert shelf.registry.aliases() == Aliases(champion=2)


def test_who_is_overtaken_while_the_index_is_built_changes_nothing(shelf):
    for version in (1, 2, 3):
        shelf.trained("retriever")
        shelf.registry.promote(version, "U_LEAD", "")

    with pytest.raises(NotPossible, match="Version 2 serves by now, not 3"):
        roll_back(shelf.registry, "U_LEAD", "", lambda bundle: shelf.registry.rollback("U_OTHER", ""))

    assert shelf.registry.aliases() == Aliases(champion=2)


def test_there_is_nothing_before_what_ships_with_the_product(shelf):
    with pytest.raises(NotPossible, match="there is nothing to go back to"):
        roll_back(shelf.registry, "U_LEAD", "", lambda bundle: None)
