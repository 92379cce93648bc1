"""Raw words are kept for a number of days after a case's last activity; what agents said about the drafts stays."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

CASES_AT_ONCE = 20
# Between two portions others get the write lock.
PAUSE_S = 0.02


class Forgets(Protocol):
    """`core.store.forgetting` has one."""

    def forget(self, before: datetime, limit: int) -> int: ...


def forget_old_words(
    store: Forgets, now: datetime, days: int, is_over: Callable[[], bool] = lambda: False, pause_s: float = PAUSE_S
) -> int:
    """Removes the words of every case in which nothing has happened for so many days; tells of how many cases.

    Goes portion by portion, each a short transaction, and ends early when `is_over` says so.
    """
    before, count = now - timedelta(days=days), 0
    while not is_over():
        forgotten = store.forget(before, CASES_AT_ONCE)
        count += forgotten
        if forgotten < CASES_AT_ONCE:
            break
        time.sleep(pause_s)
    return count
