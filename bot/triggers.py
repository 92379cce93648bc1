"""A trigger opens one form, however often the click that brought it is delivered."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

# A trigger lives three seconds: far more than come in that time.
REMEMBERED = 1000


class Triggers:
    """Remembers which have been used. For all threads of one bot."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._used: OrderedDict[str, None] = OrderedDict()

    def take(self, trigger_id: str) -> bool:
        """True for the first who asks: a second use would only be refused by Slack."""
        with self._lock:
            if trigger_id in self._used:
                return False
            self._used[trigger_id] = None
            if len(self._used) > REMEMBERED:
                self._used.popitem(last=False)
            return True
