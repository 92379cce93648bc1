"""Whoever serves: a change is noticed while no case comes in, and the leads hear what could not be loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from bot.blocks.notes import build_note
from bot.desk import Desk
from bot.mrkdwn import escape_within
from bot.services import Suggester

LOOK_EVERY_S = 2.0
_LONGEST = 2000


def look_for_bundles(suggester: Suggester, desk: Desk) -> Callable[[], None]:
    """One round: begin to load what the aliases newly name, and tell the leads once a day of what fails."""

    def look() -> None:
        fault = suggester.refresh()
        if fault and desk.settings.leads_channel:
            said = {"channel": desk.settings.leads_channel, **build_note(escape_within(fault, _LONGEST))}
            which = hashlib.sha256(fault.encode()).hexdigest()[:16]
            desk.send(f"not-loaded:{which}:{desk.clock():%Y%m%d}", "chat.postMessage", said, purpose="notice")

    return look
