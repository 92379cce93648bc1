"""A clock for the local Slack on which long waits are short: a minute until a retry passes in three seconds."""

from __future__ import annotations

import asyncio
import time


class HastyClock:
    """The machine's own time; whoever would sleep for half a minute or more sleeps three seconds."""

    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds if seconds < 30 else 3.0)

    async def sleep_until(self, moment: float) -> None:
        await self.sleep(max(0.0, moment - self.now()))
