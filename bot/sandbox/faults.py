"""Faults on order: the next calls of a Web API method fail in the way a test asked for."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """How one call goes wrong.

    error: answered as {"ok": false, "error": error}; with "ratelimited" as 429 with Retry-After.
    status: the HTTP status, such as 500, with an empty body unless `error` is given.
    drop_after_write: the call is carried out, then the connection breaks without an answer.
    delay_s: the answer waits this long, on the sandbox's clock.
    """

    error: str | None = None
    status: int | None = None
    drop_after_write: bool = False
    delay_s: float = 0.0
    retry_after_s: int = 1


class Faults:
    """The faults still to come, per method, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int) -> None:
        """Let the next `times` calls of `method` go wrong."""
        self._waiting[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault for this call, or None when it may go well."""
        waiting = self._waiting[method]
        return waiting.popleft() if waiting else None

    def left(self, method: str) -> int:
        """How many calls of `method` are still to go wrong."""
        return len(self._waiting[method])
