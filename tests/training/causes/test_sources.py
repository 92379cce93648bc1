"""What an agent sent, looked up in the knowledge base by its words."""

from __future__ import annotations

from core.values import Snippet
from training.causes.sources import Sources

ARTICLES = {
    "refunds": "A card refund takes 5 business days. It goes back to the card that you used.",
    "vouchers": "A voucher is valid for two years. A card refund takes longer than a voucher.",
    "pets": "A host may charge a pet fee of up to $100, once per stay.",
}
SOURCES = Sources(Snippet(one, one, 1, one.title(), "", None, text) for one, text in ARTICLES.items())


def test_the_article_that_says_most_of_a_reply_is_its_source() -> None:
    claims = ("A card refund takes 5 business days.", "The money goes back to the card you used.")

    assert SOURCES.bearing(claims) == {"refunds"}
    assert not SOURCES.is_nowhere(claims)


def test_another_amount_is_not_what_the_article_says() -> None:
    claims = ("The pet fee is up to $150 per stay.",)

    assert SOURCES.bearing(claims) == frozenset()
    assert SOURCES.bears_none(claims)
    assert SOURCES.is_nowhere(claims)  # though an article has most of its words


def test_where_an_article_has_most_of_the_words_and_no_amount_speaks_against_it_nobody_can_tell() -> None:
    without_amounts = ("A card refund never takes longer than a voucher.",)
    one_of_its_amounts = ("A host may not charge any fee for pets.", "A stay may not take a pet for up to $100.")

    for claims in (without_amounts, one_of_its_amounts):
        assert SOURCES.bearing(claims) == frozenset()
        assert not SOURCES.is_nowhere(claims)


def test_what_no_article_speaks_of_stands_nowhere() -> None:
    claims = ("Trains to the airport leave every twenty minutes from platform nine.",)

    assert SOURCES.is_nowhere(claims)
    assert SOURCES.bearing(claims) == frozenset()


def test_the_nearest_article_shares_the_rarest_words() -> None:
    nearest = SOURCES.nearest(("Your voucher was sent, and a refund is not possible.",))

    assert nearest is not None
    assert nearest.id == "vouchers"
    assert SOURCES.nearest(("Trains leave hourly.",)) is None
