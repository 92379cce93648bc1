"""One home in which a flywheel run lives: its knowledge, its cases, its models, opened with a clock that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.bootstrap import open_store
from core.bundles import Shared, assemble, bring_up, indexed, make_shared
from core.live_suggester import LiveSuggester
from core.ports import Embedder
from core.registry import deploy
from core.registry.bundle import BASE, Bundle
from core.settings import Settings
from core.store import Store
from core.suggest import Suggester
from core.values import Case, LostQuestion, Suggestion, Turn
from training.bench.desk import APART, BenchClock
from training.bench.flywheel.data import Query

BEGINS = datetime(2026, 1, 5, 9, tzinfo=UTC)
TEAM, CHANNEL, CUSTOMER = "T_FLYWHEEL", "C_CASES", "U_CUSTOMER"
_LOADS_WITHIN_S = 600.0  # nobody waits for an answer here: every case is answered by whoever is champion by then


@dataclass(frozen=True)
class Home:
    """The product's own parts on one folder."""

    settings: Settings
    store: Store
    shared: Shared
    clock: BenchClock
    suggester: LiveSuggester

    def opened(self, query: Query, number: int) -> Suggestion:
        """The case of that number, opened at its time and drafted for; as it was, where that was done before."""
        opened_at = self.clock.now = moment_of(number)
        case = self._case(query, number, opened_at)
        for known in self.store.suggestions.of_case(case.id):
            if known.revision == 1:
                return known
        suggestion = self.store.suggestions.add(self.suggester.suggest(case, 1, seed=number))
        self.store.suggestions.mark_posted(suggestion.id, CHANNEL, f"{number}.9", opened_at)
        return suggestion

    def examine(self, bundle: Bundle) -> Sequence[LostQuestion]:
        """The exam questions that this bundle would lose."""
        return deploy.exam_of(self.settings, self.store, self.clock, lambda: self.shared)(bundle)

    def champion(self) -> Suggester:
        """Whoever is champion now, ready to answer."""
        registry = self.store.registry
        bundle = registry.bundle(registry.aliases().champion)
        suggester = assemble(self.settings, self.store, self.clock, bundle, self.shared)
        suggester.warm()
        return suggester

    def promote(self, version: int, why: str) -> None:
        """Make it the champion now."""
        registry = self.store.registry
        index = lambda bundle: indexed(self.settings, self.store, bundle, self.shared)  # noqa: E731
        deploy.promote(registry, version, "flywheel", why, index, self.examine)

    def _case(self, query: Query, number: int, at: datetime) -> Case:
        turns = [Turn(one.role, one.text, f"{number}.{place:03}", at) for place, one in enumerate(query.turns)]
        with self.store.transaction():
            case, made = self.store.cases.open(TEAM, CHANNEL, turns[0].key, CUSTOMER, turns[0])
            for turn in turns[1:] if made else ():
                self.store.cases.add_turn(case.id, turn)
            return self.store.cases.get(case.id)


@contextmanager
def open_home(folder: Path, embedder: Embedder | None = None) -> Iterator[Home]:
    """The home in that folder, made where there is none. Loads no model yet. `embedder`: in place of what ships."""
    settings = Settings.from_environment({"AITL_HOME": str(folder)})
    clock = BenchClock(BEGINS)
    with open_store(settings, clock) as store:
        shared = make_shared(settings, store, embedder)
        base = assemble(settings, store, clock, store.registry.bundle(BASE), shared)
        live = LiveSuggester(
            store.registry,
            base,
            lambda bundle: bring_up(settings, store, clock, bundle, shared),
            patience_s=_LOADS_WITHIN_S,
        )
        yield Home(settings, store, shared, clock, live)


def moment_of(number: int) -> datetime:
    """When the case of that number is opened."""
    return BEGINS + number * APART
