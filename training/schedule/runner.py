"""Retrainings, one at a time: from what is asked for in the database to a process, and from its end back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.registry.cycle import Cycle
from core.retraining import Retraining
from core.store.store import Store
from training.schedule.child import LONGEST_S, Ended, TrainingProcess

# A retraining that takes its scheduler down with it (too little memory, say) would do so for ever.
MAX_ATTEMPTS = 3
INTERRUPTED = f"It was interrupted {MAX_ATTEMPTS} times before it was done."
DOING: Mapping[str, str] = {
    "data": "reading what was said",
    "train": "training",
    "index": "building the index",
    "evaluate": "comparing with the champion on later cases",
    "register": "registering",
    "challenge": "putting it beside the champion",
    "over": "",
}


class Runner:
    """For the leader only. `program`: what stands for `aitl`."""

    def __init__(
        self, store: Store, environ: Mapping[str, str], program: Sequence[str], longest_s: float = LONGEST_S
    ) -> None:
        self._store, self._environ, self._program, self._longest_s = store, environ, program, longest_s
        self._process: TrainingProcess | None = None
        self._key = ""

    def adopt(self) -> None:
        """What a leader before us had running has ended with it: it goes on, but not for ever."""
        left = self._store.retrainings.under_way()
        if self._process is None and left is not None and left.state == "running":
            if left.attempts >= MAX_ATTEMPTS:
                self._store.retrainings.fail(left.key, INTERRUPTED)
            else:
                self._store.retrainings.put_back(left.key)

    def turn(self) -> None:
        """Look after the one that runs, or begin the one that waits longest."""
        if self._process is None:
            self._begin(self._store.retrainings.under_way())
            return
        ended = self._process.ended()
        if ended is None:
            self._store.retrainings.progress(self._key, in_words(self._store.cycles.get(self._key)))
            return
        self._settle(ended)

    def drop(self) -> None:
        """Stop what runs, and leave it to whoever leads now."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def put_back(self) -> None:
        """Stop what runs; the next leader goes on with it."""
        if self._process is not None:
            self.drop()
            self._store.retrainings.put_back(self._key)

    def _begin(self, waiting: Retraining | None) -> None:
        if waiting is None or not self._store.retrainings.start(waiting.key):
            return
        self._key = waiting.key
        arguments = ("train", "--json", "--cycle-key", waiting.key)
        self._process = TrainingProcess(arguments, self._environ, self._program, self._longest_s)

    def _settle(self, ended: Ended) -> None:
        """Noted first: where the database does not answer, the next turn notes it."""
        if ended.failure:
            self._store.retrainings.fail(self._key, ended.failure)
        else:
            kept = ("verdict", "reason", "version", "next")
            self._store.retrainings.finish(self._key, {name: ended.outcome.get(name) for name in kept})
        self._process = None


def in_words(cycle: Cycle | None) -> str:
    """What a cycle does now, for a lead; "" where it has not begun."""
    if cycle is None:
        return ""
    doing = DOING.get(cycle.phase, cycle.phase)
    part, done, total = (cycle.progress.get(name) for name in ("doing", "done", "total"))
    if cycle.phase == "train" and part:
        doing = f"{doing} the {part}"
    # In tenths: Slack lets a message be changed about once a second, and others want to say something too.
    return f"{doing}, {10 * (10 * done // total)} %" if done and total else doing
