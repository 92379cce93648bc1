"""Who somebody is: an agent (full member), a lead, a guest, somebody from another workspace, or a bot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, Literal, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from core.errors import NotAllowed
from core.settings import Settings

Standing = Literal["agent", "guest", "stranger", "bot", "gone"]
CACHE_S = 600.0
# More unknown members than this are asked for in one listing instead of one by one.
ONE_BY_ONE_MAX = 30

# Without the scope nobody is a lead by their group, which `aitl doctor` says; nobody else is kept from working.
NO_GROUPS = ("plan_upgrade_required", "no_such_subteam", "subteam_not_found", "missing_scope")

Value = TypeVar("Value")


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
    """Asks Slack who people are, and remembers for ten minutes or until an event says otherwise."""

    client: WebClient
    team_id: str
    settings: Settings
    now_s: Callable[[], float] = time.monotonic
    _users: _Cache[Standing] = field(init=False)
    _groups: _Cache[frozenset[str]] = field(init=False)
    _outsiders: _Cache[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        for name in ("_users", "_groups", "_outsiders"):
            object.__setattr__(self, name, _Cache(self.now_s))

    def standing(self, user_id: str) -> Standing:
        """Raises SlackApiError where Slack does not answer, so that the work is tried again."""
        known = self._users.get(user_id)
        if known is None:
            try:
                known = self._standing_of(self.client.users_info(user=user_id)["user"])
            except SlackApiError as error:
                if error.response["error"] not in ("user_not_found", "user_not_visible", "users_not_found"):
                    raise
                known = "stranger"
            self._users.put(user_id, known)
        return known

    def is_agent(self, user_id: str) -> bool:
        """True for a full member of this workspace."""
        return self.standing(user_id) == "agent"

    def require_agent(self, user_id: str) -> None:
        """Raises NotAllowed for everybody who is no full member of this workspace."""
        if not self.is_agent(user_id):
            raise NotAllowed("Only full members of this workspace can do this; ask one of them to do it for you.")

    def is_lead(self, user_id: str) -> bool:
        """True for the users of AITL_LEADS and for members of its user groups."""
        groups = [name for name in self.settings.leads if name.startswith("S")]
        return user_id in self.settings.leads or any(user_id in self._members_of_group(group) for group in groups)

    def require_lead(self, user_id: str) -> None:
        """Raises NotAllowed with whom to ask."""
        if not self.is_lead(user_id):
            raise NotAllowed(f"Only leads can do this: {self.whom_to_ask()}")

    def whom_to_ask(self) -> str:
        """Escaped mrkdwn that names the leads."""
        if not self.settings.leads:
            return "there is no lead yet, so ask whoever runs AITL to set AITL_LEADS."
        names = [f"<!subteam^{one}>" if one.startswith("S") else f"<@{one}>" for one in self.settings.leads]
        return f"please ask {' or '.join(names[:5])}."

    def outsiders(self, channel: str) -> tuple[str, ...]:
        """Who may read this channel without being a full member, sorted; ("shared",) for a channel shared outside.

        Raises SlackApiError where Slack does not answer.
        """
        known = self._outsiders.get(channel)
        if known is None:
            known = self._find_outsiders(channel)
            self._outsiders.put(channel, known)
        return known

    def forget_user(self, user_id: str) -> None:
        """Their profile changed."""
        self._users.forget(user_id)
        self._outsiders.forget()

    def forget_channel(self, channel: str) -> None:
        """Its members changed, or with whom it is shared."""
        self._outsiders.forget(channel)

    def forget_groups(self) -> None:
        """Some user group's members changed."""
        self._groups.forget()

    def _find_outsiders(self, channel: str) -> tuple[str, ...]:
        info = self.client.conversations_info(channel=channel)["channel"]
        if info.get("is_ext_shared") or info.get("is_pending_ext_shared"):
            return ("shared",)
        members = list(self._pages("conversations.members", "members", channel=channel))
        if sum(self._users.get(one) is None for one in members) > ONE_BY_ONE_MAX:
            for user in self._pages("users.list", "members"):
                self._users.put(user["id"], self._standing_of(user))
        return tuple(sorted(one for one in members if self.standing(one) in ("guest", "stranger")))

    def _pages(self, method: str, key: str, **arguments: str) -> Iterator[Any]:
        cursor = ""
        while True:
            paging = {"cursor": cursor} if cursor else {}
            answer = self.client.api_call(method, params={"limit": 200, **paging, **arguments})
            yield from answer[key]
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _standing_of(self, user: Mapping[str, Any]) -> Standing:
        if user.get("deleted"):
            return "gone"
        if user.get("is_bot") or user.get("id") == "USLACKBOT":
            return "bot"
        if user.get("is_stranger") or user.get("team_id", self.team_id) != self.team_id:
            return "stranger"
        if user.get("is_restricted") or user.get("is_ultra_restricted"):
            return "guest"
        return "agent"

    def _members_of_group(self, group: str) -> frozenset[str]:
        known = self._groups.get(group)
        if known is None:
            try:
                known = frozenset(self.client.usergroups_users_list(usergroup=group)["users"])
            except SlackApiError as error:
                # Free plans have no user groups: the ids of people in AITL_LEADS still count.
                if error.response["error"] not in NO_GROUPS:
                    raise
                known = frozenset()
            self._groups.put(group, known)
        return known
