"""Which promises a run has kept."""

from __future__ import annotations

from dataclasses import replace

from bot.bench.acknowledgement import AckTimes
from bot.bench.bounds import bounds_of
from bot.bench.drafts import DraftTimes
from bot.bench.encoder import EncoderTimes
from bot.bench.growth import Measure
from bot.bench.spread import Spread, spread_of


def flat(value: float) -> Spread:
    return Spread(10, value, value, value)


DRAFTS = DraftTimes(
    flat(2.0), flat(1.7), flat(1.7), flat(0.1), flat(0.2),
    share_of_everything_else=0.15, per_minute=30, per_minute_bare=35, texts_asked=50, texts_encoded=40,
)  # fmt: skip
ACKS = AckTimes(bot_ms=flat(15.9), bare_bolt_ms=flat(13), insert_ms=flat(2), fewest_in_flight=50)
ENCODER = EncoderTimes({}, {}, {}, spearman=0.995, top_8_overlap=0.95, is_used=True)
GROWTH = (Measure("a search", (1_000, 10_000, 100_000), (flat(2), flat(4), flat(19))),)


def missed(drafts=DRAFTS, acks=ACKS, encoder=ENCODER, growth=GROWTH) -> list[str]:
    return [bound.name for bound in bounds_of(drafts, acks, encoder, growth) if not bound.kept]


def test_a_run_inside_every_bound_misses_none():
    assert missed() == []


def test_everything_else_is_at_most_a_fifth():
    assert missed(drafts=replace(DRAFTS, share_of_everything_else=0.21)) == [
        "everything else than the models, with a cross-encoder"
    ]


def test_a_click_may_take_as_long_as_bare_bolt_and_one_and_a_half_inserts():
    late = replace(ACKS, bot_ms=Spread(10, p50=15.9, p95=15.9, p99=16.1))

    assert missed(acks=late) == ["a click acknowledged, p99, ms"]


def test_work_may_take_longer_by_the_square_root_of_the_data():
    slow = (Measure("a search", (1_000, 100_000), (flat(2), flat(21))),)

    assert missed(growth=slow) == ["a search, times as long with 100 times the data"]


def test_bfloat16_must_rank_alike_where_it_is_used():
    apart = replace(ENCODER, spearman=0.98, top_8_overlap=0.89)

    assert missed(encoder=apart) == ["bfloat16: Spearman over the first 75", "bfloat16: overlap of the first eight"]
    assert missed(encoder=replace(apart, is_used=False)) == []


def test_a_spread_tells_its_middle_and_its_tail():
    assert spread_of([float(value) for value in range(1, 102)]) == Spread(101, 51.0, 96.0, 100.0)
