"""What to fix first: the causes of bad outcomes by topic, each with what to do about it and cases to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.blocks.elements import Block, context, section
from bot.mrkdwn import escape_within, link
from core.causes import TITLES, Line, Listed, in_words

SHOWN = 3
_TOPIC = 150
_LEVER = 300
_EVIDENCE = 300


def cause_blocks(lines: Sequence[Line], link_to: Callable[[str, str], str], shown: int = SHOWN) -> list[Block]:
    """Blocks for a message or a Home: a heading, then the first `shown` lines; [] where nothing came to a bad end.

    `lines`: as `core.fix_first` gives them. `link_to`: the address of a message, by channel and ts; "" for none.
    """
    if not lines:
        return []
    blocks = [section(f"*Fix first* · {in_words(lines)}")]
    blocks += [section(_line(line, link_to)) for line in lines[:shown]]
    if len(lines) > shown:
        blocks.append(context(f"{len(lines) - shown} more: `aitl causes --all` on the terminal lists all."))
    return blocks


def _line(line: Line, link_to: Callable[[str, str], str]) -> str:
    newest = line.examples[0]
    cases = " · ".join(_case(one, link_to) for one in line.examples)
    head = f"*{line.count} × {TITLES[line.cause]}: {escape_within(line.topic, _TOPIC)}*"
    evidence = escape_within(newest.attribution.evidence, _EVIDENCE)
    return f"{head}\n{escape_within(line.lever, _LEVER)}\n{cases}: {evidence}"


def _case(one: Listed, link_to: Callable[[str, str], str]) -> str:
    address = link_to(one.channel, one.ts) if one.channel and one.ts else ""
    return link(address, one.case_id) if address else one.case_id
