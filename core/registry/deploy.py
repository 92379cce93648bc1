"""Before an alias may point to a version: its files are whole, and the index it searches is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from core.bundles import indexed, make_shared
from core.ports import Progress
from core.registry.bundle import Bundle, Registry
from core.registry.files import check_files
from core.settings import Settings
from core.store import Store

Indexed = Callable[[Bundle], AbstractContextManager[object]]
"""While it is held, the bundle's index is there and no ingest can take it away."""


def index_of(settings: Settings, store: Store, progress: Progress = lambda done, total: None) -> Indexed:
    """Builds the index where there is none, which takes as long as embedding every snippet."""
    return lambda bundle: indexed(settings, store, bundle, make_shared(settings, store), progress)


@contextmanager
def ready(registry: Registry, version: int, index: Indexed) -> Iterator[Bundle]:
    """While this is held the version is fit to serve: flip the aliases inside. Enter it outside of transactions.

    Raises UnknownBundle, NotPossible where its files are not what was registered, ModelUnavailable, IndexBroken.
    """
    bundle = registry.bundle(version)
    check_files(registry, bundle)
    is_searched_alike = "retriever" not in bundle.parts  # as version 0, whose index is always there
    with nullcontext() if is_searched_alike else index(bundle):
        yield bundle


def promote(registry: Registry, version: int, by: str, why: str, index: Indexed) -> bool:
    """Make it the champion once it is ready; False where it is already. Raises as `ready` does."""
    with ready(registry, version, index):
        return registry.promote(version, by, why)


def roll_back(registry: Registry, by: str, why: str, index: Indexed) -> int:
    """Back to the champion before, once it is ready; returns it.

    Raises as `ready` does, and NotPossible where there is none or somebody changed the champion meanwhile.
    """
    leaving, target = registry.aliases().champion, registry.previous_champion()
    if target is None:
        return registry.rollback(by, why, leaving)  # which says why not
    with ready(registry, target, index):
        return registry.rollback(by, why, leaving)
