"""Everything that needs no answer of its own is acknowledged: what is not, Slack counts as failed and sends again."""

from __future__ import annotations

import re

from slack_bolt import Ack, App

_ANY = re.compile(".*")


def register(app: App) -> None:
    """After all other listeners. What the inbox keeps never comes here."""
    app.event("message")(acknowledge)
    app.event(_ANY)(acknowledge)


def acknowledge(ack: Ack) -> None:
    """Nothing else: there is nothing to do."""
    ack()
