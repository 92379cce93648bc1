"""For a minute the agent who sent a reply can take it back."""

from __future__ import annotations

from bot.desk import Desk, moment_of
from bot.errors import NotYet
from core.store.records import Work


def work_undo(work: Work, desk: Desk) -> None:
    """Withdraw the adoption, delete the post, open the case again. The moment of the click counts."""
    click = work.payload
    desk.permissions.require("undo", click["user"])
    reply = desk.store.replies.by_message(desk.identity.team_id, click["channel"], click["ts"])
    if reply is None:
        raise NotYet("the reply stands in Slack, and is just being noted here")
    with desk.together():
        undone = desk.feedback.undo(reply.adoption_key, click["user"], moment_of(work))
        arguments = {"channel": click["channel"], "ts": click["ts"]}
        desk.send(f"undo:{undone.id}", "chat.delete", arguments, purpose="delete", order_key=f"reply:{undone.id}")
        if undone.suggestion_id:
            desk.refresh(undone.suggestion_id)
