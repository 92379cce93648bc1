"""The senders: two threads make every call to Slack that has an effect, in order, paced, and as good as once.

One posts and updates what all can see, the other answers those who click: where Slack is slow, neither waits for the
other. No method is called by both, so that each knows by itself how often it may be called; only charts may be
uploaded as pictures by both, which is rare.

Where nobody knows whether a post was made (a timeout, a broken connection, our own death), the thread is
searched for its metadata before it is made again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from http.client import HTTPException
from threading import Event, Thread
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import SQLAlchemyError

from bot import blockkit
from bot.calls import Call
from bot.charts import BlocksRefused, Charts, Pictures
from bot.desk import Desk
from bot.errors import Busy, Unsendable, cause, reference, report
from bot.inbox import EVENTS, Delivery
from bot.rates import Rates
from bot.rendering import PURPOSES, STORED
from bot.revoked import farewell, is_revoked
from core.errors import StoreUnavailable
from core.store.records import Sending
from core.store.retrainings import REPORT

log = logging.getLogger("aitl.bot")

LEASE_S = 60.0
AT_ONCE = 5
ANSWERS = ("tell", "answer", REPORT)
# Somebody sits and waits for these, however many drafts of other cases are to be posted.
FIRST = ("reply", "delete", "asked_suggestion")
IDLE_POLL_S = 0.25
LIMITED = ("ratelimited", "rate_limited")
# Slack may have done it all the same.
UNKNOWN = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "timeout", "")
# What the call is about is gone, or the person is: nothing can be done, and nothing is lost.
GONE = (
    "message_not_found",
    "thread_not_found",
    "user_not_in_channel",
    "cant_update_message",
    "cant_delete_message",
    "edit_window_closed",
    "used_url",
    "expired_url",
    "not_found",  # the view was closed
    "user_not_found",
    "user_disabled",
    "cannot_dm_bot",
)
# The channel is no place to post in any more: whatever else is meant for it waits for it to be one again.
CLOSED = ("is_archived", "channel_not_found", "not_in_channel")


class Sender:
    """Works off one share of the outbox: private answers, or everything else."""

    def __init__(self, desk: Desk, worker: str, pictures: Pictures, *, answers: bool) -> None:
        self.name = "answers" if answers else "the outbox"
        self._desk, self._rates = desk, Rates()
        self._worker = f"{worker}:{'answers' if answers else 'out'}"
        self._share: dict[str, tuple[str, ...]] = {"only": ANSWERS} if answers else {"never": ANSWERS, "first": FIRST}
        self._wake, self._stopping = Event(), Event()
        self._charts = Charts(desk, pictures, self._stopping)
        self._thread = Thread(target=self._run, name=f"aitl-{self._worker}", daemon=True)

    def start(self) -> None:
        """Begin to send; what a predecessor of the same name had claimed when it died may have been made."""
        self._desk.store.outbox.abandon(self._worker)
        self._thread.start()

    def wake(self) -> None:
        """There is something to send."""
        self._wake.set()

    @property
    def is_alive(self) -> bool:
        """True while its thread runs."""
        return self._thread.is_alive()

    def halt(self) -> None:
        """Finish the call at hand, and no other."""
        self._stopping.set()
        self._wake.set()

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the call at hand."""
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def hand_back(self) -> None:
        """Let go of what is claimed and was not sent."""
        self._desk.store.outbox.release(self._worker)

    def _run(self) -> None:
        team = self._desk.identity.team_id
        holds = False  # rows whose end could not be noted, because the database did not answer
        while not self._stopping.is_set():
            self._wake.clear()
            claimed: list[Sending] = []
            try:
                if holds:
                    self._desk.store.outbox.abandon(self._worker)
                holds = True
                claimed = self._desk.store.outbox.claim(self._worker, LEASE_S, AT_ONCE, team, **self._share)
                for sending in claimed:
                    if not self._stopping.is_set():
                        self._one(sending)
                holds = False
            except (SQLAlchemyError, StoreUnavailable) as error:
                report(error, "outbox", "reading what is to be sent")
                self._wake.wait(IDLE_POLL_S)
            if not claimed:
                self._wake.wait(IDLE_POLL_S)

    def _one(self, sending: Sending) -> None:
        """One row, to its end: sent, dropped, postponed, or to be tried again."""
        purpose, call = PURPOSES.get(sending.purpose, STORED), None
        try:
            call = purpose.render(sending, self._desk)
            if call is None:
                self._desk.store.outbox.finish(sending.id)
                return
            wait_s = self._rates.wait_s(call.method, call.channel, sending.subject if sending.coalesced else "")
            if wait_s > 0:
                self._postpone(sending, wait_s)
                return
            response = self._found(sending, call) or self._make(sending, call)
            purpose.sent(sending, self._desk, call, response)
            self._desk.store.outbox.finish(sending.id, response)
        except SlackApiError as error:
            self._refused(sending, call.method if call else "", call.channel if call else "", error)
        except Busy as error:
            self._postpone(sending, error.retry_in_s)
        except (OSError, HTTPException) as error:  # no answer: a timeout, a connection that broke
            self._fail(sending, error, unknown=True)
        except (SQLAlchemyError, StoreUnavailable):
            raise
        except Exception as error:
            log.exception("ref %s: sending %s failed", reference(sending.key), sending.purpose or sending.method)
            self._fail(sending, error, unknown=False)

    def _make(self, sending: Sending, call: Call) -> Mapping[str, Any]:
        """The call itself, with its charts in a form that the workspace takes."""
        try:
            return self._charts.send(call, lambda shown: self._make_once(sending, shown))
        except BlocksRefused:  # nobody waits for an answer that will never be taken
            return {"ok": False}

    def _make_once(self, sending: Sending, call: Call) -> Mapping[str, Any]:
        """After our own check of what Slack would refuse."""
        if call.method == "response_url":
            return self._respond(call)
        problems = _problems(call)
        if problems:
            raise Unsendable(f"Slack would refuse this {call.method}: {'; '.join(map(str, problems[:3]))}")
        updated = sending.subject if sending.coalesced else ""
        self._rates.took(call.method, call.channel, updated)
        try:
            data = self._desk.client.api_call(call.method, json=dict(call.arguments)).data
        finally:
            self._rates.was_updated(updated)
        return data if isinstance(data, dict) else {}

    def _respond(self, call: Call) -> Mapping[str, Any]:
        webhook = WebhookClient(call.arguments["url"], timeout=self._desk.client.timeout, retry_handlers=[])
        answer = webhook.send_dict(dict(call.arguments["body"]))
        if answer.status_code >= 400:
            log.warning("a response address answered %d: %s", answer.status_code, answer.body)
            if "invalid_blocks" in answer.body:
                raise BlocksRefused
        return {"ok": answer.status_code < 400}

    def _refused(self, sending: Sending, method: str, channel: str, error: SlackApiError) -> None:
        code = str(error.response.get("error") or "")
        if is_revoked(error):
            self._postpone(sending, 0.0)
            self._stopping.set()  # no other call would be answered either
            self._desk.give_up(farewell(error))
        elif code in LIMITED:
            retry_after_s = float(_headers(error).get("retry-after", 1))
            self._rates.block(method, channel, retry_after_s)
            self._postpone(sending, retry_after_s)
        elif code in (*GONE, *CLOSED) or sending.purpose == "tell":
            self._drop(sending, channel, code)
        else:
            self._fail(sending, error, unknown=code in UNKNOWN)

    def _drop(self, sending: Sending, channel: str, code: str) -> None:
        """It will never be made, and nothing is lost by it."""
        log.info("%s is over: Slack says %s", sending.key, code)
        with self._desk.together():
            PURPOSES.get(sending.purpose, STORED).lost(sending, self._desk)
            self._desk.store.outbox.finish(sending.id, {"ok": False, "error": code})
            if code in CLOSED and channel:
                self._desk.put(Delivery(f"look_again:{sending.key}", "look_again", EVENTS, {"channel": channel}))

    def _postpone(self, sending: Sending, wait_s: float) -> None:
        self._desk.store.outbox.postpone(sending.id, self._desk.clock() + timedelta(seconds=wait_s))

    def _fail(self, sending: Sending, error: Exception, unknown: bool) -> None:
        retry_in_s = 2.0 ** (sending.attempts - 1)
        log.warning("ref %s: %s was not sent: %s", reference(sending.key), sending.purpose or sending.method, error)
        self._desk.store.outbox.fail(sending.id, cause(error), retry_in_s, unknown)

    def _found(self, sending: Sending, call: Call) -> Mapping[str, Any] | None:
        """The message that an earlier attempt may have posted; None where it has not, or is no post."""
        if not sending.unknown_outcome or call.method != "chat.postMessage":
            return None
        try:
            for message in self._posted_since(sending, call):
                if self._is_this(message, call):
                    return {"ok": True, "channel": call.channel, "ts": message["ts"]}
        except SlackApiError as error:
            if error.response.get("error") != "missing_scope" or not call.channel.startswith("D"):
                raise
            log.warning("%s may have been said, and is not said again: add the scope im:history", sending.key)
            return {"ok": True}
        return None

    def _is_this(self, message: Mapping[str, Any], call: Call) -> bool:
        """Same metadata, ours, and not known as another reply (two replies of one suggestion look alike)."""
        return (
            message.get("metadata") == call.arguments.get("metadata")
            and message.get("bot_id") == self._desk.identity.bot_id
            and self._desk.store.replies.by_message(self._desk.identity.team_id, call.channel, message["ts"]) is None
        )

    def _posted_since(self, sending: Sending, call: Call) -> Iterator[dict[str, Any]]:
        thread_ts = call.arguments.get("thread_ts")
        method = "conversations.replies" if thread_ts else "conversations.history"
        oldest = f"{sending.created_at.timestamp() - 5:.6f}"
        arguments = {"channel": call.channel, "include_all_metadata": True, "limit": 200, "oldest": oldest}
        if thread_ts:
            arguments["ts"] = thread_ts
        cursor = ""
        while True:
            answer = self._desk.client.api_call(method, params={**arguments, **({"cursor": cursor} if cursor else {})})
            yield from answer["messages"]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _problems(call: Call) -> list[blockkit.Violation]:
    if call.method == "views.publish":
        return blockkit.check(call.arguments["view"], "home")
    if call.method == "views.update":
        return blockkit.check(call.arguments["view"], "modal")
    return blockkit.check(call.arguments, "message")


def _headers(error: SlackApiError) -> dict[str, str]:
    headers = getattr(error.response, "headers", None) or {}
    return {name.lower(): str(value) for name, value in headers.items()}
