"""Addresses for WebSockets, from apps.connections.open: each is good for one connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPException
from threading import Lock
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from core.settings import Secret

# Asking again would end the same way until a person has done something.
FINAL = frozenset(
    {
        "access_denied",
        "account_inactive",
        "enterprise_is_restricted",
        "forbidden_team",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
        "two_factor_setup_required",
    }
)
RETRY_AFTER_S = 30.0


class NotNow(Exception):
    """No address at the moment; the message says why. `wait_s`: for how long Slack wants no further call."""

    def __init__(self, why: str, wait_s: float = 0.0) -> None:
        super().__init__(why)
        self.wait_s = wait_s


class Refused(Exception):
    """Slack gives us none for good; the message says what to do about it."""


class Tickets:
    """One at a time, and none while Slack wants no call: all connections of the bot ask here."""

    def __init__(self, client: WebClient, app_token: Secret, now_s: Callable[[], float] = time.monotonic) -> None:
        self._client, self._app_token, self._now_s = client, app_token, now_s
        self._lock = Lock()
        self._closed_until_s = 0.0

    def issue(self) -> str:
        """An address. Raises NotNow, or Refused."""
        with self._lock:
            wait_s = self._closed_until_s - self._now_s()
            if wait_s > 0:
                raise NotNow("Slack asked for fewer calls of apps.connections.open", wait_s)
            try:
                answer = self._client.apps_connections_open(app_token=self._app_token.reveal())
            except SlackApiError as error:
                raise self._refusal(error) from error
            except (URLError, OSError, HTTPException) as error:
                raise NotNow(f"Slack does not answer ({error})") from error
            url = answer.get("url")
            if not url:
                raise NotNow("Slack gave no address for a WebSocket")
            return str(url)

    def _refusal(self, error: SlackApiError) -> NotNow | Refused:
        code = str(error.response.get("error", ""))
        if code in FINAL:
            return Refused(_advice(code))
        if code != "ratelimited":
            return NotNow(f"Slack gave no address for a WebSocket ({_word(code, error)})")
        headers = {name.lower(): str(value) for name, value in (error.response.headers or {}).items()}
        wait_s = float(headers.get("retry-after", RETRY_AFTER_S)) + 0.1  # a little late is safer than a little early
        self._closed_until_s = self._now_s() + wait_s
        return NotNow("Slack asked for fewer calls of apps.connections.open", wait_s)


def _word(code: str, error: SlackApiError) -> str:
    """Slack's codes are one word; what an overloaded server says in its place is a page."""
    return code if code.isidentifier() else f"HTTP status {error.response.status_code}"


def _advice(code: str) -> str:
    if code == "missing_scope":
        return (
            "SLACK_APP_TOKEN lacks the scope connections:write. Make an app-level token with it at api.slack.com/apps."
        )
    return (
        f"SLACK_APP_TOKEN was refused by Slack ({code}). Copy the app-level token (xapp-...) from "
        "api.slack.com/apps → Basic Information → App-Level Tokens."
    )
