"""Nothing serves before its files are looked at and its index is there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from core.errors import NotPossible, UnknownBundle
from core.registry.bundle import Aliases, Bundle
from core.registry.deploy import Indexed, ask_nothing, promote, ready, roll_back


def indexed(note: Callable[[Bundle], object]) -> Indexed:
    """An index that is there as soon as it is asked for."""

    @contextmanager
    def hold(bundle: Bundle) -> Iterator[None]:
        note(bundle)
        yield

    return hold


NO_INDEX = indexed(lambda bundle: None)


def test_the_index_is_built_for_a_version_with_a_retriever_of_its_own(shelf):
    shelf.trained("retriever")
    shelf.trained("ranker")
    built: list[int] = []

    for version in (0, 1, 2):
        with ready(shelf.registry, version, indexed(lambda bundle: built.append(bundle.version))) as bundle:
            assert bundle.version == version

    assert built == [1]


def test_no_index_is_built_for_what_cannot_serve(shelf):
    shelf.trained("retriever")
    shutil.rmtree(shelf.models)
    built: list[int] = []
    index = indexed(lambda bundle: built.append(bundle.version))

    with pytest.raises(NotPossible, match="the files of its retriever"):
        promote(shelf.registry, 1, "U_LEAD", "", index, ask_nothing)
    with pytest.raises(UnknownBundle):
        promote(shelf.registry, 7, "U_LEAD", "", index, ask_nothing)

    assert built == []
    assert shelf.registry.aliases() == Aliases()


def test_a_version_is_promoted_once_its_index_is_there(shelf):
    shelf.trained("retriever")
    serving: list[int] = []

    assert promote(shelf.registry, 1, "U_LEAD", "", indexed(lambda _: serving.append(champion(shelf))), ask_nothing)
    assert not promote(shelf.registry, 1, "U_LEAD", "", NO_INDEX, ask_nothing)

    assert serving == [0]
    assert champion(shelf) == 1


def test_a_rollback_prepares_where_it_goes_first(shelf):
    for version in (1, 2):
        shelf.trained("retriever")
        shelf.registry.promote(version, "U_LEAD", "")
    built: list[tuple[int, int]] = []
    index = indexed(lambda bundle: built.append((bundle.version, champion(shelf))))

    assert roll_back(shelf.registry, "U_LEAD", "", index) == 1

    assert built == [(1, 2)]


def test_a_rollback_to_files_that_are_gone_changes_nothing(shelf):
    for version in (1, 2):
        shelf.trained("retriever")
        shelf.registry.promote(version, "U_LEAD", "")
    shutil.rmtree(shelf.models / "bundle-000001")

    with pytest.raises(NotPossible, match="Version 1 cannot serve"):
        roll_back(shelf.registry, "U_LEAD", "", NO_INDEX)

    assert champion(shelf) == 2


def test_who_is_overtaken_while_the_index_is_built_changes_nothing(shelf):
    for version in (1, 2, 3):
        shelf.trained("retriever")
        shelf.registry.promote(version, "U_LEAD", "")
    overtaken = indexed(lambda bundle: shelf.registry.rollback("U_OTHER", ""))

    with pytest.raises(NotPossible, match="Version 2 serves by now, not 3"):
        roll_back(shelf.registry, "U_LEAD", "", overtaken)

    assert champion(shelf) == 2


def test_there_is_nothing_before_what_ships_with_the_product(shelf):
    with pytest.raises(NotPossible, match="there is nothing to go back to"):
        roll_back(shelf.registry, "U_LEAD", "", NO_INDEX)


def champion(shelf) -> int:
    return shelf.registry.aliases().champion
