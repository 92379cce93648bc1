"""Before an alias may point to a version: its files are whole, the index it searches is there, no article is lost.

Going back to the champion before asks no exam: what went wrong is to be over at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from core.bundles import Shared, assemble, indexed, make_shared
from core.clock import Clock
from core.errors import EmptyKnowledge, ExamNotPassed, IndexBroken, ModelUnavailable
from core.knowledge.exam import lost_of, search_alike, shown_by
from core.ports import Progress
from core.registry.bundle import Bundle, Registry
from core.registry.files import check_files
from core.settings import Settings
from core.store import Store
from core.values import LostQuestion

log = logging.getLogger("aitl.exam")

Indexed = Callable[[Bundle], AbstractContextManager[object]]
"""While it is held, the bundle's index is there and no ingest can take it away."""

Examine = Callable[[Bundle], Sequence[LostQuestion]]
"""The exam questions whose article the champion finds and this bundle, whose index is there, does not."""


def index_of(settings: Settings, store: Store, progress: Progress = lambda done, total: None) -> Indexed:
    """Builds the index where there is none, which takes as long as embedding every snippet."""
    return lambda bundle: indexed(settings, store, bundle, make_shared(settings, store), progress)


def exam_of(settings: Settings, store: Store, clock: Clock, make: Callable[[], Shared] | None = None) -> Examine:
    """Loads both bundles, but where there is no question to ask. `make`: what they share; None makes it anew.

    A champion that cannot be asked finds nothing and has nothing to lose; what ails the other one is raised.
    """

    def examine(bundle: Bundle) -> Sequence[LostQuestion]:
        questions = [one for one in store.exam.questions() if one.is_asked_for_real]
        if not questions:
            return []
        shared = make_shared(settings, store) if make is None else make()
        registry = store.registry
        then = assemble(settings, store, clock, bundle, shared)
        try:
            now = assemble(settings, store, clock, registry.bundle(registry.aliases().champion), shared)
            shown = [] if search_alike(now, then) else shown_by(questions, now)
        except (ModelUnavailable, IndexBroken, EmptyKnowledge) as error:
            log.warning("The exam was not asked, the champion finds nothing: %s", error)
            return []
        return lost_of(shown, then)

    return examine


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


def promote(registry: Registry, version: int, by: str, why: str, index: Indexed, examine: Examine) -> bool:
    """Make it the champion once it is ready; False where it is already.

    Raises as `ready` does, and ExamNotPassed where an article would be lost by it.
    """
    with ready(registry, version, index) as bundle:
        lost = examine(bundle)
        if lost:
            raise ExamNotPassed(lost)
        return registry.promote(version, by, why)


def ask_nothing(bundle: Bundle) -> Sequence[LostQuestion]:
    """The exam of somebody who promotes anyway."""
    return ()


def roll_back(registry: Registry, by: str, why: str, index: Indexed) -> int:
    """Back to the champion before, once it is ready; returns it.

    Raises as `ready` does, and NotPossible where there is none or somebody changed the champion meanwhile.
    """
    leaving, target = registry.aliases().champion, registry.previous_champion()
    if target is None:
        return registry.rollback(by, why, leaving)  # which says why not
    with ready(registry, target, index):
        return registry.rollback(by, why, leaving)
