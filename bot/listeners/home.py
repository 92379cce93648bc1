"""The app's Home: what AITL does, for whoever opens it."""

from __future__ import annotations

from bot.blocks.help import build_help
from bot.blocks.notes import build_note
from bot.desk import Desk
from core.store.records import Work


def work_app_home_opened(work: Work, desk: Desk) -> None:
    """Publish the help as this person's Home; for anybody but agents whom to ask, in place of what may be there."""
    user = work.payload["user"]
    if work.payload.get("tab", "home") != "home":
        return
    if desk.permissions.allows("home", user):
        blocks = build_help(desk.settings.reactions, "lead" in desk.people.standings(user))["blocks"]
    else:
        blocks = build_note(desk.permissions.refusal("home"))["blocks"]
    desk.send(f"home:{work.key}", "views.publish", {"user_id": user, "view": {"type": "home", "blocks": blocks}})
