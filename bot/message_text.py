"""The words of a Slack message as a person reads them: help-desk bots put theirs into blocks and attachments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.mrkdwn import plain

Json = Mapping[str, Any]


def message_text(message: Json) -> str:
    """All that a person sees, as plain text; "" for a message without words (a lone file).

    A person's own text is complete by itself. A bot's `text` is often only the notification: what its blocks
    and attachments add is read too, each part once.
    """
    text = plain(message.get("text") or "").strip()
    if not message.get("bot_id"):
        return text or "\n".join(_once(_rich_parts(message)))
    return "\n".join(_once([text, *_rich_parts(message)]))


def _rich_parts(message: Json) -> Iterator[str]:
    for block in message.get("blocks") or ():
        yield from _block_parts(block)
    for attachment in message.get("attachments") or ():
        yield from _attachment_parts(attachment)


def _once(parts: Iterator[str] | list[str]) -> list[str]:
    """Parts with words, in order, without those that an earlier part already says."""
    said: list[str] = []
    for part in (part.strip() for part in parts):
        if part and not any(part in earlier for earlier in said):
            said.append(part)
    return said


def _block_parts(block: Json) -> Iterator[str]:
    if block.get("type") == "rich_text":
        yield _rich_text(block)
    for key in ("text", "title"):
        if isinstance(block.get(key), Mapping):
            yield _text_object(block[key])
        elif block.get("type") == "markdown" and isinstance(block.get(key), str):
            yield block[key]
    for element in (*(block.get("fields") or ()), *(block.get("elements") or ())):
        if element.get("type") in ("mrkdwn", "plain_text"):
            yield _text_object(element)


def _text_object(text: Json) -> str:
    words = str(text.get("text", ""))
    return plain(words) if text.get("type") == "mrkdwn" else words


def _rich_text(element: Json) -> str:
    """The leaves of a rich_text block, one line per section or list item."""
    kind = element.get("type")
    if kind in ("rich_text", "rich_text_list"):
        return "\n".join(_rich_text(child) for child in element.get("elements", ()))
    if "elements" in element:
        return "".join(_rich_text(child) for child in element["elements"])
    if kind == "emoji":
        return f":{element.get('name', '')}:"
    if kind == "link":
        return str(element.get("text") or element.get("url", ""))
    if kind in ("user", "usergroup"):
        return "@someone"
    if kind == "broadcast":
        return f"@{element.get('range', 'channel')}"
    return str(element.get("text", ""))


def _attachment_parts(attachment: Json) -> Iterator[str]:
    parts = [plain(str(attachment.get(key) or "")) for key in ("pretext", "title", "text")]
    parts += [
        ": ".join(plain(str(field[key])) for key in ("title", "value") if field.get(key))
        for field in attachment.get("fields") or ()
    ]
    for block in attachment.get("blocks") or ():
        parts.extend(_block_parts(block))
    if not any(part.strip() for part in parts):
        parts.append(plain(str(attachment.get("fallback") or "")))
    yield from parts
