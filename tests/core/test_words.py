"""Words as they are compared."""

from __future__ import annotations

import pytest

from core.words import content_stems, content_words, coverage, overlap, stem, wording, words


def test_forms_of_a_word_share_a_stem() -> None:
    assert stem("refunded") == stem("refunds") == stem("Refund's")


def test_content_words_leave_out_what_only_holds_a_sentence_together() -> None:
    assert content_words("When will I get my 2 refunds back?") == ["2", "refunds", "back"]


def test_coverage_is_the_share_of_the_wanted_words() -> None:
    assert coverage({"a", "b", "c", "d"}, {"a", "x"}) == pytest.approx(0.25)
    assert coverage(set(), set()) == 1.0


def test_overlap_counts_shared_content_words() -> None:
    assert overlap("The refund arrives.", "Refunds arrived!") == 1.0
    assert overlap("", "") == 0.0
    assert content_stems("of the and") == set()


def test_checking_in_is_not_checking_out_however_it_is_written() -> None:
    assert content_stems("check-out") == content_stems("checked out") == content_stems("checkout")
    assert content_stems("check-in") == content_stems("checking in") != content_stems("check-out")


def test_an_e_mail_is_an_email() -> None:
    assert words("E-mail us") == ["email", "us"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("where is my refund", "Where is my  refund?!"),
        ("I can't sign-in", "I can’t sign in."),
        ("(thanks) \u201cbye\u201d", "Thanks, 'bye'"),
        ("ﬁne", "FINE"),
    ],
)
def test_tidied_words_say_the_same(one: str, other: str) -> None:
    assert wording(one) == wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("50%", "50"), ("5 €", "5 $"), ("15", "1.5"), ("refund", "refunds"), ("?", "!"), ("yes 👍", "yes 👎")],
)
def test_words_numbers_and_signs_that_differ_say_something_else(one: str, other: str) -> None:
    assert wording(one) != wording(other)
