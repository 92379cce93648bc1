"""The app's Home: what AITL does, for whoever opens it."""

from __future__ import annotations

from bot.blocks.help import build_help
from bot.desk import Desk
from core.store.records import Work


def work_app_home_opened(work: Work, desk: Desk) -> None:
    """Publish the help as this person's Home; guests see none of it."""
    user = work.payload["user"]
    if work.payload.get("tab", "home") != "home" or not desk.people.is_agent(user):
        return
    blocks = build_help(desk.settings.reactions, desk.people.is_lead(user))["blocks"]
    desk.send(f"home:{work.key}", "views.publish", {"user_id": user, "view": {"type": "home", "blocks": blocks}})
