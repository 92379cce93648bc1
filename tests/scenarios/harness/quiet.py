"""Whether everything is done that is to be done now."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import col

from core.store import Store
from core.store.tables import OutboxRow
from core.store.tables.work import WAITING

LANES = ("clicks", "events", "drafts", "asked", "deploys")


def is_quiet(store: Store) -> bool:
    """Only replies whose minute is not over may still wait."""
    unmade = select(func.count()).select_from(OutboxRow).where(WAITING, col(OutboxRow.purpose) != "settle")
    with store.engine.connect() as connection:
        calls = connection.scalar(unmade)
    return not calls and not any(store.inbox.pending(lane) for lane in LANES)
