"""What happened: every breach of Slack's rules, every Web API call, every delivery to the app."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.clock import Clock

KEPT_RECORDS = 20_000


@dataclass(frozen=True)
class Breach:
    """One breach of Slack's rules by the app under test."""

    rule: str
    detail: str
    at: float


@dataclass
class CallRecord:
    """One Web API call: what was asked and what was answered."""

    method: str
    args: dict[str, Any]
    response: dict[str, Any]
    at: float


@dataclass
class DeliveryRecord:
    """One attempt to deliver one payload to the app; `acked_ms` is None until it acknowledges."""

    envelope_id: str
    type: str
    payload: dict[str, Any] = field(repr=False)
    sent_at: float
    retry_attempt: int
    acked_ms: float | None = None
    response: dict[str, Any] | None = None


class Journal:
    """The memory that tests and the page read; the newest records only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.breaches: deque[Breach] = deque(maxlen=KEPT_RECORDS)
        self.calls: deque[CallRecord] = deque(maxlen=KEPT_RECORDS)
        self.deliveries: deque[DeliveryRecord] = deque(maxlen=KEPT_RECORDS)
        self.on_breach: Callable[[Breach], None] | None = None

    def breach(self, rule: str, detail: str) -> None:
        """Note that the app broke a rule."""
        breach = Breach(rule, detail, self._clock.now())
        self.breaches.append(breach)
        if self.on_breach is not None:
            self.on_breach(breach)

    def call(self, method: str, args: dict[str, Any], response: dict[str, Any]) -> None:
        """Note a Web API call."""
        self.calls.append(CallRecord(method, args, response, self._clock.now()))

    def to_json(self) -> dict[str, list[dict[str, Any]]]:
        """Calls and deliveries, oldest first."""
        return {
            "calls": [asdict(record) for record in self.calls],
            "deliveries": [asdict(record) for record in self.deliveries],
        }
