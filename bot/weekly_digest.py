"""The weekly digest: on Mondays the leads' channel hears, once, how the week before went; nothing of an empty one.

A week is named by its Monday, by the clock of AITL_TIMEZONE; the name is the key under which the digest is kept, so a
bot that starts again, or a second one of the same workspace, does not tell it twice.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot import ids
from bot.blocks.digest import build_digest
from bot.calls import POST_QUIETLY, Call, digest
from bot.desk import Desk
from core.metrics.summary import Span
from core.overview import read_overview
from core.store.records import Sending

PURPOSE = "weekly_digest"
HOUR = 9  # on Monday, or as soon as a bot runs after it
EVERY_S = 60.0
_WEEK = timedelta(days=7)


def ask_for_digest(desk: Desk) -> None:
    """One round: has the digest of the week that ended last told, where it is time and nobody has told it."""
    if not desk.settings.leads_channel:
        return
    monday = monday_to_tell(desk.clock(), ZoneInfo(desk.settings.timezone))
    if monday is not None:
        key = f"{PURPOSE}:{desk.identity.team_id}:{monday}"
        if not desk.store.outbox.has(key):
            desk.send(key, "", {}, purpose=PURPOSE, subject=monday.isoformat())


def render_digest(sending: Sending, desk: Desk) -> Call | None:
    """The digest of the week before that Monday; None where nothing happened, or the leads have no channel."""
    zone = ZoneInfo(desk.settings.timezone)
    span = week_before(date.fromisoformat(sending.subject), zone)
    overview = read_overview(desk.store, span, desk.identity.team_id, zone)
    if overview.is_empty or not desk.settings.leads_channel:
        return None
    mark = {"event_type": ids.NOTICE_EVENT, "event_payload": {"key": digest(sending.key)}}
    message = build_digest(overview, desk.identity.thread_url)
    where = {"channel": desk.settings.leads_channel, "metadata": mark}
    return Call("chat.postMessage", {**where, **POST_QUIETLY, **message})


def monday_to_tell(now: datetime, zone: ZoneInfo) -> date | None:
    """The Monday of this week, from its ninth hour on; None before it."""
    here = now.astimezone(zone)
    monday = here.date() - timedelta(days=here.weekday())
    return monday if here >= datetime.combine(monday, time(HOUR), zone) else None


def week_before(monday: date, zone: ZoneInfo) -> Span:
    """From one Monday's midnight to the next, on the clocks there."""
    since, until = (datetime.combine(day, time(0), zone) for day in (monday - _WEEK, monday))
    return Span(since, until, "last week", "the week before")
