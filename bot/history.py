"""What stands in channels and threads, read page by page at the pace Slack allows."""

from __future__ import annotations

from threading import Event
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.rates import Rates

PAGE = 200
LIMITED = ("ratelimited", "rate_limited")
RETRY_AFTER_S = 30.0
GONE = ("thread_not_found", "message_not_found")

Message = dict[str, Any]


class Halted(Exception):
    """We are to stop; what was read so far is of no use."""


class History:
    """Used by one thread. `halted` ends every wait."""

    def __init__(self, client: WebClient, halted: Event, rates: Rates | None = None) -> None:
        self._client, self._halted, self._rates = client, halted, rates or Rates()

    def roots(self, channel: str, from_ts: str) -> list[Message]:
        """What stands in the channel itself, posted since then, oldest first.

        Raises SlackApiError, OSError, HTTPException as the Web API does, Halted.
        """
        newest_first = self._pages("conversations.history", {"channel": channel, "oldest": from_ts})
        return newest_first[::-1]

    def replies(self, channel: str, thread_ts: str, from_ts: str) -> list[Message]:
        """What was posted in the thread since then, oldest first, without its root. Raises as `roots` does."""
        found = self._pages("conversations.replies", {"channel": channel, "ts": thread_ts, "oldest": from_ts})
        return [message for message in found if message["ts"] != thread_ts]

    def is_gone(self, channel: str, ts: str) -> bool:
        """True where Slack says that no such message is there: that it is not listed proves nothing.

        Raises as `roots` does.
        """
        try:
            self._call("conversations.replies", {"channel": channel, "ts": ts, "limit": 1})
        except SlackApiError as error:
            if error.response.get("error") in GONE:
                return True
            raise
        return False

    def _pages(self, method: str, arguments: dict[str, str]) -> list[Message]:
        messages: list[Message] = []
        cursor = ""
        while True:
            paging = {"cursor": cursor} if cursor else {}
            answer = self._call(method, {**arguments, "inclusive": True, "limit": PAGE, **paging})
            messages += answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return messages

    def _call(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        while True:
            if self._halted.wait(self._rates.wait_s(method, "")):
                raise Halted
            self._rates.took(method, "")
            try:
                data = self._client.api_call(method, params=arguments).data
            except SlackApiError as error:
                if error.response.get("error") not in LIMITED:
                    raise
                headers = {name.lower(): str(value) for name, value in (error.response.headers or {}).items()}
                self._rates.block(method, "", float(headers.get("retry-after", RETRY_AFTER_S)))
            else:
                return data if isinstance(data, dict) else {}
