"""The list of what to fix first, as the store has it now."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.causes import DAYS, Gap, Line, lines_of
from core.store import Store


def fix_first(store: Store, now: datetime, days: int = DAYS, team: str | None = None) -> list[Line]:
    """Causes by topic of the bad outcomes of the last so many days; of one workspace, or without one of all."""
    listed = store.causes.listed(now - timedelta(days=days), now + timedelta(seconds=1), team)
    return lines_of(listed, _gaps(store, [one.attribution.report_id for one in listed if one.attribution.report_id]))


def _gaps(store: Store, report_ids: list[str]) -> dict[str, Gap]:
    """By report id, of those whose gap still waits."""
    if not report_ids:
        return {}
    waiting = {one.id: Gap(one.id, one.title) for one in store.gaps.groups()}
    grouped = store.gaps.grouped(report_ids)
    return {report_id: waiting[group] for report_id, group in grouped.items() if group in waiting}
