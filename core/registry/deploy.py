"""Before an alias may point to a version: its files are whole, and the index it searches is there."""

from __future__ import annotations

from collections.abc import Callable

from core.registry.bundle import Bundle, Registry
from core.registry.files import check_files

BuildIndex = Callable[[Bundle], object]


def make_ready(registry: Registry, version: int, build_index: BuildIndex) -> Bundle:
    """The version, fit to serve from now on; takes as long as `build_index` does, so hold no transaction meanwhile.

    Raises UnknownBundle, and NotPossible where its files are not what was registered.
    """
    bundle = registry.bundle(version)
    check_files(registry, bundle)
    if "retriever" in bundle.parts:  # the index of version 0 is always there
        build_index(bundle)
    return bundle


def roll_back(registry: Registry, by: str, why: str, build_index: BuildIndex) -> int:
    """Back to the champion before, made ready first; returns it.

    Raises NotPossible where there is none, its files are not what was registered, or somebody changed the champion
    meanwhile.
    """
    leaving, target = registry.aliases().champion, registry.previous_champion()
    if target is not None:
        make_ready(registry, target, build_index)
    return registry.rollback(by, why, leaving)
