"""A strict local Slack: Web API, Socket Mode and a page to look at and click, for any Bolt app."""

from bot.sandbox.clock import ManualClock
from bot.sandbox.errors import RulesBroken, SandboxError
from bot.sandbox.people import NothingHappened, Person, wait_for
from bot.sandbox.sandbox import Sandbox

__all__ = ["ManualClock", "NothingHappened", "Person", "RulesBroken", "Sandbox", "SandboxError", "wait_for"]
