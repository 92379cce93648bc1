"""`aitl bench latency`: every comparison inside one run, the parts one after the other."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.bench.acknowledgement import AckTimes, measure_acknowledgements
from bot.bench.bounds import Bound, bounds_of
from bot.bench.drafts import DraftTimes, measure_drafts
from bot.bench.encoder import EncoderTimes, measure_encoder
from bot.bench.growth import Measure, measure_growth
from bot.bench.scene import Scene, open_scene
from bot.bench.startup import StartTimes, measure_starts
from bot.bench.varied_knowledge import publish_varied
from core.adapters.cross_encoder import CrossEncoderReranker
from core.bootstrap import open_store
from core.knowledge.chunking import embedding_text
from core.knowledge_base import make_embedder
from core.sample import sample_cases
from core.store import Store

Say = Callable[[str], None]

WITH_CROSS_ENCODER, WITHOUT = "with a cross-encoder", "without"
_STRIDE = 7  # neighbours in the sample ask the same in other words


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    articles: int | None  # of the sample, for the whole loop; None takes all
    snippets: int  # of these and their variations
    cases: tuple[int, int]  # one after the other; with and without the cross-encoder, which takes most of the time
    flood: tuple[int, int]  # all at once, likewise
    in_flight: int
    clicks: int
    starts: int
    encoder_questions: int
    encoder_snippets: int
    encoder_repeats: int
    growth_snippets: tuple[int, ...]
    growth_cases: tuple[int, ...]
    growth_repeats: int


FULL = Plan(None, 10_000, (16, 42), (16, 40), 50, 300, 2, 80, 240, 8, (1_000, 10_000, 100_000), (1_000, 100_000), 40)
QUICK = Plan(8, 200, (3, 3), (2, 2), 3, 20, 1, 8, 40, 1, (100, 1_000), (50, 500), 5)


@dataclass(frozen=True)
class Results:
    """One run."""

    machine: Mapping[str, Any]
    plan: Plan
    snippets: int
    drafts: Mapping[str, DraftTimes]
    acknowledgement: AckTimes
    growth: tuple[Measure, ...]
    encoder: EncoderTimes
    start: StartTimes
    bounds: tuple[Bound, ...]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The same in plain values; what follows from others is written out."""
        growth = [asdict(one) | {"ratio": one.ratio, "data_ratio": one.data_ratio} for one in self.growth]
        return asdict(self) | {"growth": growth, "bounds": [asdict(one) | {"kept": one.kept} for one in self.bounds]}


@dataclass(frozen=True, slots=True)
class _Loop:
    """What is measured on the whole bot."""

    snippets: int
    drafts: Mapping[str, DraftTimes]
    acknowledgement: AckTimes
    encoder: EncoderTimes
    start: StartTimes


def measure_latency(plan: Plan, say: Say) -> Results:
    """Run all parts in a folder that is removed afterwards; `say` hears what is being done."""
    started_s = time.monotonic()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        loop = _measure_loop(plan, Path(folder), say)
        say("Growing knowledge and cases ...")
        growth = measure_growth(Path(folder), plan.growth_snippets, plan.growth_cases, plan.growth_repeats)
    bounds = bounds_of(loop.drafts[WITH_CROSS_ENCODER], loop.acknowledgement, loop.encoder, growth)
    return Results(
        machine=_machine(),
        plan=plan,
        snippets=loop.snippets,
        drafts=loop.drafts,
        acknowledgement=loop.acknowledgement,
        growth=growth,
        encoder=loop.encoder,
        start=loop.start,
        bounds=tuple(bounds),
        seconds=time.monotonic() - started_s,
    )


def _measure_loop(plan: Plan, folder: Path, say: Say) -> _Loop:
    texts = _questions(sum(plan.cases) + sum(plan.flood) + plan.in_flight)
    with open_scene(folder / "home") as scene, open_store(scene.settings) as store:
        say(f"Making a knowledge base of {plan.snippets} snippets ...")
        snippets = publish_varied(scene.settings, store, make_embedder(scene.settings), plan.snippets, plan.articles)
        say("The encoder, in 32 bits and in bfloat16 ...")
        read = [embedding_text(one) for one in store.knowledge.current_snippets()[: plan.encoder_snippets]]
        encoder = measure_encoder(_questions(plan.encoder_questions), read, plan.encoder_repeats)
        slow = CrossEncoderReranker.untrained(folder / "cross-encoder")
        say("Starts of the program ...")
        start = measure_starts(scene, texts[0], plan.starts)
        drafts = _measure_drafts(plan, scene, store, slow, texts, say)
        say(f"Acknowledgements with {plan.in_flight} cases in flight ...")
        busy = texts[-plan.in_flight :]
        acks = measure_acknowledgements(scene, store, slow.folder, busy, plan.clicks, plan.in_flight)
    return _Loop(snippets, drafts, acks, encoder, start)


def _measure_drafts(
    plan: Plan, scene: Scene, store: Store, slow: CrossEncoderReranker, texts: list[str], say: Say
) -> dict[str, DraftTimes]:
    found: dict[str, DraftTimes] = {}
    fresh = iter(texts)
    for place, (name, reranker) in enumerate(((WITH_CROSS_ENCODER, slow), (WITHOUT, None))):
        say(f"From case to drafts, {name} ...")
        cases, flood = list(islice(fresh, plan.cases[place])), list(islice(fresh, plan.flood[place]))
        found[name] = measure_drafts(scene, store, reranker, cases, flood)
    return found


def _questions(count: int) -> list[str]:
    """What customers of the sample write first, each once, by turns from all its parts; at most all of them."""
    firsts = list(dict.fromkeys(case.turns[0].text for case in sample_cases()))
    return [text for offset in range(_STRIDE) for text in firsts[offset::_STRIDE]][:count]


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "load_1min": os.getloadavg()[0],
    }
