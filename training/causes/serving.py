"""Who replays a suggestion: the version that drafted it while that one serves or would after a rollback, else the
champion. Others may have neither files nor an index any more.
"""

from __future__ import annotations

from functools import cache

from core.bundles import Shared, assemble
from core.clock import Clock
from core.settings import Settings
from core.store.store import Store
from core.suggest import Suggester
from training.causes.round import Answers


def make_answers(settings: Settings, store: Store, clock: Clock, shared: Shared) -> Answers:
    """Each version is put together once, when it is first asked for; no model is loaded before."""
    aliases = store.registry.aliases()
    at_hand = {str(one) for one in (aliases.champion, aliases.challenger, store.registry.previous_champion())}

    @cache
    def of(version: int) -> Suggester:
        return assemble(settings, store, clock, store.registry.bundle(version), shared)

    return lambda bundle: of(int(bundle) if bundle in at_hand else aliases.champion)
