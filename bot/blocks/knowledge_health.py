"""What knowledge owners see of the knowledge that ails: the articles to look at, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block, context, section
from bot.mrkdwn import escape_within, link, shorten, visible
from core.knowledge.health import AilingArticle

SHOWN = 10
_LONGEST_TITLE, _LONGEST_REASON = 150, 300


def build_knowledge_health(ailing: Sequence[AilingArticle]) -> Block:
    """`text` and `blocks`, for a message and for the Home. `ailing`: all of them, the first ten are shown."""
    if not ailing:
        return {"text": "No article needs to be looked at", "blocks": [section("No article needs to be looked at.")]}
    count = len(ailing)
    title = "1 article needs to be looked at" if count == 1 else f"{count} articles need to be looked at"
    blocks = [section(f"*{title}*"), *(section(_told(one)) for one in ailing[:SHOWN])]
    if count > SHOWN:
        blocks.append(context(f"{count - SHOWN} more: `aitl exam health` on the terminal lists all."))
    return {"text": title, "blocks": blocks}


def _told(one: AilingArticle) -> str:
    name = link(one.url, shorten(visible(one.title), _LONGEST_TITLE) or one.id)
    reasons = "\n".join(f"• {escape_within(reason.text, _LONGEST_REASON)}" for reason in one.reasons)
    return f"*{name}* · {escape_within(one.id, _LONGEST_TITLE)}\n{reasons}"
