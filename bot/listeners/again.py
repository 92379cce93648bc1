"""Other drafts, please: a new revision, made before those that nobody sits and waits for."""

from __future__ import annotations

from bot.desk import Desk
from bot.inbox import ASKED
from bot.listeners.place import require_drafts
from core.errors import TooLate
from core.store.records import Work


def work_again(work: Work, desk: Desk) -> None:
    """Ask for the revision after the one that was clicked on, so that two clicks on one message ask for one."""
    click = work.payload
    desk.permissions.require("again", click["user"])
    require_drafts(desk, click["channel"])
    if click["value"].startswith("case_"):  # after drafting had failed there is no suggestion to refer to
        case = desk.store.cases.get(click["value"])
        if case.status == "withdrawn":
            raise TooLate("This case was withdrawn, so there is nothing to draft.")
        desk.draft(case.id, desk.store.suggestions.next_revision(case.id), because=work.key, lane=ASKED)
        return
    suggestion, case = desk.live_suggestion(click["value"])
    desk.draft(case.id, suggestion.revision + 1, because="again", lane=ASKED)
