"""Which knowledge ails, and why, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.knowledge.health import ArticleUse, ailing

TODAY = date(2026, 5, 4)
PETS = ArticleUse("pets", "Pets", None, datetime(2026, 1, 1, tzinfo=UTC))


def reasons(lost=0, contradicted=(), **changes):
    found = ailing([replace(PETS, **changes)], {"pets": lost}, {"pets": contradicted}, TODAY)
    return [reason.text for one in found for reason in one.reasons]


def test_an_article_that_nobody_complains_of_is_well():
    assert reasons(shown=19, marked=4, irrelevant=4, outdated=1, review_by="2026-05-04") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lost": 1}, "1 exam question does not find it any more"),
        ({"lost": 2}, "2 exam questions do not find it any more"),
        ({"outdated": 3}, "flagged outdated 3 times since its text last changed"),
        ({"contradicted": ["says this", "says that", "and so on"]}, "says this (and 2 more)"),
        ({"review_by": "2026-05-03"}, "was to be reviewed by 2026-05-03, 1 day ago"),
        ({"review_by": "2026-01-31 00:00:00"}, "was to be reviewed by 2026-01-31, 93 days ago"),
        ({"review_by": "next spring"}, "its review date “next spring” is no date such as 2026-12-31"),
        ({"marked": 5, "irrelevant": 3}, "irrelevant in 3 of the 5 marks it got"),
        ({"shown": 20}, "shown beside 20 sent replies, cited in none"),
    ],
)
def test_each_reason_says_what_is_wrong(changes, said):
    assert reasons(**changes) == [said]


def test_half_irrelevant_is_not_most_and_a_cited_article_is_of_use():
    assert reasons(marked=6, irrelevant=3, shown=50, cited=1) == []


def test_articles_with_most_reasons_come_first_and_then_the_most_serious():
    uses = [
        replace(PETS, id="never", shown=30),
        replace(PETS, id="old", outdated=2),
        replace(PETS, id="both", outdated=2, review_by="2020-01-01"),
        replace(PETS, id="well"),
    ]

    found = ailing(uses, {}, {}, TODAY)

    assert [one.id for one in found] == ["both", "old", "never"]
    assert [reason.ailment for reason in found[0].reasons] == ["outdated", "review"]
