"""What happens to one search, one click and one page when knowledge and cases become many.

Small and large stand side by side in databases of their own and are asked by turns. Vectors and words are made up, and
questions are embedded by their words: no model is in these figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

from bot.bench.spread import Spread, spread_of
from bot.bench.synthetic_cases import fill_cases
from bot.bench.synthetic_knowledge import publish_synthetic, synthetic_questions
from bot.blocks.state import build_state
from bot.blocks.suggestion import build_suggestion
from bot.inbox import CLICKS
from core.bootstrap import open_store
from core.clock import utc_now
from core.feedback import Feedback, PreferenceChoice
from core.hashed_words import HashedWordsEmbedder
from core.knowledge_base import make_indexes, make_retriever
from core.redaction import redact
from core.settings import Settings
from core.solved_cases import SolvedCaseMemory
from core.store import Store
from core.values import SNIPPETS_RETRIEVED

_ASKED_ABOUT = 50  # of the newest cases, by turns
_CHOICES: tuple[PreferenceChoice, ...] = ("a3", "b3", "a1", "b1")

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measure:
    """One kind of work over knowledge or cases of growing number."""

    name: str
    sizes: tuple[int, ...]
    ms: tuple[Spread, ...]  # by size

    @property
    def ratio(self) -> float:
        """How many times as long it takes with the largest as with the smallest, p50."""
        return self.ms[-1].p50 / self.ms[0].p50

    @property
    def data_ratio(self) -> float:
        """How many times the data there is."""
        return self.sizes[-1] / self.sizes[0]


def measure_growth(folder: Path, snippets: Sequence[int], cases: Sequence[int], repeats: int) -> tuple[Measure, ...]:
    """`snippets` and `cases`: the sizes, smallest first."""
    with ExitStack() as stack:
        searches: dict[int, Work] = {}
        for size in snippets:
            settings, store = stack.enter_context(_opened(folder / f"snippets-{size}"))
            searches[size] = _search(settings, store, size)
        works: dict[int, dict[str, Work]] = {}
        for size in cases:
            _, store = stack.enter_context(_opened(folder / f"cases-{size}"))
            works[size] = _work_on_cases(store, size)
        on_cases = [
            _measured(name, {size: by_name[name] for size, by_name in works.items()}, repeats)
            for name in works[cases[0]]
        ]
        return _measured("a search for 75 snippets", searches, repeats), *on_cases


@contextmanager
def _opened(home: Path) -> Iterator[tuple[Settings, Store]]:
    settings = Settings(home=home, database_url=f"sqlite:///{home / 'aitl.db'}")
    with open_store(settings) as store:
        yield settings, store


def _search(settings: Settings, store: Store, size: int) -> Work:
    embedder = HashedWordsEmbedder()
    snippets = publish_synthetic(store, make_indexes(settings), embedder.version, embedder.dim, size)
    retriever = make_retriever(settings, store.knowledge, embedder)
    retriever.warm()
    questions = cycle(synthetic_questions(snippets, _ASKED_ABOUT))
    return lambda: retriever.search(next(questions), SNIPPETS_RETRIEVED)


def _work_on_cases(store: Store, size: int) -> dict[str, Work]:
    """What the bot does with the newest cases, by name."""
    embedder, feedback = HashedWordsEmbedder(), Feedback(store, utc_now, redact)
    fill_cases(store, size, (embedder.version, embedder.dim))
    memory = SolvedCaseMemory(store.solved, store.knowledge, embedder)
    memory.warm()
    cases = store.cases.recent(_ASKED_ABOUT)
    found = [store.suggestions.latest(case.id) for case in cases]
    ids, texts = cycle([one.id for one in found if one]), cycle([case.text for case in cases])
    numbers, choices = count(), cycle(_CHOICES)

    def render() -> None:
        suggestion_id = next(ids)
        build_suggestion(store.suggestions.get(suggestion_id), build_state(feedback.state(suggestion_id)))

    def take_in() -> None:
        store.inbox.put(f"bench:{next(numbers)}", "preference", CLICKS, {"user": "U_ANN"})
        for work in store.inbox.claim(CLICKS, "bench", lease_s=60):
            store.inbox.finish(work.id)

    return {
        "similar solved cases": lambda: memory.similar(next(texts), besides=""),
        "a click stored, claimed, finished": take_in,
        "a preference recorded": lambda: feedback.prefer(
            next(ids), "U_BEA", next(choices), "button", f"bench:{next(numbers)}"
        ),
        "a suggestion message rendered": render,
        "a case looked up by its id": lambda: store.cases.find(cases[0].team, cases[0].id),
    }


def _measured(name: str, works: Mapping[int, Work], repeats: int) -> Measure:
    """Each size once per round; the first round is not counted."""
    ms: dict[int, list[float]] = {size: [] for size in works}
    for _ in range(repeats + 1):
        for size, work in works.items():
            started_s = time.perf_counter()
            work()
            ms[size].append(1000 * (time.perf_counter() - started_s))
    return Measure(name, tuple(works), tuple(spread_of(values[1:]) for values in ms.values()))
