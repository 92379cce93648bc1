"""What a lead is told of one period, read at once: is it used, is it better, what to fix first, whom to thank."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, tzinfo

from core.causes import Line
from core.fix_first import fix_first
from core.knowledge.gaps import ranked
from core.metrics.measures import Figures, figures_of
from core.metrics.reasons import RankedReason, ranked_reasons
from core.metrics.summary import Span, in_three_sentences
from core.metrics.weekly import WEEK, Trend, trend_of, week_begins
from core.registry.bundle import Aliases
from core.registry.cycle import Cycle
from core.registry.timeline import Served, timeline
from core.store import Store
from core.store.contributions import Contribution

FEWEST_WEEKS = 8  # of a trend, however short the period
CYCLES = 5
GAPS = 3
NEWEST_REPORTS = 50  # among which like words are counted where nobody has grouped them yet


@dataclass(frozen=True, slots=True)
class Missing:
    """Missing knowledge that is open: how many reports, and what those of most cases say, each with its cases."""

    reports: int
    first: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """One period of one workspace. `trend` None: not enough weeks. `cycles`: the newest retrainings, newest first.

    `causes`: why drafts came to a bad end, as far as it was looked into, what to fix first at the top.
    """

    span: Span
    figures: Figures
    trend: Trend | None
    causes: tuple[Line, ...]
    reasons: tuple[RankedReason, ...]
    missing: Missing
    given: Contribution
    served: tuple[Served, ...]
    aliases: Aliases
    cycles: tuple[Cycle, ...]

    @property
    def sentences(self) -> tuple[str, str, str]:
        """Is it used; is it better than before; which version is that. Plain text."""
        return in_three_sentences(self.figures, self.span, self.served, self.aliases)

    @property
    def is_empty(self) -> bool:
        """True where nothing came and nobody said anything."""
        return not (self.figures["annotation_coverage"].n or self.given.annotations or self.given.articles)


def read_overview(store: Store, span: Span, team: str, zone: tzinfo = UTC) -> Overview:
    """What is known of this workspace now; `zone` says when its weeks begin."""
    now, before = (
        store.metrics.counted(since, until, team)
        for since, until in ((span.since, span.until), (span.earlier, span.since))
    )
    weeks = max(FEWEST_WEEKS, math.ceil((span.until - span.since) / WEEK))
    return Overview(
        span=span,
        figures=figures_of(now, before),
        trend=trend_of(store.weekly.weeks(week_begins(span.until, weeks, zone), team)),
        causes=tuple(fix_first(store, span.since, span.until, team)),
        reasons=tuple(store.reasons.with_threads(ranked_reasons(now.reasons), span.since, span.until, team)),
        missing=_missing(store, team),
        given=store.contributions.of(now.said, span.since, span.until, team),
        served=tuple(timeline(store.registry.log())),
        aliases=store.registry.aliases(),
        cycles=tuple(store.cycles.latest(CYCLES)),
    )


def _missing(store: Store, team: str) -> Missing:
    """By gap where reports are grouped already; else the newest reports, the same words once."""
    groups = [(one.title, len(one.cases)) for one in ranked(store.gaps.groups(team)) if one.title]
    if not groups:
        newest = [one for one in store.gaps.open(NEWEST_REPORTS, team) if one.description]
        groups = Counter(one.description for one in newest).most_common(GAPS)
    return Missing(store.gaps.count(team), tuple(groups[:GAPS]))
