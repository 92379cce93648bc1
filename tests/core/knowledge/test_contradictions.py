"""Two articles on one subject that do not agree are named, the older one first of all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.knowledge.contradictions import contradictions
from core.values import Article

THEN = datetime(2026, 5, 4, tzinfo=UTC)
REFUND = "A refund to a card takes 5 business days."


def article(article_id, text, title="Refund times", **attributes):
    return Article(article_id, 1, title, None, text, "", "", attributes=attributes)


def found(*articles, days=None):
    changed = {one.id: THEN + timedelta(days=(days or {}).get(one.id, 0)) for one in articles}
    return contradictions(articles, changed)


def test_the_older_of_two_articles_with_different_figures_is_named_and_says_what_the_newer_says():
    old, new = (
        article("old", f"# Times\n\nHello there. {REFUND}"),
        article("new", "A card refund takes 10 business days."),
    )

    assert found(old, new, days={"new": 1}) == {
        "old": (f"“{REFUND}”, while “Refund times”, which is newer, says “A card refund takes 10 business days.”",)
    }


def test_the_front_matter_says_when_an_article_was_updated_whatever_was_taken_in_last():
    old = article("old", REFUND, updated="2025-01-01")
    new = article("new", REFUND.replace("5", "7"), updated="2026-01-01")

    assert list(found(old, new, days={"old": 1})) == ["old"]


def test_where_neither_is_newer_both_are_named():
    assert set(found(article("a", REFUND), article("b", REFUND.replace("5", "7")))) == {"a", "b"}


def test_what_one_article_denies_is_named_too():
    said, denied = "Dogs are welcome in every garden home.", "Dogs are not welcome in any garden home."

    told = found(article("a", said, "Pets"), article("b", denied, "Pets"), days={"b": 1})

    assert told == {"a": (f"“{said}”, while “Pets”, which is newer, says “{denied}”",)}


@pytest.mark.parametrize(
    ("one", "other", "titles"),
    [
        (REFUND, REFUND, ("Refund times", "Refund times")),
        (REFUND, "A refund to a card takes 5 business days, 7 at most.", ("Refund times", "Refund times")),
        (REFUND, REFUND.replace("5", "7"), ("Refund times in Spain", "Refund times in Portugal")),
        (REFUND, REFUND.replace("5", "7"), ("Refund times", "Fees of all kinds, and refund times in other countries")),
        (REFUND, "Does a refund to a card take 7 business days?", ("Refund times", "Refund times")),
        ("It takes 5 days.", "It takes 7 days.", ("Refund times", "Refund times")),
        ("A refund to a card takes 5 days.", "A refund to a card costs $7.", ("Refund times", "Refund times")),
    ],
)
def test_what_may_both_be_right_is_no_contradiction(one, other, titles):
    assert found(article("a", one, titles[0]), article("b", other, titles[1]), days={"b": 1}) == {}


def test_two_sentences_of_one_article_do_not_contradict_each_other():
    assert found(article("a", f"{REFUND}\n\n{REFUND.replace('5', '7')}")) == {}


def test_each_other_article_is_told_of_once():
    both = f"{REFUND}\n\nA voucher is valid for 2 years."
    other = "A refund to a card takes 9 business days.\n\nA voucher is valid for 3 years."

    told = found(article("a", both), article("b", other), days={"b": 1})

    assert len(told["a"]) == 1


def test_a_sentence_that_stands_in_very_many_articles_is_a_template():
    many = [article(f"a{n}", f"A refund to a card takes {n} days.") for n in range(60)]

    assert found(*many) == {}
