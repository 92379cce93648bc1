"""What the doctor says of the schedule: does anybody keep it, and how did the last retraining end?"""

from __future__ import annotations

from datetime import datetime

from bot.blocks.retraining import UNTOUCHED, moment_in_words
from core.store import Store
from core.store.leadership import SCHEDULER


def check_schedule(store: Store, now: datetime) -> str:
    """One sentence. Raises ValueError where a scheduler died, or the last retraining failed."""
    lease, last = store.leases.get(SCHEDULER), store.retrainings.last_ended()
    if lease is not None and lease.holder and lease.until < now:
        raise ValueError(
            f"The scheduler was last heard of at {moment_in_words(lease.until)} and did not stop by itself; "
            "start it again with aitl run or aitl schedule."
        )
    if last is not None and last.state == "failed" and last.finished_at is not None:
        raise ValueError(
            f"The retraining that ended at {moment_in_words(last.finished_at)} failed: {last.outcome.get('reason')} "
            f"{UNTOUCHED} Once the cause is gone, have another one run with /aitl retrain or aitl train."
        )
    runs = lease is not None and bool(lease.holder)
    keeps = "a scheduler runs" if runs else "no scheduler runs; aitl run starts one, or aitl schedule"
    if last is None or last.finished_at is None:
        return f"{keeps}; no retraining has ended yet"
    return f"{keeps}; the last retraining ended at {moment_in_words(last.finished_at)}: {last.outcome.get('reason')}"
