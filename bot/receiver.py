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


class Host(Protocol):
    """The bot, as its receiver knows it. Every method may be called from any thread."""

    def faults(self) -> list[str]:
        """What is wrong with the bot, each fault in a sentence; empty while all is well."""

    def catch_up(self) -> None:
        """There was no way in for a while: look for what was missed. Returns at once."""

    def give_up(self, sentence: str) -> None:
        """There will be no way in any more; the sentence says why and what to do."""


# Makes the receiver of one bot. Raises ConfigurationError where a setting that it needs is missing.
MakeReceiver = Callable[[App, Settings, Host], Receiver]
