"""What is to be done again and again beside training: rounds by name, in one thread, one after the other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from threading import Lock, Thread

log = logging.getLogger("aitl.schedule")

Rounds = Mapping[str, Callable[[], object]]


class Upkeep:
    """A round that fails is logged and comes again with the next bell; one that waits already is not doubled."""

    def __init__(self, rounds: Rounds) -> None:
        self._rounds = rounds
        self._lock, self._waiting = Lock(), set[str]()
        self._rung: SimpleQueue[str | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="aitl-upkeep", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def ring_all(self) -> None:
        """Every round is due."""
        for name in self._rounds:
            self.ring(name)

    def ring(self, name: str) -> None:
        """This round is due."""
        with self._lock:
            if name in self._waiting:
                return
            self._waiting.add(name)
        self._rung.put(name)

    def stop(self, within_s: float) -> None:
        """No further round; waits so long for the one at hand."""
        self._rung.put(None)
        self._thread.join(within_s)

    def _run(self) -> None:
        while (name := self._rung.get()) is not None:
            with self._lock:
                self._waiting.discard(name)
            try:
                self._rounds[name]()
            except Exception:  # whatever it was, the other rounds are done
                log.exception("the round %r failed", name)
