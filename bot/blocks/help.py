"""What `/aitl help` says."""

from __future__ import annotations

from collections.abc import Mapping

from bot.blocks.elements import Block, section

_AGENTS = (
    "*What I do*",
    "For every case in a case channel I post two draft replies in its thread, with numbered sources. "
    "Nothing goes out without your click.",
    "• *Send A* / *Send B* posts the reply; you can undo it for a minute. *Edit* lets you change it first.",
    "• *Which is better?*, the menu beside each source, *Neither* and *Knowledge is missing* teach the next drafts.",
    "• Reactions on the drafts: :{prefer_a}: or :{prefer_b}: prefers one, :{irrelevant_1}: to :{irrelevant_8}: marks a "
    "source as not relevant, :{neither}: is neither, :{gap}: means knowledge is missing.",
    "• Your own reply in a thread teaches once an agent reacts to it with :{confirm}:.",
    "• The message shortcut _Draft replies for this_ makes a case of any message; the shortcut _New case_ posts one.",
    "*Commands*",
    "`/aitl help` · `/aitl case ID` · `/aitl gaps`",
)
_LEADS = (
    "*For leads*",
    "`/aitl metrics [7d|30d|90d]` · `/aitl models` · `/aitl retrain` · `/aitl promote VERSION` · `/aitl rollback` · "
    "`/aitl config [all]` · `/aitl export`",
)


def build_help(reactions: Mapping[str, str], is_lead: bool) -> Block:
    """`text` and `blocks`; `reactions` are the names the team has configured."""
    blocks = [section("\n".join(_AGENTS).format(**reactions))]
    if is_lead:
        blocks.append(section("\n".join(_LEADS)))
    return {"text": "What AITL does and which commands there are", "blocks": blocks}
