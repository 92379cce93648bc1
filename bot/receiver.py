"""The way deliveries come in, whichever it is: Socket Mode, or HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from slack_bolt import App

from core.settings import Settings


class Receiver(Protocol):
    """Hands what Slack delivers to the app, and the app's acknowledgement back."""

    def connect(self) -> None:
        """Return once deliveries can come in. Raises ConfigurationError with the setting that keeps them out."""

    def close(self) -> None:
        """Take nothing more; what is at hand is answered. May be called twice, and without connect()."""

    @property
    def is_connected(self) -> bool:
        """True while deliveries can come in."""


# Says what is wrong with the bot, each fault in a sentence; empty while all is well.
Faults = Callable[[], list[str]]
# Makes the receiver of one bot. Raises ConfigurationError where a setting that it needs is missing.
MakeReceiver = Callable[[App, Settings, Faults], Receiver]
