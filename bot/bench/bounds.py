"""What was promised of latency, and whether a run kept it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.bench.acknowledgement import AckTimes
from bot.bench.drafts import DraftTimes
from bot.bench.encoder import EncoderTimes
from bot.bench.growth import Measure

MOST_OF_EVERYTHING_ELSE = 0.20  # of a case's time, with a cross-encoder
INSERTS_ALLOWED = 1.5  # beside what a bare Bolt app takes
LEAST_SPEARMAN, LEAST_OVERLAP = 0.99, 0.9


@dataclass(frozen=True, slots=True)
class Bound:
    """One promise: at most, or at least, so much."""

    name: str
    value: float
    limit: float
    at_most: bool

    @property
    def kept(self) -> bool:
        """Whether the value is on the right side of the limit."""
        return self.value <= self.limit if self.at_most else self.value >= self.limit

    @property
    def limit_in_words(self) -> str:
        """Such as "at most 0.2"."""
        return f"at {'most' if self.at_most else 'least'} {self.limit:.3g}"


def bounds_of(drafts: DraftTimes, acks: AckTimes, encoder: EncoderTimes, growth: Sequence[Measure]) -> Iterator[Bound]:
    """Every promise; `drafts` are those with a cross-encoder."""
    share = drafts.share_of_everything_else
    yield Bound("everything else than the models, with a cross-encoder", share, MOST_OF_EVERYTHING_ELSE, True)
    beside = ((acks.bot_ms.p50, acks.bare_bolt_ms.p50, acks.insert_ms.p50, "p50"),
              (acks.bot_ms.p99, acks.bare_bolt_ms.p99, acks.insert_ms.p99, "p99"))  # fmt: skip
    for ours, bolt, insert, name in beside:
        yield Bound(f"a click acknowledged, {name}, ms", ours, bolt + INSERTS_ALLOWED * insert, True)
    for one in growth:  # far less than the data: at most its square root
        limit = math.sqrt(one.data_ratio)
        yield Bound(f"{one.name}, times as long with {one.data_ratio:.0f} times the data", one.ratio, limit, True)
    if encoder.is_used:
        yield Bound("bfloat16: Spearman over the first 75", encoder.spearman, LEAST_SPEARMAN, False)
        yield Bound("bfloat16: overlap of the first eight", encoder.top_8_overlap, LEAST_OVERLAP, False)
