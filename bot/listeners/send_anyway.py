"""The case was answered already; the agent sends this reply all the same."""

from __future__ import annotations

from bot.desk import Desk, moment_of
from bot.listeners.use import post_reply
from core.store.records import Work


def work_send_anyway(work: Work, desk: Desk) -> None:
    """Send the held reply, once, and take the question away."""
    click = work.payload
    desk.permissions.require("send_anyway", click["user"])
    with desk.together():
        outcome = desk.feedback.send_held(click["value"], click["user"], work.key, at=moment_of(work))
        if outcome.reply is not None:
            post_reply(outcome.reply, desk)
            if outcome.reply.suggestion_id:
                desk.refresh(outcome.reply.suggestion_id)
    desk.send(
        f"dismiss:{work.key}",
        "response_url",
        {"url": click["response_url"], "body": {"delete_original": True}},
        purpose="answer",
    )
