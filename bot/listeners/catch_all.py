"""Everything that needs no answer of its own is acknowledged: what is not, Slack counts as failed and sends again."""

from __future__ import annotations

import re

from slack_bolt import Ack, App

from bot import ids

_ANY = re.compile(".*")


def register(app: App) -> None:
    """After all other listeners. Clicks that the inbox keeps, and events, are worked off from there."""
    for family in (ids.PREFERENCE_PATTERN, ids.USE_PATTERN, ids.RELEVANCE_PATTERN):
        app.action(family)(acknowledge)
    for action in (ids.AGAIN, ids.NOT_A_CASE, ids.UNDO, ids.SEND_ANYWAY):
        app.action(action)(acknowledge)
    app.event("message")(acknowledge)
    app.event(_ANY)(acknowledge)


def acknowledge(ack: Ack) -> None:
    """Nothing else: the middleware has kept what there is to do."""
    ack()
