"""A strict local Slack: Web API, Socket Mode and a page to look at and click, for any Bolt app."""

from bot.sandbox.clock import ManualClock
from bot.sandbox.errors import RulesBroken, SandboxError
from bot.sandbox.people import Person, wait_for
from bot.sandbox.sandbox import Sandbox

__all__ = ["ManualClock", "Person", "RulesBroken", "Sandbox", "SandboxError", "wait_for"]
