"""How a process that serves ends: it is told to, or it cannot go on; either way within ten seconds."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from typing import NoReturn

from core.summons import SIGNALS, Summons

log = logging.getLogger("aitl.ending")

# Whoever supervises us kills after ten seconds.
STOPPED_WITHIN_S = 9.0
# As long as it has not begun to serve, there is nothing to finish.
NOT_STARTED_WITHIN_S = 2.0
# Threads that were let go need a moment to end.
GONE_WITHIN_S = 0.5
OURS = "aitl-"


class Ending:
    """Comes once, from any thread or signal handler."""

    def __init__(self) -> None:
        self._news = Summons()
        self._over = threading.Event()
        self._reason: str | None = None
        self._is_serving = False

    def ask(self) -> None:
        """Somebody wants us to stop."""
        self._news.send()

    def give_up(self, sentence: str) -> None:
        """We cannot go on: `sentence` says why and what to do. The first one counts."""
        self._reason = self._reason or sentence
        self.ask()

    def hearing_signals(self) -> AbstractContextManager[None]:
        """Meanwhile signals reach `attend` whichever thread they come to."""
        return self._news.heard()

    @property
    def reason(self) -> str | None:
        """Why we gave up; None as long as we did not."""
        return self._reason

    def serve(self) -> None:
        """For the work that `attend` does, once it has started: return when it is to stop."""
        self._is_serving = True
        self._over.wait()

    def pause(self, seconds: float) -> None:
        """For work that goes in rounds: sleep, but not past the end."""
        self._is_serving = True
        self._over.wait(seconds)

    @property
    def is_over(self) -> bool:
        """True once the work is to stop."""
        return self._over.is_set()

    def attend(self, work: Callable[[], None]) -> int:
        """Do the work in a thread of its own until the end; the exit code: 0, or 1 where we gave up.

        This thread only waits, so that it hears signals whatever the work hangs in. What still hangs when its time
        is over is cut off with the process: all work is durable, and the next start does it.
        Raises what the work raises.
        """
        done: Future[None] = Future()
        done.add_done_callback(lambda _: self.ask())
        threading.Thread(target=_carry_out, args=(work, done), name="serve", daemon=True).start()
        self._news.wait()
        told = not done.done()
        self._over.set()
        error = _outcome(done, STOPPED_WITHIN_S if self._is_serving else NOT_STARTED_WITHIN_S)
        if error is not None and not told:
            raise error
        if self._reason is not None:
            print(self._reason, file=sys.stderr)
        elif error is not None:
            log.error("while stopping: %s: %s", type(error).__name__, error, exc_info=error)
        code = 0 if self._reason is None else 1
        busy = _still_at_work()
        if busy or not done.done():
            log.info("cut off: %s", ", ".join(busy) or "the start")
            _leave(code)
        return code


@contextmanager
def ending_on_signals() -> Iterator[Ending]:
    """An ending that SIGTERM and Ctrl-C bring about. Later ones change nothing, to the very end of the process.

    Leaving gives nothing back: the interpreter's own goodbye takes a while, and a signal would end it otherwise.
    """
    ending = Ending()
    for name in SIGNALS:
        signal.signal(name, lambda *_: ending.ask())
    try:
        with ending.hearing_signals():
            yield ending
    finally:
        for name in SIGNALS:
            signal.signal(name, signal.SIG_IGN)


def _carry_out(work: Callable[[], None], done: Future[None]) -> None:
    try:
        work()
    except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
        done.set_exception(error)
    else:
        done.set_result(None)


def _outcome(done: Future[None], within_s: float) -> BaseException | None:
    """What the work raised; None where it returned, or did not return in time."""
    try:
        return done.exception(within_s)
    except TimeoutError:
        return None


def _still_at_work() -> list[str]:
    """The names of our threads that do not end: in a model, in a call to Slack that hangs."""
    deadline_s = time.monotonic() + GONE_WITHIN_S
    ours = [thread for thread in threading.enumerate() if thread.name.startswith(OURS)]
    for thread in ours:
        thread.join(max(0.0, deadline_s - time.monotonic()))
    return sorted(thread.name for thread in ours if thread.is_alive())


def _leave(code: int) -> NoReturn:
    """Without the interpreter's own goodbye, which would wait for threads that hang, or crash in torch's."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
