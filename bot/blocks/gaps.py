"""What `/aitl gaps` shows: the open reports of missing knowledge, newest first."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block, context, section
from bot.blocks.missing_knowledge import KINDS
from bot.mrkdwn import escape_within, link
from core.annotations import MissingKnowledge

SHOWN = 10


def build_gaps(gaps: Sequence[MissingKnowledge], count: int) -> Block:
    """`text` and `blocks`. `gaps`: at least the first ten of `count`, as far as there are so many."""
    if not gaps:
        return {"text": "No open gaps", "blocks": [section("Nothing is reported as missing.")]}
    blocks = [section(f"*{count} open report{'s' if count > 1 else ''} of missing knowledge*")]
    blocks += [section(_line(gap)) for gap in gaps[:SHOWN]]
    if count > SHOWN:
        blocks.append(context(f"{count - SHOWN} more: `aitl gaps` on the terminal lists all."))
    return {"text": f"Open reports of missing knowledge: {count}", "blocks": blocks}


def _line(gap: MissingKnowledge) -> str:
    where = f" · {link(str(gap.link), 'source')}" if gap.link else ""
    description = escape_within(gap.description, 500) or "(removed after the retention time)"
    return f"{description}\n_{KINDS[gap.kind]}_ · {gap.case_id} · by <@{gap.agent_id}>{where}"
