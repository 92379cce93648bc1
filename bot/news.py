"""Agents are told what their feedback changed: seldom, never in quiet hours, and not at all where they don't want it.

Whose turn it is, and that it is over, is kept in one transaction with the message: so it is sent once, whichever
process does it and whenever one dies.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocks.home import build_news
from bot.desk import Desk
from core.effects import effect_of, whose_feedback_counted

LOOK_EVERY_S = 300.0
# What could not be told in all this time is no news any more; the Home still has it.
NEWS_FOR = timedelta(days=14)
PURPOSE = "news"


def tell_news(desk: Desk) -> None:
    """One round: everybody for whom there is something new, and whose turn it is."""
    for agent in sorted(whose_feedback_counted(desk.store, desk.identity.team_id)):
        if desk.store.told.may_tell(desk.identity.team_id, agent):
            _tell(desk, agent)


def quiet_until(desk: Desk, agent: str) -> datetime | None:
    """When the quiet hours are over of all channels in which this agent works; None where none hold now."""
    now, zone = desk.clock(), ZoneInfo(desk.settings.timezone)
    of_theirs = [desk.set_for(one) for one in desk.store.own_feedback.channels(desk.identity.team_id, agent)]
    ends = [one.quiet.over_at(now, zone) for one in of_theirs if one.quiet is not None and one.is_quiet(now, zone)]
    return max(ends, default=None)


def _tell(desk: Desk, agent: str) -> None:
    team, now = desk.identity.team_id, desk.clock()
    effect = effect_of(desk.store, team, agent, _told_until(desk, agent, now))
    key = f"news:{team}:{agent}:{now:%Y-%m-%d}"
    if not effect or quiet_until(desk, agent) is not None:
        return
    channels = sorted(desk.store.own_feedback.channels(team, agent))
    with desk.together():
        # One channel that has room is enough: the message is about all of them.
        has_room = any(desk.may_disturb(key, agent, channel) for channel in channels)
        if has_room and desk.store.told.take_turn(team, agent):
            message = {"channel": agent, **build_news(effect)}
            desk.send(key, "chat.postMessage", message, purpose=PURPOSE, subject=agent)


def _told_until(desk: Desk, agent: str, now: datetime) -> datetime:
    oldest = now - NEWS_FOR
    told_at = desk.store.told.news_told_at(desk.identity.team_id, agent)
    return oldest if told_at is None else max(told_at, oldest)
