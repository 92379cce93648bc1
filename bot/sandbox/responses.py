"""What the app answers to an interaction: through its response_url, or in the acknowledgement of a command."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.handles import ResponseAddress
from bot.sandbox.local import LocalSlack
from bot.sandbox.showing import refuse_unshowable
from bot.sandbox.state import Message
from bot.sandbox.webapi.content import TEXT_ARGUMENTS, check_message, checked_thread, content_of

Json = dict[str, Any]

_KNOWN = frozenset(
    {
        *TEXT_ARGUMENTS,
        *("response_type", "replace_original", "delete_original", "thread_ts", "metadata"),
        *("unfurl_links", "unfurl_media", "mrkdwn", "parse", "link_names"),
    }
)


def respond(slack: LocalSlack, token: str, body: Json) -> None:
    """Carry out one POST to a response_url. Raises SlackError when Slack would refuse it."""
    address = slack.handles.use_response(token)
    _refuse_unknown(slack, body)
    original = _original(slack, address)
    if body.get("delete_original"):
        if original is None:
            raise SlackError("message_not_found")
        slack.workspace.delete(original)
        return
    arguments = checked_arguments(slack, body)
    if body.get("replace_original") and original is not None:
        slack.workspace.change(original, **content_of(slack, arguments, original))
        return
    channel = slack.state.channels[address.channel_id]
    thread_ts = checked_thread(slack, "response_url", channel, body.get("thread_ts"))
    only_for = None if body.get("response_type") == "in_channel" else address.user_id
    show(slack, address.channel_id, only_for, arguments, thread_ts)


def show(slack: LocalSlack, channel_id: str, only_for: str | None, arguments: Json, thread_ts: str | None) -> Message:
    """Post as the app, for everybody or for one person."""
    message = Message(
        channel_id=channel_id,
        ts="",
        user=slack.app.bot_user_id,
        bot_id=slack.app.bot_id,
        app_id=slack.app.id,
        thread_ts=thread_ts,
        only_for=only_for,
        **content_of(slack, arguments),
    )
    return slack.workspace.post(message)


def checked_arguments(slack: LocalSlack, body: Json) -> Json:
    """The content part of an answer. Raises SlackError when it breaks a Block Kit limit or says nothing."""
    arguments = {name: body[name] for name in TEXT_ARGUMENTS if body.get(name) is not None}
    if not any(arguments.values()):
        raise SlackError("no_text")
    violations = check_message(arguments, {})
    for violation in violations:
        slack.journal.breach("block_kit", f"answer to an interaction: {violation}")
    if violations:
        raise SlackError("invalid_blocks", errors=[str(violation) for violation in violations])
    refuse_unshowable(slack, arguments.get("blocks"))
    return arguments


def _refuse_unknown(slack: LocalSlack, body: Json) -> None:
    for name in sorted(set(body) - _KNOWN):
        slack.journal.breach("arguments", f"response_url: unknown argument {name}")


def _original(slack: LocalSlack, address: ResponseAddress) -> Message | None:
    if address.message_ts is None:
        return None
    return slack.state.channels[address.channel_id].messages.get(address.message_ts)
