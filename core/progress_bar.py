"""A progress bar on a terminal's stderr; nothing in a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Bar:
    """How much is done of how much. Draws nothing until there is something to do."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=None, visible=False)

    def another(self, title: str) -> Bar:
        """One more below it, for other work of the same command."""
        return Bar(self._progress, title)

    def __call__(self, done: int, total: int) -> None:
        self._progress.update(self._task, completed=done, total=total, visible=total > 0)


@contextmanager
def progress_bar(title: str, console: Console | None = None) -> Iterator[Bar]:
    """A bar that goes away when its work is done. `console`: where something else is said meanwhile."""
    console = console or Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        yield Bar(progress, title)
