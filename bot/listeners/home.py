"""The app's Home, for whoever opens it: answered from our own database, without any model.

Counting a large team's figures takes seconds, in which no event may wait: leads' Homes have a lane for what takes long.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot import ids
from bot.blocks.elements import Block, divider, header
from bot.blocks.gaps import gap_list
from bot.blocks.glance import build_overview
from bot.blocks.help import build_help
from bot.blocks.home import build_home
from bot.blocks.knowledge_health import build_knowledge_health
from bot.blocks.notes import build_note
from bot.desk import Desk
from bot.inbox import DEPLOYS, Delivery
from core.effects import effect_of
from core.knowledge_health import knowledge_health
from core.metrics.periods import DAYS
from core.metrics.summary import last_days
from core.overview import read_overview
from core.store.records import Work

GAPS_SHOWN = 5

SWITCHED_OFF = (
    "I will not tell you any more. My Home always says what your feedback changed, and has the switch to turn this on."
)


def work_app_home_opened(work: Work, desk: Desk) -> None:
    """Publish this person's Home; for anybody but agents whom to ask, in place of what may be there."""
    if work.payload.get("tab", "home") == "home":
        publish(work, work.payload["user"], desk)


def work_news(work: Work, desk: Desk) -> None:
    """Somebody switches the weekly message off or on, in the message itself or in their Home."""
    click = work.payload
    user, is_wanted = click["user"], click["action_id"] == ids.NEWS_ON
    desk.permissions.require(ids.NEWS, user)
    desk.store.told.switch_news(desk.identity.team_id, user, is_wanted=is_wanted)
    if click["response_url"]:
        replaced = {"url": click["response_url"], "body": {"replace_original": True, **build_note(SWITCHED_OFF)}}
        desk.send(f"switched:{work.key}", "response_url", replaced, purpose="answer")
    else:
        publish(work, user, desk)


def publish(work: Work, user: str, desk: Desk) -> None:
    """What this person's Home shows from now on."""
    if not desk.permissions.allows("home", user):
        _show({"type": "home", "blocks": build_note(desk.permissions.refusal("home"))["blocks"]}, work, user, desk)
    elif "lead" in desk.people.standings(user):
        desk.put(Delivery(f"{work.key}:lead", "home_of_lead", DEPLOYS, {"user": user}))
    else:
        _show(_home(user, [], desk), work, user, desk)


def work_home_of_lead(work: Work, desk: Desk) -> None:
    """The same with the team's figures and gaps, as long as they are a lead."""
    user = work.payload["user"]
    if "lead" in desk.people.standings(user):
        _show(_home(user, _of_the_team(desk), desk), work, user, desk)
    else:
        publish(work, user, desk)


def _show(view: Block, work: Work, user: str, desk: Desk) -> None:
    desk.send(f"home:{work.key}", "views.publish", {"user_id": user, "view": view}, order_key=f"home:{user}")


def _home(user: str, of_the_team: list[Block], desk: Desk) -> Block:
    """Of other agents' feedback it holds nothing."""
    team = desk.identity.team_id
    is_wanted = desk.store.told.wants_news(team, user)
    shown_help = build_help(desk.settings.reactions, bool(of_the_team))["blocks"]
    return build_home(effect_of(desk.store, team, user), is_wanted, of_the_team, shown_help)


def _of_the_team(desk: Desk) -> list[Block]:
    team, zone = desk.identity.team_id, ZoneInfo(desk.settings.timezone)
    overview = read_overview(desk.store, last_days(DAYS, desk.clock()), team, zone)
    title = header(f"How the drafts did {overview.span.named}")
    gaps = gap_list(desk.gaps.listed(team), desk.clock(), GAPS_SHOWN)
    health = build_knowledge_health(knowledge_health(desk.store, desk.clock()))["blocks"]
    return [title, *build_overview(overview, desk.identity.thread_url), divider(), *gaps, divider(), *health]
