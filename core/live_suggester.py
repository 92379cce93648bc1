"""The suggester of a running process: whoever the aliases name answers, and a change of them loses no case.

A bundle that the aliases newly name is loaded beside the ones that serve, tried out, and only then put in their place.
Cases that are being answered finish with what they began with; a bundle is let go with the last of them.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from threading import Lock, Thread

from core.challenge import NoContest, suggest_together
from core.errors import EmptyKnowledge
from core.ports import Embedder
from core.registry.bundle import Aliases, Bundle, Registry
from core.suggest import Suggester
from core.values import Case, Suggestion

log = logging.getLogger("aitl.bundles")

# A bundle of the size of the packaged models is loaded in less than this: the case that notices the change waits so
# long for the new one, so that after a promotion or a rollback the next suggestion comes from it.
PATIENCE_S = 5.0
RETRY_S = 60.0  # what could not be loaded is tried again; until then it costs nothing


class _NotLoaded(Exception):
    """Says why a version cannot answer."""


@dataclass(frozen=True)
class _Serving:
    """What the aliases say, as far as it could be loaded. `fault`: why the rest could not, in a sentence."""

    aliases: Aliases
    champion: Suggester
    challenger: Suggester | None = None
    fault: str = ""
    retry_at_s: float = math.inf  # on the monotonic clock


@dataclass
class LiveSuggester:
    """Champion, and beside it on its share of the cases the challenger. Safe from several threads.

    `base`: version 0, which answers where no other can be loaded. `load`: makes a bundle that is ready to answer;
    called in a thread of its own, may take long and may raise.
    """

    registry: Registry
    base: Suggester
    load: Callable[[Bundle], Suggester]
    patience_s: float = PATIENCE_S
    retry_s: float = RETRY_S
    seeds: random.Random = field(default_factory=random.SystemRandom)

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._serving: _Serving | None = None  # until the first look
        self._loading: Future[None] | None = None
        self._untold: list[str] = []

    @property
    def embedder(self) -> Embedder:
        """The settings' own, which all bundles share."""
        return self.base.embedder

    @property
    def bundle(self) -> str:
        """The version of the champion that serves."""
        return self.champion.bundle

    @property
    def champion(self) -> Suggester:
        """The one that serves."""
        return self._current().champion

    def warm(self) -> None:
        """Load what the aliases name now, so that the first case does not wait for it."""
        self._current().champion.warm()

    def refresh(self) -> str | None:
        """Look whether the aliases have changed, and begin to load what they name; waits for nothing.

        Why a version could not be loaded, once for each failure; None while there is nothing to tell.
        """
        self._look()
        with self._lock:
            return self._untold.pop(0) if self._untold else None

    def suggest(self, case: Case, revision: int, seed: int | None = None) -> Suggestion:
        """Two candidates for the conversation as it stands: both by the champion, or one by each.

        Raises EmptyKnowledge where there is nothing to answer from.
        """
        seed = self.seeds.getrandbits(32) if seed is None else seed
        now = self._current()
        if now.challenger is not None and random.Random(f"{seed}:share").random() < now.aliases.share:
            try:
                return suggest_together(now.champion, now.challenger, case, revision, seed)
            except EmptyKnowledge:
                raise
            except NoContest as reason:
                log.info("version %s answers %s alone: %s", now.champion.bundle, case.id, reason)
            except Exception:  # whatever is wrong with a challenger, the case is answered
                log.exception("version %s answers %s alone", now.champion.bundle, case.id)
        return now.champion.suggest(case, revision, seed)

    def _current(self) -> _Serving:
        """What serves now. Who notices a change waits for it for a while; before anything serves, everybody waits."""
        loading, noticed = self._look()
        if loading is not None and self._serving is None:
            loading.result()
        elif loading is not None and noticed:
            wait([loading], self.patience_s)
        with self._lock:
            assert self._serving is not None, "loading ends with something that serves"
            return self._serving

    def _look(self) -> tuple[Future[None] | None, bool]:
        """What is being loaded, if anything, and whether that began with this call."""
        aliases = self.registry.aliases()
        with self._lock:
            if self._loading is not None:
                return self._loading, False
            before = self._serving
            if before and before.aliases == aliases and time.monotonic() < before.retry_at_s:
                return None, False
            at_hand = self._at_hand()
            if {aliases.champion, aliases.challenger} - {None} <= at_hand.keys():
                challenger = None if aliases.challenger is None else at_hand[aliases.challenger]
                self._serving = _Serving(aliases, at_hand[aliases.champion], challenger)
                return None, False
            loading = self._loading = Future[None]()
        # A thread of its own, and none that is waited for at the end: building an index takes long.
        Thread(target=self._run, args=(aliases, loading), name="aitl-load-bundle", daemon=True).start()
        return loading, True

    def _at_hand(self) -> dict[int | None, Suggester]:
        """What is loaded, by version."""
        serving = (self._serving.champion, self._serving.challenger) if self._serving else ()
        return {one.version: one for one in (self.base, *serving) if one is not None}

    def _run(self, aliases: Aliases, loading: Future[None]) -> None:
        try:
            loaded = self._loaded(aliases)
            with self._lock:
                self._serving = loaded
                if loaded.fault:
                    self._untold.append(loaded.fault)
        finally:
            with self._lock:
                self._loading = None
            loading.set_result(None)

    def _loaded(self, aliases: Aliases) -> _Serving:
        """What the aliases name; in place of a champion that cannot be loaded the one that served before."""
        before = self._serving.champion if self._serving else self.base
        retry_at_s = time.monotonic() + self.retry_s
        try:
            champion = self._ready(aliases.champion)
        except _NotLoaded as error:
            said = f"The champion, version {aliases.champion}, could not be loaded: {error}"
            return _Serving(aliases, before, None, f"{said} Version {before.bundle} answers in its place.", retry_at_s)
        try:
            challenger = None if aliases.challenger is None else self._ready(aliases.challenger)
        except _NotLoaded as error:
            said = f"The challenger, version {aliases.challenger}, could not be loaded: {error}"
            return _Serving(aliases, champion, None, f"{said} The champion answers alone.", retry_at_s)
        return _Serving(aliases, champion, challenger)

    def _ready(self, version: int) -> Suggester:
        """This version, loaded now if it is not at hand. Raises _NotLoaded."""
        at_hand = self._at_hand().get(version)
        if at_hand is not None:
            return at_hand
        started_s = time.monotonic()
        try:
            suggester = self.load(self.registry.bundle(version))
        except Exception as error:
            log.exception("version %d could not be loaded", version)
            raise _NotLoaded(str(error) or type(error).__name__) from error
        log.info("version %d is loaded (%.1f s)", version, time.monotonic() - started_s)
        return suggester
