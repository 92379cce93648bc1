"""The way into one workspace: tokens checked, ourselves identified, the Bolt app made."""

from __future__ import annotations

import logging
from concurrent.futures import Executor
from http.client import HTTPException

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.people import Identity
from core.errors import ConfigurationError
from core.settings import Secret, Settings

CALL_TIMEOUT_S = 10
# Without these nothing works; `aitl doctor` compares with the whole manifest.
NEEDED_SCOPES = frozenset(
    {"channels:history", "channels:read", "chat:write", "commands", "reactions:read", "users:read"}
)


def make_client(settings: Settings) -> WebClient:
    """One that never repeats a call by itself: whether a post may be made again is ours to decide.

    Raises ConfigurationError for a missing or misplaced bot token.
    """
    check_token("SLACK_BOT_TOKEN", settings.slack_bot_token, "xoxb-", "OAuth & Permissions")
    # It logs what it then raises, and we say that in a sentence of our own.
    logging.getLogger("slack_sdk.web.base_client").setLevel(logging.CRITICAL)
    return WebClient(
        token=settings.slack_bot_token.reveal(),
        base_url=settings.slack_api_url,
        timeout=CALL_TIMEOUT_S,
        retry_handlers=[],
    )


def identify(client: WebClient) -> Identity:
    """Who the token makes us. Raises ConfigurationError where Slack refuses it or scopes are missing."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = str(error.response.get("error", error))
        if not code.isidentifier():  # Slack's codes are one_word; a web page in its place is no answer of Slack
            raise ConfigurationError(
                f"AITL_SLACK_API_URL is {client.base_url!r}, and what answers there is not Slack's Web API. "
                "Check the address."
            ) from error
        raise ConfigurationError(
            f"SLACK_BOT_TOKEN was refused by Slack ({code}). Copy the bot token (xoxb-...) from "
            "api.slack.com/apps → OAuth & Permissions, after installing the app."
        ) from error
    except (OSError, HTTPException) as error:
        raise ConfigurationError(
            f"AITL_SLACK_API_URL is {client.base_url!r}, and nothing answers there ({error}). "
            "Check the address and the network."
        ) from error
    missing = NEEDED_SCOPES - scopes_of(answer.headers)
    if missing:
        raise ConfigurationError(
            f"SLACK_BOT_TOKEN lacks the scopes {', '.join(sorted(missing))}. "
            "Add them under OAuth & Permissions (manifest.yml has them all) and install the app again."
        )
    return Identity(
        team_id=answer["team_id"],
        bot_user_id=answer["user_id"],
        bot_id=answer.get("bot_id") or "",
        url=answer.get("url") or "",
    )


def scopes_of(headers: dict[str, object]) -> frozenset[str]:
    """The scopes that Slack names in an answer's headers."""
    named = next((str(value) for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
    return frozenset(part.strip() for part in named.split(",") if part.strip())


def make_app(settings: Settings, client: WebClient, listener_pool: Executor) -> App:
    """The Bolt app. `listener_pool` has threads enough that a busy listener keeps no click from being acknowledged.

    Raises ConfigurationError where other settings have turned Bolt into something else.
    """
    logging.getLogger("slack_bolt.App").addFilter(_is_news)
    app = App(
        name="aitl-bolt",  # Bolt sets the level of the logger of this name, which must not be ours
        client=client,
        signing_secret=settings.slack_signing_secret.reveal(),
        listener_executor=listener_pool,
    )
    if app.oauth_flow is not None:
        raise ConfigurationError(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set, which makes the Slack library ignore SLACK_BOT_TOKEN; "
            "unset them, AITL does not use them."
        )
    return app


def _is_news(record: logging.LogRecord) -> bool:
    """False for Bolt's word that it leaves the token of the environment alone: it is in our client."""
    said = record.getMessage()
    return not ("`token`" in said and ("will be unused" in said or "will be ignored" in said))


def check_token(name: str, token: Secret, prefix: str, page: str) -> None:
    """Raise ConfigurationError that says which setting is wrong, never what it holds."""
    if not token.reveal():
        raise ConfigurationError(
            f"{name} is not set. Copy the token ({prefix}...) from api.slack.com/apps → {page} into it."
        )
    if not token.reveal().startswith(prefix):
        raise ConfigurationError(
            f"{name} does not start with {prefix}, so it is another kind of token. "
            f"The right one is at api.slack.com/apps → {page}."
        )
