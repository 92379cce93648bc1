"""One click sends: the candidate, without its [n] marks, becomes the reply."""

from __future__ import annotations

from bot.blocks.notes import build_send_anyway
from bot.desk import Desk, moment_of
from core.feedback import AdoptionOutcome
from core.replies import Reply
from core.store.records import Work
from core.values import Slot


def work_use(work: Work, desk: Desk) -> None:
    """Adopt the candidate as it is."""
    click = work.payload
    desk.permissions.require("use", click["user"])
    slot: Slot = "a" if click["action_id"] == "use.a" else "b"
    with desk.together():
        outcome = desk.feedback.adopt(click["value"], click["user"], slot, "button", work.key, at=moment_of(work))
        settle(work, outcome, click["value"], desk)


def settle(work: Work, outcome: AdoptionOutcome, suggestion_id: str, desk: Desk) -> None:
    """What an adoption leads to: the reply goes out, or the agent is asked because somebody was first."""
    click = work.payload
    if outcome.reply is not None:
        post_reply(outcome.reply, desk)
        desk.refresh(suggestion_id)
    elif outcome.held is not None:
        question = build_send_anyway(outcome.answered_by, outcome.held.id)
        desk.tell(work.key, click["user"], click["channel"], question, click["thread_ts"])


def post_reply(reply: Reply, desk: Desk) -> None:
    """Have the reply posted in its thread, once."""
    key = f"reply:{reply.id}"
    desk.send(key, "chat.postMessage", {}, purpose="reply", subject=reply.adoption_key, order_key=key)
