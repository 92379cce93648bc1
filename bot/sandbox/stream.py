"""Live updates for the page: one queue per open window, read as Server-Sent Events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

KEEP_OPEN_S = 15.0


@dataclass(eq=False)
class Window:
    """One page that listens, as one user."""

    user_id: str
    queue: asyncio.Queue[dict[str, Any] | None] = field(default_factory=asyncio.Queue)


class Stream:
    """Hands every update to the windows of those who may see it."""

    def __init__(self) -> None:
        self._windows: set[Window] = set()

    def publish(self, update: dict[str, Any], to: set[str] | None = None) -> None:
        """Send an update to everybody, or only to the users in `to`."""
        for window in self._windows:
            if to is None or window.user_id in to:
                window.queue.put_nowait(update)

    def close(self) -> None:
        """End every open window's stream."""
        for window in self._windows:
            window.queue.put_nowait(None)

    async def lines(self, user_id: str) -> AsyncIterator[str]:
        """The event stream of one window, kept open by a comment when nothing happens."""
        window = Window(user_id)
        self._windows.add(window)
        try:
            yield ": open\n\n"
            while True:
                try:
                    update = await asyncio.wait_for(window.queue.get(), KEEP_OPEN_S)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if update is None:
                    return
                yield f"data: {json.dumps(update)}\n\n"
        finally:
            self._windows.discard(window)
