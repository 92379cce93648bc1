"""Payloads on their way to the app: routing, the three seconds to acknowledge, and the retries of events."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.sandbox.clock import Clock, done_by
from bot.sandbox.ids import Ids
from bot.sandbox.journal import KEPT_RECORDS, DeliveryRecord, Journal
from bot.sandbox.patience import Patience

ACK_WITHIN_S = 3.0
EVENT_RETRIES_AFTER_S = (0.0, 60.0, 300.0)

Json = dict[str, Any]


class WireLost(ConnectionError):
    """The way to the app broke while a payload was being sent."""


class Wire(Protocol):
    """One way to reach the app, such as one Socket Mode connection."""

    @property
    def timeout_reason(self) -> str:
        """What the next delivery says of one that was not acknowledged in time."""

    async def send(self, envelope: Json) -> None:
        """Send one envelope. Raises WireLost."""

    async def close(self) -> None:
        """End it from Slack's side."""


@dataclass(frozen=True)
class Ack:
    """What the app answered; `payload` is {} for a bare acknowledgement.

    After a failure: when it was seen, on the sandbox's clock, and whether it is final, so that nothing is retried.
    """

    is_acked: bool
    payload: Json
    problem: str = ""
    failed_at: float = 0.0
    is_final: bool = False


class Delivery:
    """Sends each payload down one of the open wires and watches for its acknowledgement."""

    def __init__(self, clock: Clock, ids: Ids, journal: Journal, seed: int = 0) -> None:
        self._clock = clock
        self._ids = ids
        self._journal = journal
        self._random = random.Random(seed)
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._records: dict[str, DeliveryRecord] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._online = asyncio.Event()
        self._held: list[Json] | None = None
        self.wires: list[Wire] = []

    def open_wire(self, wire: Wire) -> None:
        """A way to the app is there; what waited for one is sent now."""
        self.wires.append(wire)
        self._online.set()

    def close_wire(self, wire: Wire) -> None:
        """A way to the app is gone."""
        if wire in self.wires:
            self.wires.remove(wire)
        if not self.wires:
            self._online.clear()

    def send_event(self, payload: Json) -> None:
        """Deliver an event in the background, with Slack's retries if it is not acknowledged."""
        if self._held is not None:
            self._held.append(payload)
        else:
            self._in_background(self._send_event(payload))

    async def send_interaction(self, kind: str, payload: Json) -> Ack:
        """Deliver an interaction or a command once; it is never retried."""
        if not self.wires:
            return self._failed("The app is not connected.")
        return await self._attempt(kind, payload, 0, "")

    def acknowledge(self, envelope_id: str, payload: Json | None) -> None:
        """The app acknowledged an envelope, perhaps late, twice, or one that was never sent."""
        record = self._records.get(envelope_id)
        if record is None:
            self._journal.breach("unknown_ack", f"acknowledged envelope {envelope_id!r}, which was never sent")
            return
        if record.acked_ms is not None:
            self._journal.breach("double_ack", f"acknowledged {_name(record)} twice")
            return
        record.acked_ms = (self._clock.now() - record.sent_at) * 1000
        record.response = payload
        waiting = self._waiting.pop(envelope_id, None)
        if waiting is None or waiting.done():
            self._journal.breach("late_ack", f"acknowledged {_name(record)} after {record.acked_ms:.0f} ms")
        else:
            waiting.set_result(Ack(True, payload or {}))

    def refuse(self, envelope_id: str, reason: str, *, status: int | None = None, is_final: bool = False) -> None:
        """The app turned an envelope down with an HTTP status, or the way to it did without one."""
        waiting = self._waiting.pop(envelope_id, None)
        if waiting is None or waiting.done():
            return  # too late already, and noted as that
        failure = replace(self._failed(reason), is_final=is_final)
        if status is not None:
            name = _name(self._records[envelope_id])
            self._journal.breach("unacked", f"{name} was answered with status {status}")
        waiting.set_result(failure)

    def resend(self, envelope_id: str) -> None:
        """Deliver once more what was delivered before, with the same ids inside."""
        record = self._records[envelope_id]
        if record.type == "events_api":
            self.send_event(record.payload)
        else:
            self._in_background(self._again(record))

    def hold_events(self) -> None:
        """Keep events back until `release_events`."""
        self._held = self._held or []

    def release_events(self, copies: int, seed: int | None) -> None:
        """Deliver what was kept back, each so often; with a seed in a shuffled order, without one as it came."""
        held = [payload for payload in self._held or [] for _ in range(copies)]
        self._held = None
        if seed is not None:
            random.Random(seed).shuffle(held)
        for payload in held:
            self.send_event(payload)

    async def stop(self) -> None:
        """Give up everything that is still under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send_event(self, payload: Json) -> None:
        reason, failed_at = "", 0.0
        for attempt, delay_s in enumerate((0.0, *EVENT_RETRIES_AFTER_S)):
            if delay_s:
                await self._clock.sleep(failed_at + delay_s - self._clock.now())
            # Slack keeps events for an app that is away for a moment, and sends them when it is back.
            await self._online.wait()
            ack = await self._attempt("events_api", payload, attempt, reason)
            if ack.is_acked or ack.is_final:
                return
            reason, failed_at = ack.problem, ack.failed_at

    async def _again(self, record: DeliveryRecord) -> None:
        await self._online.wait()
        await self._attempt(record.type, record.payload, 0, "")

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempt(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        envelope = self._envelope(kind, payload, attempt, reason)
        envelope_id = envelope["envelope_id"]
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        record = DeliveryRecord(envelope_id, kind, payload, self._clock.now(), attempt)
        self._waiting[envelope_id] = waiting
        self._remember(record)
        wire = await self._send(envelope)
        if wire is None:
            self._waiting.pop(envelope_id, None)
            return self._failed("connection_failed")
        # Counted from the moment of sending, however long the sending itself took.
        if await done_by(self._clock, waiting, record.sent_at + ACK_WITHIN_S * Patience.times):
            return waiting.result()
        self._waiting.pop(envelope_id, None)
        if wire not in self.wires:
            return self._failed("connection_failed")
        failure = self._failed(wire.timeout_reason)
        self._journal.breach("unacked", f"{_name(record)} was not acknowledged within {ACK_WITHIN_S:g} s")
        return failure

    def _failed(self, reason: str) -> Ack:
        return Ack(False, {}, reason, self._clock.now())

    async def _send(self, envelope: Json) -> Wire | None:
        """Down any open wire: one that turns out to be closed has taken nothing. None where there is no other."""
        while self.wires:
            wire = self._random.choice(self.wires)
            try:
                await wire.send(envelope)
                return wire
            except WireLost:
                self.close_wire(wire)
        return None

    def _remember(self, record: DeliveryRecord) -> None:
        self._records[record.envelope_id] = record
        self._journal.deliveries.append(record)
        if len(self._records) > KEPT_RECORDS:
            del self._records[next(iter(self._records))]

    def _envelope(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        envelope: Json = {
            "envelope_id": self._ids.envelope_id(),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        return envelope


def _name(record: DeliveryRecord) -> str:
    """What was delivered, in a few words, also where a test made the payload up."""
    payload = _mapping(record.payload)
    if record.type == "events_api":
        event = _mapping(payload.get("event"))
        kind = ".".join(str(part) for part in (event.get("type"), event.get("subtype")) if part)
        return f"event {kind} {payload.get('event_id')} (attempt {record.retry_attempt})"
    if record.type == "slash_commands":
        return f"command {payload.get('command')} {payload.get('text')}".rstrip()
    clicked = payload.get("actions")
    actions = ", ".join(str(_mapping(one).get("action_id")) for one in clicked) if isinstance(clicked, list) else ""
    subject = actions or payload.get("callback_id") or _mapping(payload.get("view")).get("callback_id") or ""
    return f"{payload.get('type')} {subject}".rstrip()


def _mapping(value: Any) -> Json:
    return value if isinstance(value, dict) else {}
