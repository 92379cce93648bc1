"""One line to Slack: a connection that is replaced before it ends where Slack says so, and at once where it breaks."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Condition, Thread

from slack_sdk import WebClient

from bot.connection import Json, Session
from bot.tickets import NotNow, Refused, Tickets

log = logging.getLogger("aitl.socket")

LINK_DISABLED = "link_disabled"
TURNED_OFF = (
    "Socket Mode was turned off for this app. Turn it on at api.slack.com/apps → Socket Mode, and start aitl again."
)


@dataclass(frozen=True)
class Timing:
    """How long a line waits, in seconds.

    ping_s: between two signs of life asked for. silent_s: without any, a connection is dead. hello_s: a new one is
    greeted within this. drain_s: an old one has this long to end after our goodbye. backoff_s: doubles from the first
    to the second after failures, and starts over once a connection has lasted settled_s.
    """

    ping_s: float = 10.0
    silent_s: float = 30.0
    hello_s: float = 10.0
    drain_s: float = 5.0
    backoff_s: tuple[float, float] = (0.5, 30.0)
    settled_s: float = 30.0


class Line:
    """Keeps one connection open, from a thread of its own.

    on_message: as for Session. on_change: a connection came or went. on_refused: Slack wants us no more, and why.
    """

    def __init__(
        self,
        client: WebClient,
        tickets: Tickets,
        timing: Timing,
        on_message: Callable[[Session, Json], None],
        on_change: Callable[[], None],
        on_refused: Callable[[str], None],
    ) -> None:
        self._client, self._tickets, self._timing = client, tickets, timing
        self._on_message, self._on_change, self._on_refused = on_message, on_change, on_refused
        self._news = Condition()
        self._is_stopping = False
        self._failures = 0
        self._session: Session | None = None
        self._leaving: Session | None = None
        self._thread = Thread(target=self._run, name="aitl-line", daemon=True)
        self.problem = ""
        self.dead_since_s: float | None = None  # where a connection ended in silence, the last moment it was heard

    def start(self) -> None:
        """Begin to connect."""
        self._thread.start()

    @property
    def session(self) -> Session | None:
        """The connection that is open now, if one is."""
        session = self._session
        return session if session is not None and session.can_answer else None

    def leave(self) -> None:
        """Say goodbye and open no other; what was sent already still comes in."""
        with self._news:
            self._is_stopping = True
            self._news.notify_all()
        if self._session is not None:
            self._session.leave()

    def close(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the goodbye to be answered, then end what is left."""
        with self._news:
            self._news.wait_for(self._is_quiet, max(0.0, deadline_s - time.monotonic()))
        for session in (self._session, self._leaving):
            if session is not None:
                session.close()
        if self._thread.ident is not None:
            self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def _is_quiet(self) -> bool:
        return self._session is None or self._session.is_over

    def _run(self) -> None:
        while not self._is_stopping:
            try:
                fresh = self._open()
            except NotNow as problem:
                self._wait_after(problem)
                continue
            except Refused as refusal:
                self._on_refused(str(refusal))
                return
            self._take_over(fresh)
            self._watch(fresh)
            if fresh.reason == LINK_DISABLED:
                self._on_refused(TURNED_OFF)
                return
            self._pace(fresh)

    def _open(self) -> Session:
        """A connection that Slack has greeted. Raises NotNow, Refused."""
        fresh = Session(self._tickets.issue(), self._client, self._on_message, self._hear)
        try:
            fresh.open()
        except OSError as error:
            raise NotNow(f"no WebSocket could be opened ({error})") from error
        self._wait(lambda: fresh.is_greeted or fresh.is_over or bool(fresh.reason), self._timing.hello_s)
        if fresh.reason == LINK_DISABLED:
            fresh.close()
            raise Refused(TURNED_OFF)
        if not fresh.is_greeted:
            fresh.close()
            raise NotNow(f"a WebSocket was not greeted ({fresh.reason or fresh.problem or 'no answer'})")
        return fresh

    def _take_over(self, fresh: Session) -> None:
        """The fresh one serves; only then the old one is told goodbye: there is always a way in."""
        old, self._session, self.problem = self._session, fresh, ""
        self.dead_since_s = None
        self._on_change()
        if self._is_stopping:
            fresh.leave()
        if self._leaving is not None:
            self._leaving.close()
        self._leaving = old if old is not None and not old.is_over else None
        if self._leaving is not None:
            self._leaving.leave()

    def _watch(self, session: Session) -> None:
        """Return when this connection is over, or to be replaced."""
        while not self._is_stopping and not session.is_over and not session.reason:
            is_draining = self._leaving is not None
            wait_s = min(self._timing.ping_s, self._timing.drain_s) if is_draining else self._timing.ping_s
            self._wait(lambda: session.is_over or bool(session.reason), wait_s)
            now_s = time.monotonic()
            if self._leaving is not None and now_s - session.opened_s >= self._timing.drain_s:
                self._leaving.close()
                self._leaving = None
            if now_s - session.heard_s > self._timing.silent_s:
                log.warning("a connection to Slack was silent for %.0f s and is replaced", now_s - session.heard_s)
                self.dead_since_s = session.heard_s
                session.close()
            else:
                session.ping()

    def _pace(self, session: Session) -> None:
        """Replace a connection at once, but not again and again."""
        lasted_s = time.monotonic() - session.opened_s
        self._failures = 0 if lasted_s >= self._timing.settled_s else self._failures + 1
        self._wait(lambda: False, self._pause_s(self._failures - 1))

    def _wait_after(self, problem: NotNow) -> None:
        self._failures += 1
        self.problem = str(problem)
        wait_s = problem.wait_s or self._pause_s(self._failures)
        if not self._is_stopping:
            log.warning("%s; trying again in %.1f s", problem, wait_s)
        self._wait(lambda: False, wait_s)

    def _pause_s(self, failures: int) -> float:
        """0 for none, then twice as long each time; not all bots of a workspace at the same moment."""
        first_s, longest_s = self._timing.backoff_s
        longest = min(longest_s, first_s * 2.0 ** min(failures - 1, 30)) if failures > 0 else 0.0
        return longest * random.uniform(0.75, 1.0)

    def _wait(self, until: Callable[[], bool], longest_s: float) -> None:
        """Until it is so, for so long at most, and no longer than there is to do."""
        with self._news:
            self._news.wait_for(lambda: self._is_stopping or until(), longest_s)

    def _hear(self) -> None:
        """Something happened to a connection of ours."""
        with self._news:
            self._news.notify_all()
        self._on_change()
