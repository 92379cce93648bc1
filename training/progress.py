"""How far a training run is: a bar on a terminal, and a row in the database for everybody else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from core.registry.cycle import Phase
from core.store.store import Store

_EVERY_S = 2.0  # a row for every step would be a write for every step
_TITLES: dict[Phase, str] = {
    "data": "Reading what was said",
    "train": "Training the",
    "index": "Building the index",
    "evaluate": "Comparing on later cases",
    "register": "Registering",
    "challenge": "Putting it beside the champion",
    "over": "",
}


class Row:
    """Writes down the first step of each phase, and one every two seconds."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key
        self._told_s = 0.0
        self._last: tuple[Phase, str] | None = None

    def __call__(self, phase: Phase, doing: str, done: int, total: int) -> None:
        """One step."""
        now_s = time.monotonic()
        if (phase, doing) != self._last or now_s - self._told_s >= _EVERY_S:
            self._told_s, self._last = now_s, (phase, doing)
            self._store.cycles.report(self._key, phase, {"doing": doing, "done": done, "total": total})


class Bar:
    """One line for each phase, on a terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last: tuple[Phase, str] | None = None
        self._task: TaskID | None = None

    def __call__(self, phase: Phase, doing: str, done: int, total: int) -> None:
        """One step."""
        if self._task is None or (phase, doing) != self._last:
            title = f"{_TITLES[phase]} {doing}" if phase == "train" else _TITLES[phase]
            self._task, self._last = self._progress.add_task(title, total=None), (phase, doing)
        self._progress.update(self._task, completed=done, total=total or None)


@contextmanager
def drawn_bar() -> Iterator[Bar]:
    """On stderr; in a pipe nothing is drawn."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Bar(progress)
