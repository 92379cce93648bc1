"""Whose turn it is to change the knowledge base of a home: one process at a time, the others wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

LOCK_FILE = "ingest.lock"


@contextmanager
def knowledge_turn(home: Path, before_waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold the turn; where somebody else has it, call `before_waiting` and wait for them to be done."""
    lock = FileLock(home / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        before_waiting()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
