"""Who of this process's threads writes next: first those whom somebody waits for, then in the order they came.

SQLite lets one connection write at a time, and lets the others ask again after pauses that grow to a tenth of a second:
whoever asks at the wrong moment waits long after the lock is free. Threads that wait for each other here never do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from core.errors import StoreUnavailable


class WriteTurns:
    """Hands the right to write from thread to thread."""

    def __init__(self) -> None:
        self._lock = Lock()  # of all that follows
        self._is_taken = False
        self._hasty: deque[Lock] = deque()
        self._others: deque[Lock] = deque()

    @contextmanager
    def turn(self, *, hasty: bool, timeout_s: float) -> Iterator[None]:
        """Nobody else is inside at the same time. Not to be nested. Raises StoreUnavailable after `timeout_s`."""
        self._take(self._hasty if hasty else self._others, timeout_s)
        try:
            yield
        finally:
            self._hand_on()

    def _take(self, queue: deque[Lock], timeout_s: float) -> None:
        called = Lock()
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            called.acquire()
            queue.append(called)
        if called.acquire(timeout=timeout_s):
            return
        with self._lock:
            if called in queue:  # else it was handed on to us this very moment
                queue.remove(called)
                raise StoreUnavailable(
                    f"The database did not answer: another thread has been writing for {timeout_s:g} s. "
                    "Nothing was stored; try again."
                )

    def _hand_on(self) -> None:
        with self._lock:
            queue = self._hasty or self._others
            if queue:
                queue.popleft().release()
            else:
                self._is_taken = False
