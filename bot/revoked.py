"""When Slack accepts our token no more: that is said once, nothing is called again, all work waits for a new one."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

REVOKED = ("account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked")


def is_revoked(error: BaseException) -> bool:
    """Whether this is Slack refusing the token itself, so that no other call would fare better."""
    return isinstance(error, SlackApiError) and error.response.get("error") in REVOKED


def farewell(error: SlackApiError) -> str:
    """What happened, and what to do."""
    return (
        f"Slack no longer accepts SLACK_BOT_TOKEN ({error.response['error']}): the app was uninstalled or its token "
        "revoked. Install it again at api.slack.com/apps → OAuth & Permissions, put the new token into "
        "SLACK_BOT_TOKEN, and start aitl again. What waits is done then; nothing is lost."
    )
