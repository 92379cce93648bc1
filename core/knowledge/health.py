"""Knowledge that ails: articles that somebody should look at, each with reasons in words.

Marks count as long as the passage they are about is in use as it was: a changed passage starts anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

OFTEN_OUTDATED = 2  # marks: one may be a slip
FEWEST_MARKS = 5  # of any kind, before "mostly irrelevant" says something
SHOWN_OFTEN = 20  # sent replies beside which it stood among the eight

Ailment = Literal["exam", "outdated", "contradicts", "review", "irrelevant", "never_cited"]


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """One article in use and what became of it.

    `changed_at`: when its newest version was taken in. `shown` and `cited`: with and in how many of the sent replies
    looked at. `marked`: marks on passages that are in use as they were then, of them `outdated` and `irrelevant`.
    """

    id: str
    title: str
    url: str | None
    changed_at: datetime
    review_by: str | None = None  # as it stands in the front matter
    shown: int = 0
    cited: int = 0
    marked: int = 0
    outdated: int = 0
    irrelevant: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an article ails: `text` says it, without a full stop."""

    ailment: Ailment
    text: str


@dataclass(frozen=True, slots=True)
class AilingArticle:
    """An article that somebody should look at; `reasons`: at least one, the most serious first."""

    id: str
    title: str
    url: str | None
    reasons: tuple[Reason, ...]


def ailing(
    uses: Iterable[ArticleUse], lost: Mapping[str, int], contradicted: Mapping[str, Sequence[str]], today: date
) -> list[AilingArticle]:
    """Those that ail, most reasons first, then the most serious one.

    `lost`: by article, how many exam questions found it once and do not any more. `contradicted`: by article, what it
    says where another one says otherwise.
    """
    examined = [(one, tuple(_reasons(one, lost.get(one.id, 0), contradicted.get(one.id, ()), today))) for one in uses]
    found = [AilingArticle(one.id, one.title, one.url, reasons) for one, reasons in examined if reasons]
    severity = get_args(Ailment).index
    return sorted(found, key=lambda one: (-len(one.reasons), severity(one.reasons[0].ailment), one.id))


def _reasons(use: ArticleUse, lost: int, contradicted: Sequence[str], today: date) -> Iterator[Reason]:
    if lost:
        questions = "1 exam question does" if lost == 1 else f"{lost} exam questions do"
        yield Reason("exam", f"{questions} not find it any more")
    if use.outdated >= OFTEN_OUTDATED:
        yield Reason("outdated", f"flagged outdated {use.outdated} times since its text last changed")
    if contradicted:
        more = f" (and {len(contradicted) - 1} more)" if len(contradicted) > 1 else ""
        yield Reason("contradicts", f"{contradicted[0]}{more}")
    if use.review_by is not None and (due := _due(use.review_by, today)):
        yield Reason("review", due)
    if use.marked >= FEWEST_MARKS and 2 * use.irrelevant > use.marked:
        yield Reason("irrelevant", f"irrelevant in {use.irrelevant} of the {use.marked} marks it got")
    if use.shown >= SHOWN_OFTEN and not use.cited:
        yield Reason("never_cited", f"shown beside {use.shown} sent replies, cited in none")


def _due(review_by: str, today: date) -> str:
    """What is to be said of a review date; "" while it lies ahead."""
    try:
        by = date.fromisoformat(review_by.strip()[:10])  # YAML may read a time with it
    except ValueError:
        return f"its review date “{review_by.strip()[:40]}” is no date such as {today.year}-12-31"
    days = (today - by).days
    return "" if days <= 0 else f"was to be reviewed by {by}, {days} day{'s' * (days != 1)} ago"
