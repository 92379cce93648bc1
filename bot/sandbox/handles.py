"""The two short-lived rights an interaction gives the app: a trigger to open a view, an address to answer to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError
from bot.sandbox.ids import Ids
from bot.sandbox.journal import Journal
from bot.sandbox.patience import Patience

TRIGGER_LIVES_S = 3.0
RESPONSE_URL_LIVES_S = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass
class Trigger:
    """The right to open one view for the person who clicked."""

    id: str
    user_id: str
    view_id: str | None
    channel_id: str | None
    made_at: float
    is_used: bool = False


@dataclass
class ResponseAddress:
    """The right to answer an interaction five times within half an hour."""

    token: str
    user_id: str
    channel_id: str
    message_ts: str | None
    thread_ts: str | None
    made_at: float
    uses: int = 0


class Handles:
    """Gives out triggers and response addresses, and honours them as long as Slack does."""

    def __init__(self, clock: Clock, ids: Ids, journal: Journal) -> None:
        self._clock = clock
        self._ids = ids
        self._journal = journal
        self._triggers: dict[str, Trigger] = {}
        self._addresses: dict[str, ResponseAddress] = {}

    def trigger(self, user_id: str, *, view_id: str | None = None, channel_id: str | None = None) -> str:
        """A new trigger id; `view_id` is the view, `channel_id` the conversation in which the person clicked."""
        trigger_id = f"{self._ids.make('')}.{self._ids.secret(12)}.{self._ids.secret(32).lower()}"
        self._triggers[trigger_id] = Trigger(trigger_id, user_id, view_id, channel_id, self._clock.now())
        return trigger_id

    def redeem(self, trigger_id: str) -> Trigger:
        """Use a trigger up. Raises SlackError when it is unknown, too old or used before."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            self._journal.breach("invalid_trigger", f"used trigger {trigger_id!r}, which was never given out")
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            self._journal.breach("exchanged_trigger", f"used trigger {trigger_id} a second time")
            raise SlackError("exchanged_trigger_id")
        age_s = self._clock.now() - trigger.made_at
        if age_s > TRIGGER_LIVES_S * Patience.times:
            self._journal.breach("expired_trigger", f"used trigger {trigger_id} after {age_s:.1f} s")
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger

    def response_token(
        self, user_id: str, channel_id: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        """The secret part of a new response_url."""
        token = f"{self._ids.make('T')}/{self._ids.make('')}/{self._ids.secret()}"
        self._addresses[token] = ResponseAddress(token, user_id, channel_id, message_ts, thread_ts, self._clock.now())
        return token

    def use_response(self, token: str) -> ResponseAddress:
        """Count one use of a response_url. Raises SlackError when it is unknown, too old or used up."""
        address = self._addresses.get(token)
        if address is None:
            raise SlackError("invalid_url")
        if self._clock.now() - address.made_at > RESPONSE_URL_LIVES_S:
            self._journal.breach("expired_response_url", "answered to a response_url after more than 30 minutes")
            raise SlackError("expired_url")
        if address.uses >= RESPONSE_URL_USES:
            self._journal.breach("used_response_url", f"answered to a response_url more than {RESPONSE_URL_USES} times")
            raise SlackError("used_url")
        address.uses += 1
        return address
