"""Whole messages and views: what each block obeys by itself, and the limits that hold over all of them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from bot.blockkit.blocks import BLOCKS, ON_SURFACE
from bot.blockkit.objects import plain_text
from bot.blockkit.report import Report, Violation
from bot.blockkit.values import array, boolean, one_of, string

Surface = Literal["message", "modal", "home"]

MAX_MESSAGE_BLOCKS = 50
MAX_VIEW_BLOCKS = 100
# Slack publishes no number: it took 9,597 characters and refused 11,341.
MAX_TOTAL_TEXT = 9_500
MAX_MARKDOWN_TEXT = 12_000
MAX_TABLE_TEXT = 10_000
MAX_TEXT = 40_000
MAX_VIEW_BYTES = 250_000
MAX_ATTACHMENTS = 100
MAX_CHARTS = 2
_TABLES = ("table", "data_table")


def check(payload: Mapping[str, Any], surface: Surface) -> list[Violation]:
    """Every Block Kit limit that `payload` breaks on `surface`; an empty list when Slack would take it.

    payload: for "message" the arguments of chat.postMessage (text, blocks, attachments, metadata; others are
    not looked at), for "modal" and "home" the view. Pointers start at the payload.
    """
    report = Report(surface)
    if surface == "message":
        _check_message(payload, report)
    else:
        _check_view(payload, report)
    return report.violations


def text_length(payload: Mapping[str, Any]) -> int:
    """Characters of text in all blocks of a message or view, in Unicode code points.

    The top-level `text` of a message is not counted: it is the fallback for the blocks.
    """
    return _length(payload.get("blocks"))


def _check_message(payload: Mapping[str, Any], report: Report) -> None:
    if "text" in payload:
        string(0, MAX_TEXT)(payload["text"], "/text", report)
    if payload.get("attachments") is not None:
        _check_attachments(payload["attachments"], report)
    if payload.get("metadata") is not None:
        _check_metadata(payload["metadata"], report)
    blocks = payload.get("blocks")
    if blocks is None:
        return
    array(_check_block, 0, MAX_MESSAGE_BLOCKS)(blocks, "/blocks", report)
    if isinstance(blocks, list):
        _check_together(blocks, report)
        _check_message_totals(blocks, report)


def _check_view(payload: Mapping[str, Any], report: Report) -> None:
    one_of(report.surface)(payload.get("type"), "/type", report)
    blocks = payload.get("blocks")
    array(_check_block, 1, MAX_VIEW_BLOCKS)(blocks, "/blocks", report)
    if isinstance(blocks, list):
        _check_together(blocks, report)
    _check_view_fields(payload, report)
    size = len(json.dumps(payload, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"))
    if size > MAX_VIEW_BYTES:
        report.add("", "view_size", MAX_VIEW_BYTES)


def _check_view_fields(payload: Mapping[str, Any], report: Report) -> None:
    blocks = payload.get("blocks")
    fields: dict[str, Any] = {
        "private_metadata": string(0, 3000),
        "callback_id": string(0, 255),
        "external_id": string(0, 255),
    }
    if report.surface == "modal":
        fields |= {
            **{name: plain_text(24) for name in ("title", "submit", "close")},
            **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), boolean),
        }
        if payload.get("title") is None:
            report.add("/title", "required", True)
        has_input = isinstance(blocks, list) and any(_kind(block) == "input" for block in blocks)
        if has_input and payload.get("submit") is None:
            report.add("/submit", "required_with_input", True)
    for name, value in payload.items():
        if name in fields and value is not None:
            fields[name](value, f"/{name}", report)
        elif name not in fields and name not in ("type", "blocks"):
            report.add(f"/{name}", "additional_property", sorted(fields))


def _check_block(block: Any, at: str, report: Report) -> None:
    if not isinstance(block, Mapping):
        report.add(at, "type", "object")
        return
    kind = _kind(block)
    allowed = ON_SURFACE[report.surface]
    if kind not in allowed:
        report.add(f"{at}/type", "enum", sorted(allowed))
        return
    BLOCKS[kind](block, at, report)
    twice = [name for name, count in Counter(_ids(block, "action_id")).items() if count > 1]
    for name in twice:
        report.add(at, "unique_action_id", name)


def _check_together(blocks: Sequence[Any], report: Report) -> None:
    ids = Counter(block["block_id"] for block in blocks if isinstance(block, Mapping) and _has_id(block))
    for name, count in ids.items():
        if count > 1:
            report.add("/blocks", "unique_block_id", name)
    focused = sum(1 for value in _values(blocks, "focus_on_load") if value is True)
    if focused > 1:
        report.add("/blocks", "one_focus_on_load", 1)


def _check_message_totals(blocks: Sequence[Any], report: Report) -> None:
    if _length(blocks) > MAX_TOTAL_TEXT:
        report.add("/blocks", "total_text", MAX_TOTAL_TEXT)
    markdown = [block for block in blocks if _kind(block) == "markdown"]
    if _length(markdown) > MAX_MARKDOWN_TEXT:
        report.add("/blocks", "total_markdown_text", MAX_MARKDOWN_TEXT)
    tables = [block for block in blocks if _kind(block) in _TABLES]
    if sum(_kind(block) == "table" for block in tables) > 1:
        report.add("/blocks", "max_tables", 1)
    if _length(tables) > MAX_TABLE_TEXT:
        report.add("/blocks", "total_table_text", MAX_TABLE_TEXT)
    if sum(_kind(block) == "data_visualization" for block in blocks) > MAX_CHARTS:
        report.add("/blocks", "max_charts", MAX_CHARTS)


def _check_attachments(attachments: Any, report: Report) -> None:
    array(_check_attachment, 0, MAX_ATTACHMENTS)(attachments, "/attachments", report)


def _check_attachment(attachment: Any, at: str, report: Report) -> None:
    if not isinstance(attachment, Mapping):
        report.add(at, "type", "object")
    elif attachment.get("blocks") is not None:
        blocks = attachment["blocks"]
        array(_check_block, 0, MAX_MESSAGE_BLOCKS)(blocks, f"{at}/blocks", report)


def _check_metadata(metadata: Any, report: Report) -> None:
    if not isinstance(metadata, Mapping):
        report.add("/metadata", "type", "object")
        return
    if not metadata:
        return
    string(1, 255)(metadata.get("event_type"), "/metadata/event_type", report)
    payload = metadata.get("event_payload")
    if not isinstance(payload, Mapping):
        report.add("/metadata/event_payload", "type", "object")
        return
    for name, value in payload.items():
        if not _is_metadata_value(value):
            report.add(f"/metadata/event_payload/{name}", "type", "string, number, boolean, flat object or list")


def _is_metadata_value(value: Any, depth: int = 0) -> bool:
    if isinstance(value, str | int | float):
        return True
    if isinstance(value, Mapping):
        return depth == 0 and all(_is_metadata_value(item, 1) for item in value.values())
    if isinstance(value, list):
        return all(isinstance(item, str | int | float) or _is_metadata_value(item, depth) for item in value)
    return False


def _kind(block: Any) -> str:
    kind = block.get("type") if isinstance(block, Mapping) else None
    return kind if isinstance(kind, str) else ""


def _has_id(block: Mapping[str, Any]) -> bool:
    return isinstance(block.get("block_id"), str) and bool(block["block_id"])


def _ids(value: Any, name: str) -> Iterator[str]:
    return (entry for entry in _values(value, name) if isinstance(entry, str))


def _values(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key == name:
                yield item
            yield from _values(item, name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _values(item, name)


def _length(value: Any) -> int:
    return sum(len(text) for text in _values(value, "text") if isinstance(text, str))
