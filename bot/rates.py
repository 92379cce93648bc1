"""How often Slack lets us call: a bucket per method, for posts one per channel, and Retry-After honoured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

# Calls per minute by method (Slack's tiers); what is not named here is not paced, only its Retry-After kept.
PER_MINUTE = {
    "chat.update": 50,
    "chat.delete": 50,
    "chat.postEphemeral": 100,
    "conversations.history": 50,
    "conversations.replies": 50,
}
POST_BURST, POSTS_PER_S = 3, 1.0
# One writer per message, at most this often: an update shows the last state anyway.
UPDATE_EVERY_S = 1.5
# Slack's own count may start a little later than ours.
MARGIN = 0.96


@dataclass
class _Bucket:
    capacity: float
    per_s: float
    level: float
    at_s: float

    def ready_s(self, now_s: float) -> float:
        """When one more call may go, on the same clock."""
        self.level = min(self.capacity, self.level + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        return now_s if self.level >= 1 else now_s + (1 - self.level) / self.per_s


class Rates:
    """Knows when a call may go out. Used by one thread."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self.now_s = now_s
        self._buckets: dict[str, _Bucket] = {}
        self._blocked_until_s: dict[str, float] = {}
        self._updated_s: dict[str, float] = {}

    def wait_s(self, method: str, channel: str, message: str = "") -> float:
        """How long this call has to wait; 0 if it may go now. `message` names what an update renders."""
        now = self.now_s()
        due = max(
            self._bucket(method, channel).ready_s(now) if self._is_paced(method) else now,
            self._blocked_until_s.get(_scope(method, channel), now),
            self._updated_s[message] + UPDATE_EVERY_S if message in self._updated_s else now,
        )
        return max(0.0, due - now)

    def took(self, method: str, channel: str, message: str = "") -> None:
        """The call goes out now."""
        if self._is_paced(method):
            self._bucket(method, channel).level -= 1
        self.was_updated(message)

    def was_updated(self, message: str) -> None:
        """Now at the latest: asked again when the answer is here, because a call may have been long on its way."""
        if message:
            self._updated_s[message] = self.now_s()
            self._forget_old()

    def block(self, method: str, channel: str, retry_after_s: float) -> None:
        """Slack said when to come back; a little later is safer than a little early."""
        self._blocked_until_s[_scope(method, channel)] = self.now_s() + retry_after_s + 0.1

    def _is_paced(self, method: str) -> bool:
        return method == "chat.postMessage" or method in PER_MINUTE

    def _bucket(self, method: str, channel: str) -> _Bucket:
        key = _scope(method, channel)
        if key not in self._buckets:
            burst = POST_BURST if method == "chat.postMessage" else PER_MINUTE[method] * MARGIN
            per_s = POSTS_PER_S if method == "chat.postMessage" else PER_MINUTE[method] / 60
            self._buckets[key] = _Bucket(burst, per_s * MARGIN, burst, self.now_s())
        return self._buckets[key]

    def _forget_old(self) -> None:
        if len(self._updated_s) > 1000:
            long_ago = self.now_s() - UPDATE_EVERY_S
            self._updated_s = {name: at for name, at in self._updated_s.items() if at > long_ago}


def _scope(method: str, channel: str) -> str:
    return f"{method} {channel}" if method == "chat.postMessage" else method
