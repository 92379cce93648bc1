"""What has failed is left alone for a while, longer each time, and then tried by one caller before all others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 300.0


class Circuit:
    """Whether something that may be down is worth asking. Safe for several threads."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        """`now_s`: a clock that never goes back."""
        self._now_s = now_s
        self._pause_s = 0.0  # 0 while all is well
        self._again_at_s = 0.0
        self._is_probed = False  # somebody is finding out whether it is over
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """True during an outage."""
        with self._lock:
            return self._pause_s > 0

    def may_try(self) -> bool:
        """True while all is well; in an outage once per pause, so that one caller finds out whether it is over."""
        with self._lock:
            if not self._pause_s:
                return True
            if self._now_s() < self._again_at_s:
                return False
            self._again_at_s = self._now_s() + self._pause_s
            self._is_probed = True
            return True

    def failed(self) -> bool:
        """A try has failed: pause, twice as long as before. True where an outage begins.

        Of many that were under way when it began, only the first counts.
        """
        with self._lock:
            begins = not self._pause_s
            if begins or self._is_probed:
                self._pause_s = min(LONGEST_PAUSE_S, self._pause_s * 2) or FIRST_PAUSE_S
                self._again_at_s = self._now_s() + self._pause_s
            self._is_probed = False
            return begins

    def succeeded(self) -> bool:
        """A try has worked: all is well. True where an outage ends."""
        with self._lock:
            ends, self._pause_s = self._pause_s > 0, 0.0
            return ends
