"""What to fix first: the causes of bad outcomes by topic, each with what to do about it and cases to look at."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block, context, section
from bot.mrkdwn import escape_within, link
from core.causes import TITLES, Line, Listed, in_words, message_url

SHOWN = 5
_TOPIC = 150
_LEVER = 300
_EVIDENCE = 300


def cause_blocks(lines: Sequence[Line], days: int, api_url: str, shown: int = SHOWN) -> list[Block]:
    """Blocks for a message or a Home: a heading, then the first `shown` lines; [] where nothing came to a bad end.

    `lines`: as `core.fix_first` gives them. `api_url`: of Slack's Web API, from which links to the cases are made.
    """
    if not lines:
        return []
    blocks = [section(f"*What to fix first* · {in_words(lines)} in the last {days} days")]
    blocks += [section(_line(line, api_url)) for line in lines[:shown]]
    if len(lines) > shown:
        blocks.append(context(f"{len(lines) - shown} more: `aitl causes --all` on the terminal lists all."))
    return blocks


def build_causes(lines: Sequence[Line], days: int, api_url: str) -> Block:
    """`text` and `blocks`: the same as a message of its own."""
    nothing = f"Nothing came to a bad end in the last {days} days."
    blocks = cause_blocks(lines, days, api_url) or [section(nothing)]
    return {"text": "What to fix first" if lines else nothing, "blocks": blocks}


def _line(line: Line, api_url: str) -> str:
    newest = line.examples[0]
    cases = " · ".join(_case(one, api_url) for one in line.examples)
    head = f"*{line.count} × {TITLES[line.cause]}: {escape_within(line.topic, _TOPIC)}*"
    evidence = escape_within(newest.attribution.evidence, _EVIDENCE)
    return f"{head}\n{escape_within(line.lever, _LEVER)}\n{cases}: {evidence}"


def _case(one: Listed, api_url: str) -> str:
    return link(message_url(api_url, one.channel, one.ts), one.case_id)
