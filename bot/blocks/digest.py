"""The leads' weekly digest: the same sentences and chart, what to fix first, and thanks to the whole team."""

from __future__ import annotations

from bot.blocks.causes import cause_blocks
from bot.blocks.chart import build_trend
from bot.blocks.elements import Block, LinkTo, context, header, section
from bot.blocks.glance import build_complaints, build_sentences, build_thanks
from bot.blocks.history import cycle_in_words
from bot.mrkdwn import escape
from core.overview import Overview


def build_digest(overview: Overview, link_to: LinkTo) -> Block:
    """`text` and `blocks`; only retrainings that ended in this week are told."""
    span, thanks = overview.span, build_thanks(overview.given)
    ended = [one for one in overview.cycles if one.finished_at and span.since <= one.finished_at < span.until]
    blocks = [
        header("How the drafts did last week"),
        build_sentences(overview),
        *([] if overview.trend is None else [build_trend(overview.trend)]),
        *cause_blocks(overview.causes, link_to),
        *build_complaints(overview.reasons, overview.missing, link_to),
        *([section("\n".join(["*Retrained*", *(f"• {cycle_in_words(one)}" for one in ended)]))] if ended else []),
        *([section(thanks)] if thanks else []),
        context("`/aitl metrics 7d` shows the figures, and all of them behind a button."),
    ]
    return {"text": f"How the drafts did last week. {escape(' '.join(overview.sentences))}", "blocks": blocks}
