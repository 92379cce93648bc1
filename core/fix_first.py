"""The list of what to fix first, as the store has it now."""

from __future__ import annotations

from datetime import datetime

from core.causes import Gap, Line, lines_of
from core.store import Store


def fix_first(store: Store, since: datetime, until: datetime, team: str | None = None) -> list[Line]:
    """Causes by topic of the bad outcomes in [since, until); of one workspace, or without one of all."""
    listed = store.causes.listed(since, until, team)
    return lines_of(listed, _gaps(store, [one.attribution.report_id for one in listed if one.attribution.report_id]))


def _gaps(store: Store, report_ids: list[str]) -> dict[str, Gap]:
    """By report id, of those whose gap still waits."""
    if not report_ids:
        return {}
    waiting = {one.id: Gap(one.id, one.title) for one in store.gaps.groups()}
    grouped = store.gaps.grouped(report_ids)
    return {report_id: waiting[group] for report_id, group in grouped.items() if group in waiting}
