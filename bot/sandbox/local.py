"""The parts of the local Slack, put together: what the Web API and the people's windows both work on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Delivery
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.handles import Handles
from bot.sandbox.ids import Ids
from bot.sandbox.interactions import Interactions
from bot.sandbox.journal import Breach, Journal
from bot.sandbox.manifest import Manifest
from bot.sandbox.ratelimits import RateLimits
from bot.sandbox.state import State, Team
from bot.sandbox.stream import Stream
from bot.sandbox.views import Views
from bot.sandbox.workspace import Workspace
from bot.sandbox.world import TEAM, InstalledApp, install, populate


@dataclass
class LocalSlack:
    """Everything there is in one running sandbox. Belongs to the server's event loop."""

    app: InstalledApp
    state: State
    clock: Clock
    ids: Ids
    journal: Journal
    stream: Stream
    delivery: Delivery
    events: Events
    workspace: Workspace
    views: Views
    handles: Handles
    interactions: Interactions
    faults: Faults
    limits: RateLimits | None
    base_url: str
    held: dict[tuple[str, str], dict[str, dict[str, dict[str, Any]]]]
    tickets: set[str]
    refusal: str = ""  # what the bot token is answered with once the app was taken out of the workspace
    request_url: str = ""
    is_free_plan: bool = False
    refused_blocks: frozenset[str] = frozenset()  # types that this workspace does not have yet
    files_take_s: float = 0.0  # from the end of an upload until a block may show the file
    uploads: dict[str, str] = field(default_factory=dict)  # the secret of an upload's address -> file id


def build_local_slack(
    manifest: Manifest, clock: Clock, base_url: str, *, rate_limits: bool, seed: int, team: Team = TEAM
) -> LocalSlack:
    """A workspace with the app installed and nobody connected yet."""
    app = install(manifest)
    state = populate(app, team)
    ids = Ids(clock, seed)
    journal = Journal(clock)
    stream = Stream()
    delivery = Delivery(clock, ids, journal, seed)
    events = Events(app, state, delivery, ids, clock)
    views = Views(app, state.team.id, ids, stream)
    handles = Handles(clock, ids, journal)
    journal.on_breach = lambda breach: stream.publish(_breach_update(breach))
    return LocalSlack(
        app=app,
        state=state,
        clock=clock,
        ids=ids,
        journal=journal,
        stream=stream,
        delivery=delivery,
        events=events,
        workspace=Workspace(state, events, stream, ids),
        views=views,
        handles=handles,
        interactions=Interactions(app, state, views, handles, ids, base_url),
        faults=Faults(),
        limits=RateLimits(clock, journal) if rate_limits else None,
        base_url=base_url,
        held={},
        tickets=set(),
    )


def _breach_update(breach: Breach) -> dict[str, Any]:
    return {"type": "violation", "rule": breach.rule, "detail": breach.detail, "at": breach.at}
