"""The Block Kit validator: says what Slack would refuse, before it is sent. A leaf without imports from the project."""

from bot.blockkit.payload import check, text_length
from bot.blockkit.report import Violation

__all__ = ["Violation", "check", "text_length"]
