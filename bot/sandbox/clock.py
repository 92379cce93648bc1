"""Where the local Slack takes its time from: the machine, or a hand that tests move."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any, Protocol


class Clock(Protocol):
    """Tells the time and waits for it."""

    def now(self) -> float:
        """Seconds since 1970, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed on this clock."""

    async def sleep_until(self, moment: float) -> None:
        """Return once this clock shows `moment`; at once where it does already."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        return time.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def sleep_until(self, moment: float) -> None:
        await self.sleep(max(0.0, moment - self.now()))


class ManualClock:
    """Time that stands still until `advance` is called, from any thread."""

    def __init__(self, start: float = 1_760_000_000.0) -> None:
        self._now = start
        self._lock = threading.Lock()
        self._sleepers: list[tuple[float, asyncio.AbstractEventLoop, asyncio.Future[None]]] = []

    def now(self) -> float:
        with self._lock:
            return self._now

    def advance(self, seconds: float) -> None:
        """Move time forward and wake whoever was due."""
        with self._lock:
            self._now += seconds
            due = [sleeper for sleeper in self._sleepers if sleeper[0] <= self._now]
            self._sleepers = [sleeper for sleeper in self._sleepers if sleeper[0] > self._now]
        for _, loop, future in due:
            loop.call_soon_threadsafe(_finish, future)

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self.now() + seconds)

    async def sleep_until(self, moment: float) -> None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        with self._lock:
            sleeper = (moment, loop, future)
            if moment > self._now:
                self._sleepers.append(sleeper)
            else:
                future.set_result(None)
        try:
            await future
        finally:
            with self._lock:
                if sleeper in self._sleepers:
                    self._sleepers.remove(sleeper)


async def done_by(clock: Clock, future: asyncio.Future[Any], moment: float) -> bool:
    """True if `future` is done before `clock` shows `moment`, which may have been moved on meanwhile."""
    timer = asyncio.ensure_future(clock.sleep_until(moment))
    await asyncio.wait({future, timer}, return_when=asyncio.FIRST_COMPLETED)
    timer.cancel()
    return future.done()


def _finish(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
