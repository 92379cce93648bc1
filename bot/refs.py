"""What our own handles inside Slack refer to: opaque ids only, never words of a customer or an agent.

A button's value is the id of the suggestion, case, reply or held reply it acts on. An overflow's value is the
label, so a snippet's menu says by its block id which suggestion it belongs to.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from core.values import Slot


@dataclass(frozen=True, slots=True)
class SnippetRef:
    """One snippet on one suggestion message: `n` is its number on the screen."""

    suggestion_id: str
    n: int

    def block_id(self, salt: str) -> str:
        """Slack wants a new block id on every update: `salt` changes with what is rendered."""
        return f"snippet.{self.n}.{self.suggestion_id}.{salt}"

    @classmethod
    def from_block_id(cls, block_id: str) -> SnippetRef | None:
        """The reference, or None where the block is not a snippet's."""
        parts = block_id.split(".")
        if len(parts) != 4 or parts[0] != "snippet" or not parts[1].isdigit():
            return None
        return cls(suggestion_id=parts[2], n=int(parts[1]))


@dataclass(frozen=True, slots=True)
class PeriodRef:
    """A period whose figures were shown: so many days, up to that second."""

    days: int
    until: datetime

    @classmethod
    def ending(cls, moment: datetime, days: int) -> PeriodRef:
        """The period that ends with this second."""
        return cls(days, moment.replace(microsecond=0))

    def dumps(self) -> str:
        """For a button's value."""
        return f"{self.days}.{int(self.until.timestamp())}"

    @classmethod
    def loads(cls, value: str) -> PeriodRef:
        """Back from a button's value."""
        days, _, second = value.partition(".")
        return cls(int(days), datetime.fromtimestamp(int(second), UTC))


@dataclass(frozen=True, slots=True)
class ViewRef:
    """What a view acts on, kept in its private metadata; `channel` and `thread_ts` say where to answer."""

    suggestion_id: str
    channel: str
    thread_ts: str
    slot: Slot | None = None
    source: str = "modal"

    def dumps(self) -> str:
        """For `private_metadata`."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def loads(cls, private_metadata: str) -> ViewRef:
        """Back from `private_metadata`, which only we write."""
        return cls(**json.loads(private_metadata))


@dataclass(frozen=True, slots=True)
class ConfigRef:
    """Which channel's settings a view shows, and where to answer whoever asked for it."""

    channel: str
    response_url: str

    def dumps(self) -> str:
        """For `private_metadata`."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def loads(cls, private_metadata: str) -> ConfigRef:
        """Back from `private_metadata`, which only we write."""
        return cls(**json.loads(private_metadata))

    def block_id(self, name: str) -> str:
        """Slack keeps what was typed into a block that stays: another channel's field is another block."""
        return f"{name}.{self.channel}"

    @staticmethod
    def name_of(block_id: str) -> str:
        """The field that a block holds."""
        return block_id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class GapRef:
    """What a form about a gap acts on, kept in its private metadata.

    `list_url`: where the list that it was opened from can be replaced; "" where there is none. `version`: of the draft
    that is shown. `warned`: a mark of the words whose orders to the bot the reviewer has been shown.
    """

    group_id: str
    list_url: str = ""
    version: int = 0
    warned: str = ""

    def dumps(self) -> str:
        """For `private_metadata`."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def loads(cls, private_metadata: str) -> GapRef:
        """Back from `private_metadata`, which only we write."""
        return cls(**json.loads(private_metadata))
