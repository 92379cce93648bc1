"""The live generation, kept open: a newer one is opened beside it, and searches go on in the old one meanwhile."""

from __future__ import annotations

import logging
from concurrent.futures import Future, wait
from threading import Lock, Thread

from core.errors import EmptyKnowledge
from core.ports import Embedder
from core.retrieval.generation import MakeLexicalIndex, OpenGeneration, OpensIndexes, PublishedKnowledge, open_live

log = logging.getLogger("aitl.retrieval")

# A small knowledge base is open in less than this, so that a search right after an ingest sees what is new.
PATIENCE_S = 1.0


class LiveGeneration:
    """Opens what the pointer names, and notices when it moves. Safe from several threads."""

    def __init__(
        self,
        knowledge: PublishedKnowledge,
        indexes: OpensIndexes,
        make_lexical: MakeLexicalIndex,
        embedder: Embedder,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """`embedder`: what encodes the queries; the pointer of its version is followed.

        `patience_s`: how long the search that notices a newer generation waits for it; others do not wait.
        """
        self._knowledge, self._indexes, self._make_lexical = knowledge, indexes, make_lexical
        self._embedder = embedder
        self._patience_s = patience_s
        self._open: OpenGeneration | None = None
        self._opening: Future[OpenGeneration] | None = None
        self._lock = Lock()

    def get(self) -> OpenGeneration:
        """The live generation, or the one before as long as the live one is still being opened.

        Where none is open yet it waits. Raises EmptyKnowledge if there is nothing to search, IndexBroken where the
        index is unusable or there is none for this embedder.
        """
        pointed = self._knowledge.pointer(self._embedder.version)
        with self._lock:
            before = self._open
            if before is not None and before.record == pointed:
                return before
            begun = self._opening is None
            opening = self._opening or self._begin()
        if before is None:
            return opening.result()
        finished = begun and wait([opening], self._patience_s).done
        return opening.result() if finished else before

    def forget(self) -> None:
        """What is open is gone: the next call opens anew."""
        with self._lock:
            self._open = None

    def _begin(self) -> Future[OpenGeneration]:
        # A thread of its own, and none that is waited for at the end: opening much knowledge takes long.
        opening: Future[OpenGeneration] = Future()
        self._opening = opening
        Thread(target=self._run, args=(opening,), name="aitl-open-index", daemon=True).start()
        return opening

    def _run(self, opening: Future[OpenGeneration]) -> None:
        try:
            opened = open_live(self._knowledge, self._indexes, self._make_lexical, self._embedder.version)
        except Exception as error:
            if not isinstance(error, EmptyKnowledge):  # before the first ingest there is nothing to open: no fault
                log.warning("the live index could not be opened: %s", error, exc_info=log.isEnabledFor(logging.DEBUG))
            self._end(self._open)
            opening.set_exception(error)  # whoever waits raises it
        else:
            self._end(opened)
            opening.set_result(opened)

    def _end(self, opened: OpenGeneration | None) -> None:
        with self._lock:
            self._open, self._opening = opened, None
