"""Who somebody is: a full member, a lead, a guest, somebody from another workspace, a bot, or ourselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, Literal, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import Busy
from core.channel_settings import DEFAULTS, ChannelSettings
from core.settings import Settings

# agent: a full member; lead, owner (of knowledge): what a full member may be besides; gone: deactivated;
# case_bot: one of AITL_CASE_BOTS, or of those a lead has named for the channel; bot: any other.
Standing = Literal["agent", "lead", "owner", "guest", "stranger", "gone", "case_bot", "bot", "ourselves"]
CACHE_S = 600.0
# More unknown members than this are asked for in one listing instead of one by one.
ONE_BY_ONE_MAX = 30
# What keeps drafts out of a channel, besides people.
ARCHIVED, GONE, LEFT, SHARED = ("archived",), ("gone",), ("left",), ("shared",)

# Without the scope nobody is a lead by their group, which `aitl doctor` says; nobody else is kept from working.
NO_GROUPS = ("plan_upgrade_required", "no_such_subteam", "subteam_not_found", "missing_scope")
_UNKNOWN_USER = ("user_not_found", "user_not_visible", "users_not_found")
_LIMITED = ("ratelimited", "rate_limited")

SetFor = Callable[[], Mapping[str, ChannelSettings]]
"""What leads have set, by channel."""

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in this workspace, from auth.test. `url`: where people read it, ending in a slash, if it is known."""

    team_id: str
    bot_user_id: str
    bot_id: str
    url: str = ""

    def thread_url(self, channel: str, thread_ts: str) -> str:
        """The address of a thread, for those who may see it; "" where it is not known."""
        return f"{self.url}archives/{channel}/p{thread_ts.replace('.', '')}" if self.url else ""


class _Cache(Generic[Value]):
    """Answers that stay good for a while."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s, self._lock = now_s, Lock()
        self._held: dict[str, tuple[float, Value]] = {}

    def get(self, key: str) -> Value | None:
        with self._lock:
            at, value = self._held.get(key, (0.0, None))
            return value if value is not None and self._now_s() - at < CACHE_S else None

    def put(self, key: str, value: Value) -> None:
        with self._lock:
            self._held[key] = (self._now_s(), value)

    def forget(self, key: str | None = None) -> None:
        with self._lock:
            self._held.clear() if key is None else self._held.pop(key, None)


@dataclass(frozen=True)
class People:
    """Asks Slack who people are, and remembers for ten minutes or until an event says otherwise.

    Where Slack does not answer, everything here raises (SlackApiError, OSError, or Busy while it wants to be left
    alone), so that the work at hand is tried again: nobody is refused because of a bad moment.
    """

    client: WebClient
    identity: Identity
    settings: Settings
    now_s: Callable[[], float] = time.monotonic
    set_for: SetFor = dict
    _users: _Cache[Standing] = field(init=False)
    _groups: _Cache[frozenset[str]] = field(init=False)
    _barriers: _Cache[tuple[str, ...]] = field(init=False)
    _direct: _Cache[str] = field(init=False)
    _left_alone_until_s: dict[str, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("_users", "_groups", "_barriers", "_direct"):
            object.__setattr__(self, name, _Cache(self.now_s))

    def standings(self, user_id: str) -> frozenset[Standing]:
        """All that this user is here; a guest named in AITL_LEADS stays a guest.

        Who may approve articles of one channel is an owner in all: an article is read everywhere.
        """
        if user_id == self.identity.bot_user_id:
            return frozenset({"ourselves"})
        if user_id in self.settings.case_bots:
            return frozenset({"case_bot"})
        standing = self._standing(user_id)
        if standing != "agent":
            return frozenset({standing})
        found: set[Standing] = {"agent"}
        if self._is_named(user_id, self.settings.leads):
            found.add("lead")
        named = self._is_named(user_id, self.settings.knowledge_owners)
        if named or any(user_id in one.approvers for one in self.set_for().values()):
            found.add("owner")
        return frozenset(found)

    def author_standings(self, message: Mapping[str, Any]) -> frozenset[Standing]:
        """The same for whoever wrote this message; a help-desk integration is named by bot, app or user id."""
        bot_id, user = message.get("bot_id"), str(message.get("user") or "")
        if bot_id == self.identity.bot_id or user == self.identity.bot_user_id:
            return frozenset({"ourselves"})
        names = {bot_id, message.get("app_id"), user} - {None, ""}
        if names & self._case_bots(str(message.get("channel") or "")):
            return frozenset({"case_bot"})
        return frozenset({"bot"}) if bot_id else self.standings(user)

    def barriers(self, channel: str) -> tuple[str, ...]:
        """What keeps drafts out of this channel; () where nothing does.

        One of ARCHIVED, GONE (deleted, or private and we are not in it), LEFT (we are not in it), SHARED (with another
        workspace), or else who may read it without being a full member, sorted.
        """
        known = self._barriers.get(channel)
        if known is None:
            known = self._find_barriers(channel)
            self._barriers.put(channel, known)
        return known

    def members_of_group(self, group: str) -> frozenset[str]:
        """Who is in a user group; nobody where there are none (free plans: the people named by id still count)."""
        known = self._groups.get(group)
        if known is None:
            try:
                known = frozenset(self._ask("usergroups.users.list", usergroup=group)["users"])
            except SlackApiError as error:
                if error.response["error"] not in NO_GROUPS:
                    raise
                known = frozenset()
            self._groups.put(group, known)
        return known

    def direct_channel(self, user_id: str) -> str:
        """The conversation between this person and us."""
        known = self._direct.get(user_id)
        if known is None:
            known = str(self._ask("conversations.open", users=user_id)["channel"]["id"])
            self._direct.put(user_id, known)
        return known

    def learn(self, user: Mapping[str, Any]) -> Standing | None:
        """Somebody's profile changed: what they are now, None where that is what was known.

        It is asked for again when it matters: news may come late.
        """
        before, now = self._users.get(user["id"]), self._standing_of(user)
        if before == now:
            return None
        self._users.forget(user["id"])
        self._barriers.forget()
        return now

    def forget_channel(self, channel: str) -> None:
        """Its members changed, or with whom it is shared."""
        self._barriers.forget(channel)

    def forget_groups(self) -> None:
        """Some user group's members changed."""
        self._groups.forget()

    def _case_bots(self, channel: str) -> set[str]:
        """Whose posts are cases there."""
        return {*self.settings.case_bots, *self.set_for().get(channel, DEFAULTS).bots}

    def _is_named(self, user_id: str, named: tuple[str, ...]) -> bool:
        """True for those named by id, and for the members of the groups that are named."""
        return user_id in named or any(user_id in self.members_of_group(one) for one in named if one.startswith("S"))

    def _standing(self, user_id: str) -> Standing:
        known = self._users.get(user_id)
        if known is None:
            try:
                known = self._standing_of(self._ask("users.info", user=user_id)["user"])
            except SlackApiError as error:
                if error.response["error"] not in _UNKNOWN_USER:
                    raise
                known = "stranger"
            self._users.put(user_id, known)
        return known

    def _standing_of(self, user: Mapping[str, Any]) -> Standing:
        if user.get("deleted"):
            return "gone"
        if user.get("is_bot") or user.get("id") == "USLACKBOT":
            return "bot"
        if user.get("is_stranger") or user.get("team_id", self.identity.team_id) != self.identity.team_id:
            return "stranger"
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            return "guest"
        return "agent"

    def _find_barriers(self, channel: str) -> tuple[str, ...]:
        try:
            info = self._ask("conversations.info", channel=channel)["channel"]
        except SlackApiError as error:
            if error.response["error"] != "channel_not_found":
                raise
            return GONE
        if info.get("is_archived"):
            return ARCHIVED
        if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
            return SHARED
        if info.get("is_member") is False:
            return LEFT
        members = list(self._pages("conversations.members", "members", channel=channel))
        if sum(self._users.get(one) is None for one in members) > ONE_BY_ONE_MAX:
            for user in self._pages("users.list", "members"):
                self._users.put(user["id"], self._standing_of(user))
        return tuple(sorted(one for one in members if self._standing(one) in ("guest", "stranger")))

    def _pages(self, method: str, key: str, **arguments: str) -> Iterator[Any]:
        cursor = ""
        while True:
            paging = {"cursor": cursor} if cursor else {}
            answer = self._ask(method, **{"limit": "200", **paging, **arguments})
            yield from answer[key]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _ask(self, method: str, **arguments: str) -> SlackResponse:
        """One look-up. Raises Busy from the moment Slack asks to be left alone until that time is over."""
        left_s = self._left_alone_until_s.get(method, 0.0) - self.now_s()
        if left_s > 0:
            raise Busy(method, left_s)
        try:
            return self.client.api_call(method, params=arguments)
        except SlackApiError as error:
            if error.response["error"] not in _LIMITED:
                raise
            # A little later is safer than a little early.
            left_s = float(error.response.headers.get("Retry-After", 1)) + 0.1
            self._left_alone_until_s[method] = self.now_s() + left_s
            raise Busy(method, left_s) from error
