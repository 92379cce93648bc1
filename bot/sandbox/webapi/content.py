"""The content of a message that an app sends: text, blocks and attachments, checked as Slack checks them."""

from __future__ import annotations

from typing import Any

from bot.blockkit import Violation, check
from bot.sandbox.errors import SlackError
from bot.sandbox.fill_in import fill_in_blocks
from bot.sandbox.local import LocalSlack
from bot.sandbox.showing import refuse_unshowable
from bot.sandbox.state import Channel, Message
from bot.sandbox.text import encode_links
from bot.sandbox.webapi.method import Call

Json = dict[str, Any]

TEXT_ARGUMENTS = ("text", "blocks", "attachments", "markdown_text")
MAX_TEXT = 40_000
_TOO_LONG = "total_text"


def read_content(call: Call, before: Message | None = None) -> Json:
    """Text, blocks and attachments of the call, ready to be kept.

    before: the message that is changed; what the call leaves out is taken from it.
    Raises SlackError for content that Slack refuses.
    """
    arguments = {name: call.args[name] for name in TEXT_ARGUMENTS if name in call.args}
    if "markdown_text" in arguments and len(arguments) > 1:
        call.breach("markdown_text_conflict", "markdown_text together with text or blocks")
        raise SlackError("markdown_text_conflict")
    if not any(arguments.values()) and not (before is not None and "blocks" in arguments):
        raise SlackError("no_text")
    if arguments.get("blocks") and not arguments.get("text") and before is None:
        call.breach("text_missing", "blocks without text: notifications and screen readers get nothing")
    refuse_violations(call, check_message(arguments, call.args))
    refuse_unshowable(call.slack, arguments.get("blocks"))
    content = content_of(call.slack, arguments, before)
    if call.args.get("parse") == "none" and "text" in arguments:
        content["text"] = str(arguments["text"])[:MAX_TEXT]  # asked for no processing, so no address becomes a link
    return content


def content_of(slack: LocalSlack, arguments: Json, before: Message | None = None) -> Json:
    """The fields of a Message that hold its content."""
    text = arguments.get("text", arguments.get("markdown_text"))
    content: Json = {"text": encode_links(str(text))[:MAX_TEXT] if text is not None else ""}
    if before is not None and text is None:
        content["text"] = before.text
    for name in ("blocks", "attachments"):
        given = arguments.get(name)
        if given is None:
            content[name] = getattr(before, name) if before is not None else None
        else:
            content[name] = (fill_in_blocks(given, slack.ids) if name == "blocks" else given) or None
    return content


def check_message(arguments: Json, args: Json) -> list[Violation]:
    """Every Block Kit limit that the message breaks."""
    payload = {name: value for name, value in arguments.items() if value is not None}
    if isinstance(args.get("metadata"), dict) and args["metadata"]:
        payload["metadata"] = args["metadata"]
    return check(payload, "message")


def checked_thread(slack: LocalSlack, asked_by: str, channel: Channel, thread_ts: Any) -> str | None:
    """The root that a message is to hang on; None for the channel itself. Raises SlackError for what is no root."""
    if not thread_ts:
        return None
    root = channel.messages.get(str(thread_ts))
    if root is None or root.only_for is not None:
        # A root that was deleted a moment ago is life; one that never was is a mistake.
        if thread_ts not in channel.removed:
            slack.journal.breach("thread_ts_unknown", f"{asked_by}: {thread_ts} is no message of {channel.name}")
        raise SlackError("thread_not_found")
    if root.is_reply:
        said = f"{asked_by}: thread_ts {thread_ts} is a reply; Slack would attach to the wrong place"
        slack.journal.breach("thread_ts_not_root", said)
        raise SlackError("cannot_reply_to_message")
    return str(thread_ts)


def refuse_violations(call: Call, violations: list[Violation]) -> None:
    """Raise the SlackError for the first kind of violation, and note every one of them."""
    if not violations:
        return
    for violation in violations:
        call.breach("block_kit", str(violation))
    if any(violation.constraint == _TOO_LONG for violation in violations):
        raise SlackError("msg_blocks_too_long")
    if any(violation.pointer == "/text" for violation in violations):
        raise SlackError("msg_too_long")
    problems = [f"{violation.constraint} [json-pointer:{violation.pointer}]" for violation in violations]
    error = "invalid_metadata_format" if violations[0].pointer.startswith("/metadata") else "invalid_blocks"
    raise SlackError(
        error, errors=problems, response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]}
    )
