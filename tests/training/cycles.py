"""A home with sample cases that simulated agents have answered, and cycles over it without a model to load.

Run as a program it kills a cycle in one phase after the other:

    python tests/training/cycles.py HOME PHASE:STEP...
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.bootstrap import open_store
from core.bundles import Shared, assemble, make_shared
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from core.registry.bundle import MODELS_FOLDER, Part
from core.sample import sample_articles_dir, sample_cases
from core.settings import Settings
from core.store import Store
from training.bench.desk import BenchClock, Desk
from training.cycle import CycleOptions, Workshop, run_cycle
from training.evaluation.evaluate import EvaluationOptions
from training.parts import RECIPES, Recipe, Workbench
from training.trainers.ranker import RankerOptions, train_ranker

BEGINS = datetime(2026, 5, 4, 9, tzinfo=UTC)
LATER = datetime(2026, 8, 3, 3, tzinfo=UTC)
# As small as keeps every measure in play.
SMALL = CycleOptions(fewest_cases=8, evaluation=EvaluationOptions(searched=20, drafted=12))
EMBEDDER = HashedWordsEmbedder()
# The real response ranker, on vectors that need no model.
RANKER = replace(
    RECIPES["ranker"],
    train=lambda rows, base, job, options: train_ranker(rows, EMBEDDER, job, options),
    options=RankerOptions(shrinking=(0.003,), folds=2),
)


@dataclass
class Home:
    """An open home. `cycle` runs one cycle of it."""

    settings: Settings
    store: Store
    clock: BenchClock
    shared: Shared
    recipes: dict[Part, Recipe] = field(default_factory=lambda: {"ranker": RANKER})

    def work(self, first: int, count: int, **changes: Any) -> None:
        """So many sample cases, from that one on, are answered by the champion and annotated."""
        bundle = self.store.registry.bundle(self.store.registry.aliases().champion)
        suggester = assemble(self.settings, self.store, self.clock, bundle, self.shared)
        desk = Desk(self.store, suggester, EMBEDDER, self.clock, marks=2, done=first, **changes)
        desk.work(shuffled()[first : first + count])

    def cycle(self, parts: tuple[Part, ...] = ("ranker",), key: str = "", **changes: Any) -> Mapping[str, Any]:
        """Its outcome."""
        return run_cycle(self.workshop(**changes), parts, key)

    def workshop(self, **changes: Any) -> Workshop:
        """What a cycle is run with."""
        bench = Workbench(self.settings, self.settings.home / MODELS_FOLDER, recipes=self.recipes)
        made = Workshop(self.settings, self.store, self.clock, self.shared, bench, SMALL)
        return replace(made, **changes)

    def folders(self) -> list[str]:
        """The parts that lie among the models, finished or not."""
        models = self.settings.home / MODELS_FOLDER
        return sorted(path.name for path in models.iterdir() if path.is_dir()) if models.is_dir() else []


def shuffled() -> list[Any]:
    """The sample cases in another order, the same each time: the files are sorted by subject."""
    cases = sample_cases()
    random.Random(5).shuffle(cases)
    return cases


@contextmanager
def open_home(folder: Path, now: datetime = LATER, **environ: str) -> Iterator[Home]:
    """The home in that folder."""
    settings = Settings.from_environment({"AITL_HOME": str(folder), "AITL_RETRAIN_MIN_ANNOTATIONS": "20", **environ})
    clock = BenchClock(now)
    with open_store(settings, clock) as store:
        yield Home(settings, store, clock, make_shared(settings, store, EMBEDDER))


def make_home(folder: Path, cases: int) -> None:
    """Sample knowledge, and so many annotated cases."""
    with open_home(folder, BEGINS) as home:
        ingest_paths([sample_articles_dir()], home.settings, home.store, EMBEDDER)
        home.work(0, cases)


def killing(phase: str, step: int) -> Callable[[str, str, int, int], None]:
    """Kills this process at that step of that phase, as power cuts and the kernel do."""
    seen = 0

    def report(now: str, doing: str, done: int, total: int) -> None:
        nonlocal seen
        seen += now == phase
        if now == phase and seen > step:
            os.kill(os.getpid(), signal.SIGKILL)

    return report


def main() -> None:
    """For each PHASE:STEP one cycle in a process of its own that is killed there; then one that is not.

    Prints one JSON object for each: by which signal it ended, and what serves then.
    """
    folder = Path(sys.argv[1])
    for place in (*sys.argv[2:], "never:0"):
        phase, step = place.split(":")
        child = os.fork()  # what was imported is there already: an import of everything takes seconds
        if not child:
            with open_home(folder) as home:
                home.cycle(report=killing(phase, int(step)))
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        with open_home(folder) as home:
            unfinished = home.store.cycles.unfinished()
            said = [one.id for one in home.store.annotations.all("preference")]
            aliases = asdict(home.store.registry.aliases())
        print(json.dumps({"status": status, **aliases, "unfinished": unfinished is not None, "said": len(said)}))


if __name__ == "__main__":
    main()
