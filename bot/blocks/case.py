"""What `/aitl case ID` shows: the conversation, its state, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block, context, section
from bot.blocks.models import served_by
from bot.mrkdwn import escape_within
from core.registry.provenance import Provenance
from core.values import Case

TURNS_SHOWN = 6
_SAID = {"customer": "Customer", "agent": "Agent"}


def build_case(
    case: Case,
    revisions: int,
    sent: Sequence[tuple[str, str]],
    before: int | None = None,
    drafted_by: Sequence[Provenance] = (),
) -> Block:
    """`text` and `blocks`; `sent` holds (agent id, text) of each reply that stands.

    `before`: so many cases are drafted before this one; None where it waits for no drafts. `drafted_by`: the versions
    of the models behind the newest drafts.
    """
    blocks = [section(f"*{case.id}* · {case.status}{_answered_by(case)} · <#{case.channel}> · {_revisions(revisions)}")]
    if before is not None:
        blocks.append(context(f":hourglass_flowing_sand: Waiting for drafts. Cases before this one: {before}."))
    if drafted_by:
        blocks.append(context(served_by(drafted_by)))
    spoken = [turn for turn in case.turns if turn.text]
    if len(spoken) < len(case.turns):
        blocks.append(context("Older words of this case were removed after the retention time."))
    if len(spoken) > TURNS_SHOWN:
        blocks.append(context(f"{len(spoken) - TURNS_SHOWN} earlier messages are in the thread."))
    blocks += [section(f"*{_SAID[turn.role]}:* {escape_within(turn.text, 600)}") for turn in spoken[-TURNS_SHOWN:]]
    blocks += [section(f"*Sent by <@{agent_id}>:* {escape_within(text, 900)}") for agent_id, text in list(sent)[-3:]]
    return {"text": f"{case.id}: {case.status}", "blocks": blocks}


def _answered_by(case: Case) -> str:
    return f" by <@{case.answered_by}>" if case.answered_by else ""


def _revisions(count: int) -> str:
    return {0: "no drafts yet", 1: "1 revision"}.get(count, f"{count} revisions")
