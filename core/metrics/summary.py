"""The figures of a period in three sentences: is it used, is it better than before, and which version is that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.metrics.changes import can_be_compared, moved
from core.metrics.figures import FEWEST, Figure
from core.metrics.measures import Figures
from core.metrics.telling import previous_alone, value_alone
from core.registry.bundle import BASE, Aliases
from core.registry.timeline import Served


@dataclass(frozen=True, slots=True)
class Span:
    """A period and how it is called in a sentence: "in the last 30 days", "the 30 days before"."""

    since: datetime
    until: datetime
    named: str
    before: str

    @property
    def earlier(self) -> datetime:
        """Where the period of the same length before it begins."""
        return self.since - (self.until - self.since)


def last_days(days: int, now: datetime) -> Span:
    """The period that ends now."""
    return Span(now - timedelta(days=days), now, f"in the last {days} days", f"the {days} days before")


# What tells better from worse: 1 where more is better, -1 where less is.
JUDGED: Mapping[str, tuple[str, int]] = {
    "adoption.used": ("drafts sent", 1),
    "adoption.as_is": ("drafts sent without a change", 1),
    "precision_at_8": ("helpful snippets", 1),
    "edit_distance": ("words that an edit changes", -1),
}


def in_three_sentences(
    figures: Figures, span: Span, served: Sequence[Served], aliases: Aliases
) -> tuple[str, str, str]:
    """Plain text. `served`: the champions, oldest first."""
    return _used(figures, span), _better(figures, span), _serving(served, aliases)


def day_in_words(moment: datetime) -> str:
    """`4 May 2026`"""
    return f"{moment.day} {moment:%b %Y}"


def _used(figures: Figures, span: Span) -> str:
    used, cases = figures["adoption.used"], figures["annotation_coverage"].n
    if used.value is None:
        if not cases and not used.n:
            return f"No case came {span.named}."
        return (
            f"Too early to say whether it is used: {_counted(cases, 'case')} got drafts {span.named}, and agents made "
            f"{_counted(used.n, 'decision')}; a share says something from {FEWEST} on."
        )
    unchanged = figures["adoption.as_is"]
    return (
        f"Agents sent a draft in {value_alone(used)} of {used.n} decisions {span.named}, "
        f"in {value_alone(unchanged)} without a change."
    )


def _better(figures: Figures, span: Span) -> str:
    judged = {name: figures[name] for name in JUDGED if can_be_compared(figures[name])}
    if not judged:
        return f"There is too little from {span.before} to say whether it is better."
    better = [_told(name, one) for name, one in judged.items() if moved(one) == JUDGED[name][1]]
    worse = [_told(name, one) for name, one in judged.items() if moved(one) == -JUDGED[name][1]]
    if better and worse:
        return f"Against {span.before} it is mixed. Better: {', '.join(better)}. Worse: {', '.join(worse)}."
    if better:
        return f"It is better than {span.before}: {', '.join(better)}."
    if worse:
        return f"It is worse than {span.before}: {', '.join(worse)}."
    return f"It is about as good as {span.before}: no change is larger than chance alone would make it."


def _told(name: str, figure: Figure) -> str:
    return f"{JUDGED[name][0]} from {previous_alone(figure)} to {value_alone(figure)}"


def _serving(served: Sequence[Served], aliases: Aliases) -> str:
    now = served[-1]
    challenger = ""
    if aliases.challenger is not None:
        challenger = f" Version {aliases.challenger} is tried beside it on {aliases.share:.0%} of the cases."
    if now.since is None:
        return f"All drafts are by version {BASE}, which came with the product; no other was promoted yet.{challenger}"
    return (
        f"Version {now.version} has answered since {day_in_words(now.since)}, version {served[-2].version} before it."
        f"{challenger}"
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
