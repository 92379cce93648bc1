"""Whether this workspace can show what passed Block Kit's limits: block types that it has, and files that are there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.local import LocalSlack

Json = dict[str, Any]


def refuse_unshowable(slack: LocalSlack, blocks: Sequence[Json] | None, error: str = "invalid_blocks") -> None:
    """Raise SlackError, in Slack's own words, for the first block that cannot be shown here."""
    for place, block in enumerate(blocks or ()):
        problem = _problem(slack, block)
        if problem:
            at = f"/blocks/{place}"
            told = f"{problem} [json-pointer:{at}/type]" if block["type"] in slack.refused_blocks else f"{problem} {at}"
            raise SlackError(error, errors=[told], response_metadata={"messages": [f"[ERROR] {told}"]})


def _problem(slack: LocalSlack, block: Json) -> str:
    if block["type"] in slack.refused_blocks:
        return f"unsupported type: {block['type']}"
    if block["type"] == "image" and "id" in (block.get("slack_file") or {}):
        return _problem_of_file(slack, str(block["slack_file"]["id"]))
    return ""


def _problem_of_file(slack: LocalSlack, file_id: str) -> str:
    file = slack.state.files.get(file_id)
    if file is None or file.shown_from is None or not file.mimetype.startswith("image/"):
        slack.journal.breach("slack_file", f"{file_id} is no picture that the app has uploaded")
        return "invalid slack file"
    return "invalid slack file" if slack.clock.now() < file.shown_from else ""
