"""The queue of cases that wait for their drafts, and what their threads show meanwhile.

Fresh cases and what customers write are drafted oldest first, so that nobody waits for ever. Drafts that an agent asks
for have a lane and a thread of their own: whoever presses Try again sits before the screen, and neither waits for a
flood of cases nor holds it up. Clicks never wait for drafts: they have their lane too.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Event, Thread

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.desk import Desk
from bot.errors import report
from bot.inbox import ASKED, DRAFTS
from core.errors import StoreUnavailable
from core.values import Case

log = logging.getLogger("aitl.bot")

EVERY_S = 5.0
AT_LEAST_S = 0.25
# Slack takes a status away after two minutes.
RENEW_S = 90.0
# As the queue moves; Slack publishes no limit for this method, so we stay far from any.
REFRESH_S = 15.0
CALLS_PER_LOOK = 20
# So many are drafted at once: they are not waiting any more.
DRAFT_THREADS = 2


@dataclass(frozen=True, slots=True)
class Shown:
    """What a thread shows ("" for nothing), since when on the monotonic clock."""

    words: str
    at_s: float


def cases_waiting(desk: Desk) -> list[str]:
    """The ids of the cases in the queue, each once, in the order in which they are drafted."""
    now = desk.clock()
    rows = desk.store.inbox.waiting(DRAFTS, desk.identity.team_id)
    return list(
        dict.fromkeys(str(row.payload["case_id"]) for row in rows if not row.not_before or row.not_before < now)
    )


def build_status(before: int) -> str:
    """What stands after our name, for a case that so many are drafted before."""
    if before < DRAFT_THREADS:
        return "is drafting…"
    return f"is drafting other cases first: {before} before this one"


def plan(waiting: Sequence[str], shown: Mapping[str, Shown], now_s: float) -> list[tuple[str, str]]:
    """Which threads are told what now: first those that show nothing yet, then those longest without news."""
    due: list[tuple[float, str, str]] = []
    for before, case_id in enumerate(waiting):
        words, known = build_status(before), shown.get(case_id)
        age_s = float("inf") if known is None else now_s - known.at_s
        is_news = known is None or (known.words != words and age_s >= REFRESH_S)
        if is_news or age_s >= RENEW_S:
            due.append((-age_s, case_id, words))
    return [(case_id, words) for _, case_id, words in sorted(due, key=lambda one: one[0])][:CALLS_PER_LOOK]


class QueueStatus:
    """One thread that keeps the statuses true, best effort: a status is no promise, and none is ever needed."""

    name = "queue status"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._shown: dict[str, Shown] = {}
        self._left_alone_until_s = 0.0
        self._wake, self._stopping = Event(), Event()
        self._thread = Thread(target=self._run, name="aitl-queue-status", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """True while its thread runs."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """The queue has grown."""
        self._wake.set()

    def halt(self) -> None:
        """Say nothing more."""
        self._stopping.set()
        self._wake.set()

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the call at hand."""
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._look()
            except (SQLAlchemyError, StoreUnavailable) as error:
                report(error, "queue", "telling threads how long they wait")
            self._stopping.wait(AT_LEAST_S)
            self._wake.wait(EVERY_S)

    def _look(self) -> None:
        asked = self._desk.store.inbox.waiting(ASKED, self._desk.identity.team_id)
        waiting = [*dict.fromkeys(str(row.payload["case_id"]) for row in asked), *cases_waiting(self._desk)]
        for case_id in [one for one in self._shown if one not in waiting]:
            self._clear(case_id, self._shown.pop(case_id))
        for case_id, words in plan(waiting, self._shown, time.monotonic()):
            if self._stopping.is_set() or time.monotonic() < self._left_alone_until_s:
                return
            self._tell(case_id, words)

    def _tell(self, case_id: str, words: str) -> None:
        case = self._desk.store.cases.get(case_id)
        closed = self._desk.store.channels.barriers(self._desk.identity.team_id)
        told = words if case.status != "withdrawn" and case.channel not in closed else ""
        if told:
            self._set_status(case, told)
        self._shown[case_id] = Shown(told, time.monotonic())

    def _clear(self, case_id: str, shown: Shown) -> None:
        """A message that was posted has taken the status away, unless they crossed; nothing else does."""
        if not shown.words:
            return
        latest = self._desk.store.suggestions.latest(case_id)
        posted = self._desk.store.suggestions.posted(latest.id) if latest is not None else None
        is_coming = latest is not None and posted is None and self._desk.store.suggestions.state(latest.id) == "pending"
        waited_s = time.monotonic() - shown.at_s
        taken_away = posted is not None and (self._desk.clock() - posted.at).total_seconds() < waited_s
        if not is_coming and not taken_away:
            self._set_status(self._desk.store.cases.get(case_id), "")

    def _set_status(self, case: Case, words: str) -> None:
        try:
            self._desk.client.assistant_threads_setStatus(
                channel_id=case.channel, thread_ts=case.thread_ts, status=words
            )
        except SlackApiError as error:
            if error.response.get("error") in ("ratelimited", "rate_limited"):
                wait_s = float(error.response.headers.get("Retry-After", 1)) + 0.1
                self._left_alone_until_s = time.monotonic() + wait_s
            log.info("the status of %s was not shown: %s", case.id, error.response.get("error"))
        except OSError as error:
            log.info("the status of %s was not shown: %s", case.id, error)
