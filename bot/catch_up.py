"""What was missed while there was no way in is found in the channels themselves, and worked off like any event.

Slack tries to deliver an event four times within six minutes, and then never again. So after a start, after a time
without any connection, and after one in which the database could keep nothing, each watched channel is read from where
it is known, in a thread of its own. What is found goes into the inbox as the event would have, and the event may still
come: both together make one case. A channel is known up to its mark, which moves on only when all before it is in the
inbox; so a crash in the middle reads it again. Where we were never before, the time begins now.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from threading import Event, Thread

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.desk import Desk
from bot.errors import report
from bot.history import Halted, History, Message
from bot.inbox import EVENTS, Delivery
from bot.listeners.message import POSTED
from core.errors import StoreUnavailable
from core.store.marks import Mark

log = logging.getLogger("aitl.bot")

# How often the marks move on while all is well.
EVERY_S = 30.0
# What could not be read is tried again, each time after twice as long.
RETRY_S = (5.0, 300.0)
# Before the mark too: an event that we did not acknowledge, clocks that differ.
OVERLAP = timedelta(minutes=10)
# What is older is history: its customers have been answered otherwise.
OLDEST = timedelta(days=7)
# Shorter than a workspace's shortest retention: what Slack itself clears away is no deletion.
DELETED_WITHIN = timedelta(hours=20)
# We are not in the channel, or it is gone.
NOT_THERE = ("channel_not_found", "not_in_channel", "is_archived", "missing_scope", "access_denied")


class CatchUp:
    """One thread, mostly asleep. `is_connected`: whether events come in, so that nothing is being missed."""

    name = "catching up"

    def __init__(self, desk: Desk, is_connected: Callable[[], bool]) -> None:
        self._desk, self._is_connected = desk, is_connected
        self._asked, self._stopping = Event(), Event()
        self._asked.set()
        self._is_owed = False
        self._history = History(desk.client, self._stopping)
        self._due: set[str] = set()
        self._failures = 0
        self._thread = Thread(target=self._run, name="aitl-catch-up", daemon=True)

    def start(self) -> None:
        """Begin with what was missed before the start."""
        self._thread.start()

    def wake(self) -> None:
        """Something may have been missed."""
        self._asked.set()

    @property
    def is_alive(self) -> bool:
        """True while it runs."""
        return self._thread.is_alive()

    def halt(self) -> None:
        """Leave the rest to the next start."""
        self._stopping.set()
        self._asked.set()

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the call at hand."""
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._round()
            except Halted:
                return
            except (SQLAlchemyError, StoreUnavailable) as error:
                report(error, self.name, "catching up")
                self._is_owed = True  # what came meanwhile could not be kept, and Slack may have given it up
            self._asked.wait(self._pause_s())

    def _pause_s(self) -> float:
        self._failures = self._failures + 1 if self._due else 0
        first_s, longest_s = RETRY_S
        return min(longest_s, first_s * 2.0 ** min(self._failures - 1, 30)) if self._due else EVERY_S

    def _round(self) -> None:
        """Read what is due; then all that is watched is known up to the moment this round began."""
        team, now, is_connected = self._desk.identity.team_id, self._desk.clock(), self._is_connected()
        watched, marks = self._desk.watched(), self._desk.store.marks.of(team)
        if self._asked.is_set() or self._is_owed:
            self._asked.clear()
            self._is_owed = False
            self._due |= set(marks)
        self._due &= watched
        for channel in sorted(self._due):
            if self._read(channel, marks[channel], now):
                self._due.discard(channel)
                self._desk.store.marks.advance(team, [channel], now)
        if is_connected:
            self._desk.store.marks.advance(team, sorted(watched - self._due), now)

    def _read(self, channel: str, mark: Mark, now: datetime) -> bool:
        """Whether nothing is missing there any more."""
        try:
            found = list(self._missed(channel, mark, now))
        except SlackApiError as error:
            code = error.response.get("error")
            log.log(logging.INFO if code in NOT_THERE else logging.WARNING, "%s cannot be read: %s", channel, code)
            return code in NOT_THERE
        except (OSError, HTTPException) as error:
            log.warning("%s cannot be read: %s", channel, error)
            return False
        except Halted:
            raise
        except Exception:  # what is of a shape that we do not know must not end the thread
            log.exception("%s cannot be read", channel)
            return False
        for delivery in found:
            self._desk.put(delivery)
        if found:
            log.info("%d messages of %s were or may have been missed", len(found), channel)
        return True

    def _missed(self, channel: str, mark: Mark, now: datetime) -> Iterator[Delivery]:
        """What may have been missed since the mark, oldest first, and what became of the cases before it.

        Raises SlackApiError, OSError, HTTPException as the Web API does, Halted.
        """
        floor = max(mark.since, now - OLDEST)
        since_ts, recent_ts = _ts(max(floor, mark.until - OVERLAP)), _ts(now - DELETED_WITHIN)
        known = self._desk.store.cases.threads(self._desk.identity.team_id, channel, _ts(floor))
        standing = {ts for ts, status in known.items() if status != "withdrawn"}
        messages = self._history.roots(channel, min({since_ts, *standing}))
        for message in messages:
            if message.get("thread_ts", message["ts"]) == message["ts"]:
                yield from self._missed_of(channel, message, known.get(message["ts"]), since_ts)
        for ts in sorted(standing - {message["ts"] for message in messages}):
            if ts >= recent_ts and self._history.is_gone(channel, ts):
                yield _deleted(channel, ts)

    def _missed_of(self, channel: str, root: Message, status: str | None, since_ts: str) -> Iterator[Delivery]:
        """What may have been missed of one thread. `status`: of its case, None where there is none yet."""
        if status == "withdrawn" or (status is None and not self._is_news(root, since_ts)):
            return
        if status is None:
            yield _posted(channel, root)
        elif (root.get("edited") or root.get("subtype") == "tombstone") and not self._is_ours(root):
            yield _changed(channel, root)
        if not self._may_have_replies(root, since_ts):
            return
        for reply in self._history.replies(channel, root["ts"], since_ts):
            if self._is_news(reply, since_ts):
                yield _posted(channel, reply)
                if reply.get("edited"):  # for one that we know as it was before
                    yield _changed(channel, reply)

    def _is_news(self, message: Message, since_ts: str) -> bool:
        return message["ts"] >= since_ts and message.get("subtype") in POSTED and not self._is_ours(message)

    def _is_ours(self, message: Message) -> bool:
        identity = self._desk.identity
        return message.get("bot_id") == identity.bot_id or message.get("user") == identity.bot_user_id

    def _may_have_replies(self, root: Message, since_ts: str) -> bool:
        """True where somebody else than us has written in the thread, and somebody since then."""
        if root.get("latest_reply", "") < since_ts:
            return False
        named = set(root.get("reply_users") or ())
        others = named - {self._desk.identity.bot_user_id, self._desk.identity.bot_id}
        return bool(others) or root.get("reply_users_count", 0) > len(named)


def _posted(channel: str, message: Message) -> Delivery:
    """As the event that was not delivered."""
    event = {**message, "type": "message", "channel": channel, "event_ts": message["ts"]}
    return Delivery(f"missed:{channel}:{message['ts']}", "message", EVENTS, event)


def _changed(channel: str, message: Message) -> Delivery:
    """As the event of an edit, or of a root's end; the words decide whether it is one for us."""
    at = (message.get("edited") or {}).get("ts", message["ts"])
    event = {"type": "message", "subtype": "message_changed", "channel": channel, "message": message, "event_ts": at}
    return Delivery(f"missed:{channel}:{message['ts']}:{message.get('subtype')}:{at}", "message", EVENTS, event)


def _deleted(channel: str, ts: str) -> Delivery:
    event = {"type": "message", "subtype": "message_deleted", "channel": channel, "deleted_ts": ts, "event_ts": ts}
    return Delivery(f"missed:{channel}:{ts}:deleted", "message", EVENTS, event)


def _ts(at: datetime) -> str:
    """A moment as Slack writes it; such texts compare as their moments do."""
    return f"{at.timestamp():.6f}"
