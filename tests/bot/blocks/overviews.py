"""Overviews to build blocks from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.metrics.counted import Counted
from core.metrics.measures import figures_of
from core.metrics.reasons import Example, RankedReason
from core.metrics.summary import last_days
from core.metrics.weekly import Line, Trend
from core.overview import Missing, Overview
from core.registry.bundle import Aliases
from core.registry.cycle import Cycle
from core.registry.timeline import Served
from core.store.contributions import Contribution

NOW = datetime(2026, 5, 31, 9, 0, tzinfo=UTC)
SPAN = last_days(30, NOW)
GATE = "Better: precision at 8 changes by +0.06 (0.02 to 0.10) on 48 later cases."


def link_to(channel: str, ts: str) -> str:
    return f"https://team.slack.example/archives/{channel}/p{ts.replace('.', '')}"


def a_cycle(at: datetime = NOW, **outcome: object) -> Cycle:
    """One that is over."""
    told = {"version": 4, "reason": GATE, **outcome}
    return Cycle("c1", ("ranker",), 0, at, "over", "h", 1, at, {}, told, at, "registered")


def adopted(as_is: int, edited: int, rejected: int) -> Counted:
    return Counted(
        adoptions={
            ("as_is", "a", "knowledge", "knowledge"): as_is,
            ("edited", "b", "knowledge", "knowledge"): edited,
            ("rejected", None, "knowledge", "knowledge"): rejected,
        },
        suggestion_s=(4.0,) * 30,
        drafted=as_is + edited + rejected,
    )


def full(**changes: object) -> Overview:
    """A good month."""
    begins = tuple(NOW - timedelta(days=7 * back) for back in (2, 1))
    values: dict[str, object] = {
        "span": SPAN,
        "figures": figures_of(adopted(120, 60, 20), adopted(60, 60, 80)),
        "trend": Trend(begins, (Line("Drafts sent", (0.6, 0.9)), Line("Helpful snippets", (0.7, 0.71)))),
        "causes": (),
        "reasons": (
            RankedReason("outdated", 9, 5, (Example("c1", "C1", "1.5"), Example("c2", "C1", "2.5"))),
            RankedReason("tone", 0, 1, (Example("c3", "C1", "3.5"),)),
        ),
        "missing": Missing(3, (("Gift cards <!channel>", 2), ("Vouchers", 1))),
        "given": Contribution(340, 6, 2),
        "served": (Served(0, None, NOW), Served(4, NOW, None)),
        "aliases": Aliases(4),
        "cycles": (a_cycle(),),
        **changes,
    }
    return Overview(**values)  # type: ignore[arg-type]


def empty() -> Overview:
    """A month in which nothing happened."""
    return full(
        figures=figures_of(Counted(), Counted()),
        trend=None,
        reasons=(),
        missing=Missing(0, ()),
        given=Contribution(0, 0, 0),
        served=(Served(0, None, None),),
        aliases=Aliases(),
        cycles=(),
    )
