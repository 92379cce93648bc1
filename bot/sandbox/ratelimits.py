"""Slack's rate tiers: how many calls a minute each method takes, and a note when the app does not wait."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.journal import Journal

# Calls per minute. "special" has no published number; this one is only there to stop a loop gone wild.
PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "special": 1200}
POSTS_PER_SECOND = 1.0
POST_BURST = 3.0


@dataclass
class Bucket:
    """Calls that may still be made at once, refilled evenly."""

    capacity: float
    per_second: float
    level: float
    updated_at: float
    blocked_until: float = 0.0


class RateLimits:
    """One bucket per method, and for chat.postMessage one per channel."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal
        self._buckets: dict[str, Bucket] = {}

    def wait_s(self, method: str, tier: str, channel: str | None) -> int:
        """0 if the call may go through, else the whole seconds to wait before the next try."""
        return self._take(*self._bucket(method, tier, channel))

    def block(self, method: str, tier: str, channel: str | None, seconds: int) -> None:
        """Take no call for a while, as after an answer that said so."""
        self._bucket(method, tier, channel)[1].blocked_until = self._clock.now() + seconds

    def _bucket(self, method: str, tier: str, channel: str | None) -> tuple[str, Bucket]:
        key, capacity, per_second = method, float(PER_MINUTE[tier]), PER_MINUTE[tier] / 60
        if method == "chat.postMessage":
            key, capacity, per_second = f"{method} in {channel}", POST_BURST, POSTS_PER_SECOND
        return key, self._buckets.setdefault(key, Bucket(capacity, per_second, capacity, self._clock.now()))

    def _take(self, key: str, bucket: Bucket) -> int:
        now = self._clock.now()
        if now < bucket.blocked_until:
            self._journal.breach("ignored_retry_after", f"called {key} {bucket.blocked_until - now:.1f} s too early")
            return max(1, math.ceil(bucket.blocked_until - now))
        bucket.level = min(bucket.capacity, bucket.level + (now - bucket.updated_at) * bucket.per_second)
        bucket.updated_at = now
        if bucket.level >= 1:
            bucket.level -= 1
            return 0
        wait_s = max(1, math.ceil((1 - bucket.level) / bucket.per_second))
        bucket.blocked_until = now + wait_s
        return wait_s
