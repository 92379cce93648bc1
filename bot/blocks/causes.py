"""What to fix first: the causes of bad outcomes by topic, each with what to do about it and cases to look at."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block, LinkTo, context, section
from bot.mrkdwn import escape_within, link
from core.causes import TITLES, Cause, Line, Listed, by_cause, in_words

_TOPIC = 80
_LEVER = 140
_EVIDENCE = 140


def cause_blocks(lines: Sequence[Line], link_to: LinkTo, topics: int = 1) -> list[Block]:
    """Blocks for a message or a Home: a heading, then a section for each cause; [] where nothing came to a bad end.

    `lines`: as `core.fix_first` gives them. `topics`: how many of each cause are shown; beside other text more than one
    would not fit into a message.
    """
    if not lines:
        return []
    causes = by_cause(lines)
    blocks = [section(f"*Fix first* · {in_words(lines)}")]
    blocks += [section(_cause(cause, some, topics, link_to)) for cause, some in causes]
    left = sum(max(0, len(some) - topics) for _, some in causes)
    if left:
        blocks.append(context(f"{left} more topic{'s' if left > 1 else ''}: `aitl causes --all` on the terminal."))
    return blocks


def _cause(cause: Cause, lines: Sequence[Line], topics: int, link_to: LinkTo) -> str:
    shown = lines[:topics]
    levers = list(dict.fromkeys(one.lever for one in shown))
    head = f"*{sum(one.count for one in lines)} × {TITLES[cause]}*"
    if len(levers) == 1:
        return "\n".join([f"{head} · {escape_within(levers[0], _LEVER)}", *(_topic(one, "", link_to) for one in shown)])
    return "\n".join([head, *(_topic(one, one.lever, link_to) for one in shown)])


def _topic(line: Line, lever: str, link_to: LinkTo) -> str:
    """One topic with its newest cases; with a lever of its own where not all have the same."""
    cases = ", ".join(_case(one, link_to) for one in line.examples)
    told = f"• {line.count} × {escape_within(line.topic, _TOPIC)} ({cases})"
    return f"{told}: {escape_within(lever or line.examples[0].attribution.evidence, _EVIDENCE)}"


def _case(one: Listed, link_to: LinkTo) -> str:
    address = link_to(one.channel, one.ts) if one.channel and one.ts else ""
    return link(address, one.case_id)
