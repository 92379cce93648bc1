"""One figure of a period: its value, how many rows are behind it, its interval, and the value of the period before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "seconds", "number"]

FEWEST = 20  # rows below which a figure says nothing: the value of one or two agents is nobody's business either


@dataclass(frozen=True, slots=True)
class Figure:
    """`n` rows are behind it. Fewer than `FEWEST`: `value`, `low` and `high` are None; so too where there is none.

    `low` and `high`: a 95 % interval. `previous`: the value of the period of the same length before, by the same rule,
    and `previous_low` and `previous_high` its interval.
    """

    name: str
    unit: Unit
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    previous: float | None = None
    previous_low: float | None = None
    previous_high: float | None = None

    def described(self) -> dict[str, float | int | None]:
        """What `--json` says of it."""
        return {
            "value": self.value,
            "n": self.n,
            "low": self.low,
            "high": self.high,
            "previous": self.previous,
        }
