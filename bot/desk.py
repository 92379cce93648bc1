"""What every listener and every piece of work is handed; and the few things that many of them do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_sdk import WebClient

from bot.inbox import ASKED, DEPLOYS, DRAFTS, Delivery
from bot.people import Identity, People
from bot.permissions import Permissions
from bot.triggers import Triggers
from core.channel_settings import ChannelSettings
from core.clicks import FORGOTTEN
from core.clock import Clock
from core.errors import TooLate, UnknownGap, UnknownSuggestion
from core.feedback import Feedback
from core.gap_queue import GapQueue
from core.knowledge.gaps import GapGroup
from core.settings import Settings
from core.store import Store
from core.store.records import Work
from core.values import Case, Suggestion

OUT = "out"
Block = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """One per running bot. `wake(lane)` tells the threads of a lane that there is work.

    `give_up(sentence)` ends the process with exit code 1, after a clean stop: the sentence says why and what to do.
    """

    settings: Settings
    store: Store
    feedback: Feedback
    gaps: GapQueue
    clock: Clock
    people: People
    permissions: Permissions
    client: WebClient
    identity: Identity
    wake: Callable[[str], None]
    give_up: Callable[[str], None]
    triggers: Triggers = field(default_factory=Triggers)

    def put(self, delivery: Delivery, not_before: datetime | None = None) -> None:
        """Keep a delivery, to be worked off from then on; a second one with its key changes nothing."""
        team = self.identity.team_id
        self.store.inbox.put(delivery.key, delivery.kind, delivery.lane, delivery.payload, not_before, team)
        self.wake(delivery.lane)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything kept inside is kept together or not at all; who waits for it is woken when it is there."""
        with self.store.transaction():
            yield
        for lane in (DRAFTS, ASKED, DEPLOYS, OUT):
            self.wake(lane)

    def send(
        self,
        key: str,
        method: str,
        arguments: Mapping[str, Any],
        *,
        purpose: str = "",
        subject: str = "",
        order_key: str = "",
        not_before: datetime | None = None,
    ) -> None:
        """Have a call made once; `key` says which effect it is, so that asking twice does it once."""
        self.store.outbox.put(
            key,
            method,
            dict(arguments),
            subject=subject,
            purpose=purpose,
            order_key=order_key or key,
            not_before=not_before,
            team=self.identity.team_id,
        )
        self.wake(OUT)

    def tell(self, key: str, user: str, channel: str, message: Block, thread_ts: str = "") -> None:
        """Something that only this person sees, in the thread it is about."""
        if not channel:
            return
        arguments = {"channel": channel, "user": user, **message}
        if thread_ts:
            arguments["thread_ts"] = thread_ts
        self.send(f"tell:{key}", "chat.postEphemeral", arguments, purpose="tell")

    def write_to(self, key: str, user: str, message: Block) -> None:
        """A direct message to this person, once: for what comes later, or where there is no channel."""
        self.send(f"direct:{key}", "chat.postMessage", {"user": user, **message}, purpose="direct")

    def show(self, key: str, view_id: str, view: Block) -> None:
        """Another content for a view that is open, after those asked for before; nothing where it was closed."""
        arguments = {"view_id": view_id, "view": view}
        self.send(f"view:{key}", "views.update", arguments, purpose="answer", order_key=f"view:{view_id}")

    def answer(self, key: str, response_url: str, message: Block) -> None:
        """Answer privately through a response address: also works where the bot is no member."""
        if response_url:
            arguments = {"url": response_url, "body": {"response_type": "ephemeral", **message}}
            self.send(f"answer:{key}", "response_url", arguments, purpose="answer")

    def refresh(self, suggestion_id: str) -> None:
        """Render the suggestion message anew, from what is true at the moment of sending."""
        self.store.outbox.put_update(
            subject=suggestion_id,
            purpose="suggestion_update",
            order_key=f"suggestion:{suggestion_id}",
            team=self.identity.team_id,
        )
        self.wake(OUT)

    def draft(self, case_id: str, revision: int, because: str = "", settle_s: float = 0.0, lane: str = DRAFTS) -> None:
        """Have the next revision drafted, once what is being said has settled; asking twice for one drafts it once."""
        key = f"draft:{case_id}:{revision}" + (f":{because}" if because else "")
        not_before = self.clock() + timedelta(seconds=settle_s) if settle_s else None
        self.put(Delivery(key, "draft", lane, {"case_id": case_id, "revision": revision}), not_before)

    def is_watched(self, channel: str) -> bool:
        """True for a case channel: those of AITL_CASE_CHANNELS, or else those that a lead has turned on."""
        return channel in self.watched()

    def watched(self) -> set[str]:
        """The case channels, by the ids they have now and those they had before."""
        team, chosen = self.identity.team_id, set(self.settings.case_channels)
        if chosen:
            return chosen | self.store.channels.renamed(team, chosen)
        return self.store.channels.watched(team)

    def set_for(self, channel: str) -> ChannelSettings:
        """What a lead has set for this channel."""
        return self.store.channels.settings(self.identity.team_id, channel)

    def may_disturb(self, key: str, agent: str, channel: str) -> bool:
        """Whether an agent may now be asked or told what they did not ask for; `key` says what, so it counts once.

        Never in the channel's quiet hours, nor more often in a day than its budget or else AITL_DAILY_BUDGET.
        """
        here = self.set_for(channel)
        if here.is_quiet(self.clock(), ZoneInfo(self.settings.timezone)):
            return False
        budget = self.settings.daily_budget if here.daily_budget is None else here.daily_budget
        return self.store.told.may_ask(key, self.identity.team_id, agent, channel, budget)

    def live_suggestion(self, suggestion_id: str) -> tuple[Suggestion, Case]:
        """The suggestion somebody clicked on, and its case. Raises TooLate for one that is over."""
        suggestion = self.store.suggestions.get(suggestion_id)
        state = self.store.suggestions.state(suggestion_id)
        if state == "superseded":
            raise TooLate("These drafts were replaced by newer ones further down in the thread; please use those.")
        if state == "withdrawn":
            raise TooLate("These drafts were withdrawn, so nothing was changed.")
        if state == "forgotten":
            raise TooLate(FORGOTTEN)
        case = self.store.cases.get(suggestion.case_id)
        if case.team != self.identity.team_id:
            raise UnknownSuggestion(suggestion_id)
        return suggestion, case

    def gap(self, group_id: str) -> GapGroup:
        """The gap somebody clicked on. Raises UnknownGap, also for one of another workspace."""
        group = self.store.gaps.group(group_id)
        if group.team != self.identity.team_id:
            raise UnknownGap(group_id)
        return group


Handler = Callable[[Work, Desk], None]


def moment_of(work: Work) -> datetime:
    """When somebody did this, by Slack's clock where it says so: all orders and latencies are counted from it."""
    ts = work.payload.get("action_ts") or work.payload.get("event_ts")
    return moment(ts) if ts else work.received_at


def moment(ts: str) -> datetime:
    """Slack's `1700000000.000100` as a moment in UTC."""
    return datetime.fromtimestamp(float(ts), UTC)
