"""Whether enough was said since the last retraining for one that nobody asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.clock import Clock
from core.store.store import Store

# The evidence of a few hours changes little, and training takes the machine from those who wait for drafts.
APART = timedelta(hours=6)
ENDED_WELL = ("registered", "skipped")
LOOKED_BACK = 10  # cycles, of which some may have failed


def ask_if_enough(store: Store, clock: Clock, fewest: int) -> bool:
    """Ask for a retraining where so many new annotations may teach; True where it was asked for.

    New is what was said since the last one began that ended, whatever its verdict and whoever started it. One that
    broke is not tried again by this, but on the cadence, or when somebody asks.
    """
    last = _last_began(store)
    if store.retrainings.under_way() is not None or (last is not None and clock() - last < APART):
        return False
    if store.cycles.may_teach_since(last) < fewest:
        return False
    return store.retrainings.ask(f"annotations:{last.isoformat() if last else 'first'}", "annotations")


def _last_began(store: Store) -> datetime | None:
    """Those of the scheduler, and those that somebody ran on a terminal."""
    by_hand = [cycle.started_at for cycle in store.cycles.latest(LOOKED_BACK) if cycle.ending in ENDED_WELL]
    scheduled = store.retrainings.last_started()
    return max([*by_hand, *([] if scheduled is None else [scheduled])], default=None)
