"""Why agents refuse drafts or change them: their reasons, ranked, each with the threads where it was said last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.annotations import REASONS, ReasonCode
from core.metrics.counted import Given

EXAMPLES = 2  # of each reason


@dataclass(frozen=True, slots=True)
class Example:
    """A case in whose thread a reason was given."""

    case_id: str
    channel: str
    thread_ts: str


@dataclass(frozen=True, slots=True)
class RankedReason:
    """How often a reason was given with a refusal and with an edit; the examples are the newest ones."""

    code: ReasonCode
    refused: int
    edited: int
    examples: tuple[Example, ...] = ()

    @property
    def times(self) -> int:
        """All together, at least 1."""
        return self.refused + self.edited


def ranked_reasons(given: Mapping[Given, int]) -> list[RankedReason]:
    """The reasons that were given, the most frequent first; of equal ones in the order of the form.

    Several reasons of one refusal count each.
    """
    counted = (RankedReason(code, _times(given, "rejected", code), _times(given, "edited", code)) for code in REASONS)
    return sorted((one for one in counted if one.times), key=lambda one: -one.times)


def _times(given: Mapping[Given, int], decision: str, code: str) -> int:
    return sum(times for (decided, codes), times in given.items() if decided == decision and code in codes)
