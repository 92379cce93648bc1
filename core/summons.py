"""A summons: what the main thread waits for, and what a signal brings about whichever thread it reaches.

The system may hand a signal to any thread. Python runs handlers in the main thread, but a main thread that waits for a
lock or a queue is only woken by a signal that reaches it itself: on a busy machine it slept on for good. What every
thread can do from inside a signal is write into a pipe, so the main thread waits for a pipe.
"""

from __future__ import annotations

import os
import signal
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SIGNALS = (signal.SIGTERM, signal.SIGINT)
_AT_ONCE = 64


class Summons:
    """Comes once and stays, from any thread or signal handler."""

    def __init__(self) -> None:
        self._has_come = False
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        weakref.finalize(self, _close, self._read, self._write)

    def send(self) -> None:
        """Whoever waits, waits no more. May interrupt anything, also itself."""
        self._has_come = True
        with suppress(BlockingIOError):  # a full pipe wakes as well
            os.write(self._write, b"\0")

    def wait(self) -> None:
        """Return once it has come; in the main thread also run the handlers of all other signals meanwhile."""
        while not self._has_come:
            os.read(self._read, _AT_ONCE)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Meanwhile every signal that has a handler ends the sleep in `wait`. Only in the main thread."""
        before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(before)


@contextmanager
def summons_by_signals() -> Iterator[Summons]:
    """One that SIGTERM and Ctrl-C send, from the first moment on; afterwards they do what they did before."""
    summons = Summons()
    before = {number: signal.signal(number, lambda *_: summons.send()) for number in SIGNALS}
    try:
        with summons.heard():
            yield summons
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _close(*descriptors: int) -> None:
    for one in descriptors:
        os.close(one)
