"""Threads that work off the inbox, lane by lane: whatever they do, doing it twice does it once.

A row is finished only after its work is done, so killing the process at any moment loses nothing:
the lease runs out (or the next start hands it back) and the work is done again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from threading import Event, Thread

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.blocks.notes import build_note
from bot.desk import Desk, Handler
from bot.errors import FINAL, Busy, NotYet, cause, reference, report, sentence
from bot.inbox import CLICKS
from bot.revoked import farewell, is_revoked
from core.errors import StoreUnavailable
from core.store.inbox import MAX_ATTEMPTS
from core.store.records import Work

log = logging.getLogger("aitl.bot")

LEASE_S = 300.0
# Rows become due without anybody waking us: retries, and what another process handed back.
IDLE_POLL_S = 0.5


# How somebody hears of a failure: the work, the desk, one sentence.
TellFailure = Callable[[Work, Desk, str], None]


class Lane:
    """The threads of one lane. Clicks and events have one each, so that they are worked off in their order."""

    def __init__(
        self,
        name: str,
        handlers: Mapping[str, Handler],
        desk: Desk,
        worker: str,
        threads: int = 1,
        tell_failure: TellFailure | None = None,
    ) -> None:
        self.name, self._handlers, self._desk = name, handlers, desk
        self._tell_failure = tell_failure or tell_privately
        self._wake, self._stopping = Event(), Event()
        # One name each: a thread that has to let go of its row leaves the others theirs.
        self._workers = [f"{worker}:{name}-{n}" for n in range(threads)]
        self._threads = [
            Thread(target=self._run, args=(one,), name=f"aitl-{one}", daemon=True) for one in self._workers
        ]

    def start(self) -> None:
        """Begin to work, with what a predecessor of the same name had claimed when it died."""
        for worker in self._workers:
            self._desk.store.inbox.abandon(worker)
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """There is work."""
        self._wake.set()

    @property
    def is_alive(self) -> bool:
        """True while all its threads run."""
        return all(thread.is_alive() for thread in self._threads)

    def halt(self) -> None:
        """Finish the row at hand, and no other."""
        self._stopping.set()
        self._wake.set()

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the row at hand."""
        for thread in self._threads:
            thread.join(max(0.0, deadline_s - time.monotonic()))

    def hand_back(self) -> None:
        """Let go of what is still claimed."""
        for worker in self._workers:
            self._desk.store.inbox.release(worker)

    def _run(self, worker: str) -> None:
        team = self._desk.identity.team_id
        holds = False  # a row whose end could not be noted, because the database did not answer
        while not self._stopping.is_set():
            self._wake.clear()
            claimed: list[Work] = []
            try:
                if holds:
                    self._desk.store.inbox.abandon(worker)
                    holds = False
                claimed = self._desk.store.inbox.claim(self.name, worker, LEASE_S, team=team)
                for work in claimed:
                    holds = True
                    self.do(work)
                    holds = False
            except (SQLAlchemyError, StoreUnavailable) as error:
                report(error, self.name, "working off the inbox")
                claimed = []
            if not claimed:
                self._wake.wait(IDLE_POLL_S)

    def do(self, work: Work) -> None:
        """One row, to its end: done, refused with a sentence, or to be tried again."""
        try:
            self._handlers[work.kind](work, self._desk)
        except FINAL as error:
            log.info("%s refused: %s", work.kind, error)
            self._tell(work, error)
        except Busy as error:
            log.info("%s waits: %s", work.kind, error)
            self._desk.store.inbox.postpone(work.id, error.retry_in_s)
            return
        except NotYet as error:
            log.info("%s waits: %s", work.kind, error)
            self._desk.store.inbox.fail(work.id, str(error), retry_in_s=0.25 * 2.0 ** (work.attempts - 1))
            return
        except Exception as error:  # whatever it was, the row is kept and tried again
            if isinstance(error, SlackApiError) and is_revoked(error):
                self._give_up(work, error)
                return
            log.exception("ref %s: %s failed (attempt %d)", reference(work.key), work.kind, work.attempts)
            self._try_again(work, error)
            return
        self._desk.store.inbox.finish(work.id)

    def _give_up(self, work: Work, error: SlackApiError) -> None:
        """No call of ours would be answered: the row waits for the next start, and so does everything else."""
        self._desk.store.inbox.postpone(work.id, 0.0)
        self._stopping.set()
        self._desk.give_up(farewell(error))

    def _try_again(self, work: Work, error: Exception) -> None:
        self._desk.store.inbox.fail(work.id, cause(error), retry_in_s=2.0 ** (work.attempts - 1))
        if work.attempts >= MAX_ATTEMPTS:
            self._tell(work, error)

    def _tell(self, work: Work, error: BaseException) -> None:
        """Where nobody can be told, the log has said it already; where the database is away, it is tried again."""
        try:
            self._tell_failure(work, self._desk, sentence(error, work.key))
        except (SQLAlchemyError, StoreUnavailable):
            raise
        except Exception:
            log.exception("ref %s: nobody could be told that %s failed", reference(work.key), work.kind)


def tell_privately(work: Work, desk: Desk, said: str) -> None:
    """Whoever clicked gets one sentence; an event that nobody waits for only reaches the log."""
    payload, note = work.payload, build_note(said)
    if "view_id" in payload:  # a form that may have been opened anywhere, also from somebody's Home
        desk.write_to(f"error:{work.key}", payload["user"], note)
    elif work.lane == CLICKS and (payload.get("thread_ts") or not payload.get("response_url")):
        place = payload.get("channel", "")
        desk.tell(f"error:{work.key}", payload["user"], place, note, payload.get("thread_ts", ""))
    else:
        desk.answer(f"error:{work.key}", payload.get("response_url", ""), note)
