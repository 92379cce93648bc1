"""What can go wrong inside the local Slack: for its owner, for the app under test, for the people in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sandbox.journal import Breach


class SandboxError(Exception):
    """The sandbox cannot start or go on; the message is one sentence that says what to do."""


class RulesBroken(AssertionError):
    """The app under test broke rules of Slack's, and no test has looked at that."""

    def __init__(self, breaches: Sequence[Breach]) -> None:
        told = "\n".join(f"  {breach.rule}: {breach.detail}" for breach in breaches)
        super().__init__(f"the app broke {len(breaches)} of Slack's rules; if it is meant to, expect them:\n{told}")


class SlackError(Exception):
    """A Web API call that Slack refuses: becomes {"ok": false, "error": code, ...}."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


class ClientError(Exception):
    """Something a person's Slack window would not let them do; the message is what they read."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
