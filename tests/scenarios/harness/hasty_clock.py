"""A clock for the local Slack on which long waits are short: a minute until a retry passes in three seconds."""

from __future__ import annotations

import asyncio
import time


class HastyClock:
    """The machine's own time; whoever sleeps on it sleeps three seconds at most, the time to acknowledge."""

    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 3.0))

    async def sleep_until(self, moment: float) -> None:
        await self.sleep(max(0.0, moment - self.now()))
