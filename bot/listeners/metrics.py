"""`/aitl metrics`: one period at a glance for the lead who asks, all figures behind a button, shown to all by another.

Both buttons say up to which second the period goes, so that what is shown later is what was seen.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot import ids
from bot.blocks.glance import build_glance
from bot.blocks.metrics import PERIODS, build_metrics
from bot.desk import Block, Desk
from bot.listeners.place import require_no_barrier
from bot.mrkdwn import escape
from bot.refs import PeriodRef
from core.errors import InvalidAnnotation
from core.metrics.periods import DAYS
from core.metrics.summary import last_days
from core.overview import Overview, read_overview
from core.store.records import Work


def show_metrics(text: str, desk: Desk) -> Block:
    """The answer to the command. Raises InvalidAnnotation for a period that is none."""
    wanted = text.strip().lower() or f"{DAYS}d"
    days = {f"{period}d": period for period in PERIODS}.get(wanted)
    if days is None:
        raise InvalidAnnotation(f"{escape(wanted[:20])} is no period; write /aitl metrics 7d, 30d or 90d.")
    period = PeriodRef.ending(desk.clock(), days)
    return build_glance(_overview(period, desk), desk.identity.thread_url, buttons=period.dumps())


def work_metrics(work: Work, desk: Desk) -> None:
    """A lead wants all figures, or shows the few to the channel where they asked."""
    click = work.payload
    desk.permissions.require(click["action_id"], click["user"])
    period = PeriodRef.loads(click["value"])
    if click["action_id"] == ids.ALL_FIGURES:
        desk.answer(work.key, click["response_url"], build_metrics(_overview(period, desk), desk.identity.thread_url))
        return
    channel = click["channel"]
    require_no_barrier(desk, channel)
    glance = build_glance(_overview(period, desk), desk.identity.thread_url, shared_by=click["user"])
    # The same figures are shown to a channel once, however often somebody clicks.
    desk.send(
        f"shared:{channel}:{click['value']}", "chat.postMessage", {"channel": channel, **glance}, purpose="notice"
    )


def _overview(period: PeriodRef, desk: Desk) -> Overview:
    zone = ZoneInfo(desk.settings.timezone)
    return read_overview(desk.store, last_days(period.days, period.until), desk.identity.team_id, zone)
