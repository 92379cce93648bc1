"""The message was no case: its suggestion is withdrawn, and it teaches nothing."""

from __future__ import annotations

from bot.desk import Desk
from bot.listeners.customer_turn import withdraw_case
from core.store.records import Work


def work_not_a_case(work: Work, desk: Desk) -> None:
    """Withdraw the case with all its revisions."""
    click = work.payload
    desk.permissions.require("not_a_case", click["user"])
    _, case = desk.live_suggestion(click["value"])
    withdraw_case(case, desk)
