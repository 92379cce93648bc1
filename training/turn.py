"""One training run at a time on one home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from core.errors import NotPossible
from core.registry.cycle import Cycle

LOCK_FILE = "train.lock"
# A process on another machine that has said nothing for so long is dead: between two steps pass seconds.
SILENT = timedelta(minutes=15)


@contextmanager
def training_turn(home: Path, running: Cycle | None) -> Iterator[None]:
    """Hold the turn; a killed process holds it no more. `running`: the cycle that is not over, if there is one.

    Raises NotPossible where another process on this machine trains.
    """
    lock = FileLock(home / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        since = f" since {running.started_at:%Y-%m-%d %H:%M} UTC" if running else ""
        raise NotPossible(
            f"A training run is going on already{since}; wait until it is done, or stop it first."
        ) from None
    try:
        yield
    finally:
        lock.release()


def refuse_beside_another_machine(cycle: Cycle, host: str, now: datetime) -> None:
    """Raises NotPossible where a process on another machine, with another home, is still at this cycle."""
    if cycle.host != host and now - cycle.seen_at < SILENT:
        raise NotPossible(
            f"A training run is going on already on {cycle.host} since {cycle.started_at:%Y-%m-%d %H:%M} UTC; "
            "wait until it is done, or stop it first."
        )
