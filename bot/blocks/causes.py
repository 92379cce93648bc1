"""What to fix first: the causes of bad outcomes by topic, each with what to do about it and cases to look at."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block, context, section
from bot.mrkdwn import escape_within, link
from core.causes import TITLES, Cause, Line, by_cause, in_words, message_url

TOPICS = 2  # of each cause: with long titles more would not fit into a message
_TOPIC = 80
_LEVER = 140
_EVIDENCE = 140


def cause_blocks(lines: Sequence[Line], days: int, api_url: str, topics: int = TOPICS) -> list[Block]:
    """Blocks for a message or a Home: a heading, then a section for each cause; [] where nothing came to a bad end.

    `lines`: as `core.fix_first` gives them. `api_url`: of Slack's Web API, from which links to the cases are made.
    `topics`: how many of each cause are shown, at most 2 in a message, 1 beside other text.
    """
    if not lines:
        return []
    heading = section(f"*What to fix first* · {in_words(lines)} in the last {days} days")
    blocks = [heading, *(section(_cause(cause, some, topics, api_url)) for cause, some in by_cause(lines))]
    left = sum(max(0, len(some) - topics) for _, some in by_cause(lines))
    if left:
        blocks.append(context(f"{left} more topic{'s' if left > 1 else ''}: `aitl causes --all` on the terminal."))
    return blocks


def build_causes(lines: Sequence[Line], days: int, api_url: str) -> Block:
    """`text` and `blocks`: the same as a message of its own."""
    nothing = f"Nothing came to a bad end in the last {days} days."
    blocks = cause_blocks(lines, days, api_url) or [section(nothing)]
    return {"text": "What to fix first" if lines else nothing, "blocks": blocks}


def _cause(cause: Cause, lines: Sequence[Line], topics: int, api_url: str) -> str:
    shown = lines[:topics]
    levers = list(dict.fromkeys(one.lever for one in shown))
    head = f"*{sum(one.count for one in lines)} × {TITLES[cause]}*"
    if len(levers) == 1:
        return "\n".join([f"{head} · {escape_within(levers[0], _LEVER)}", *(_topic(one, "", api_url) for one in shown)])
    return "\n".join([head, *(_topic(one, one.lever, api_url) for one in shown)])


def _topic(line: Line, lever: str, api_url: str) -> str:
    """One topic with its newest case; with a lever of its own where not all have the same."""
    newest = line.examples[0]
    cases = ", ".join(link(message_url(api_url, one.channel, one.ts), one.case_id) for one in line.examples)
    told = f"• {line.count} × {escape_within(line.topic, _TOPIC)} ({cases})"
    return f"{told}: {escape_within(lever or newest.attribution.evidence, _EVIDENCE)}"
