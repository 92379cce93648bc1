"""Marks put back: after the sentence that a snippet bears, and nowhere else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.citations import without_marks
from core.drafting.marking import with_marks, with_right_marks
from core.values import RankedSnippet, Snippet

FEE = Snippet("s1", "pets", 1, "Bringing a pet", "The pet fee", None, "A host may charge a pet fee of up to $100.")
REFUND = Snippet("s2", "refunds", 1, "Refunds", "", None, "Card refunds arrive within 5 days after the approval.")
SHOWN = (RankedSnippet(FEE, 1, 0.9), RankedSnippet(REFUND, 2, 0.8))


def test_each_fact_gets_the_mark_of_the_snippet_that_bears_it() -> None:
    text = (
        "Hello Ana,\n\nCard refunds arrive within 5 days after the approval. A host may charge a pet fee of up to $100."
    )

    assert with_marks(text, SHOWN) == (
        "Hello Ana,\n\n"
        "Card refunds arrive within 5 days after the approval. [2] A host may charge a pet fee of up to $100. [1]"
    )


def test_what_no_snippet_says_and_what_is_marked_stays_as_it_is() -> None:
    text = "Card refunds arrive within 9 days after the approval. A host may charge a pet fee of up to $100. [2]"

    assert with_marks(text, SHOWN) == text


def test_list_items_keep_their_lines() -> None:
    text = "So it is:\n- Card refunds arrive within 5 days after the approval.\n- Anything else?"

    assert with_marks(text, SHOWN) == (
        "So it is:\n- Card refunds arrive within 5 days after the approval. [2]\n- Anything else?"
    )


def test_a_sentence_whose_marks_are_known_gets_those() -> None:
    known = {"Refunds are quick.": (2, 1)}

    assert with_marks("Refunds are quick. Enjoy!", SHOWN, known) == "Refunds are quick. [2] [1] Enjoy!"


@given(st.text(max_size=300))
def test_nothing_but_marks_is_ever_added(text: str) -> None:
    assert without_marks(with_marks(text, SHOWN)) == without_marks(text)


def test_a_mark_that_points_to_the_wrong_snippet_is_put_right() -> None:
    text = (
        "Hello. Card refunds arrive within 5 days after the approval [1]. "
        "A host may charge a pet fee of up to $100. [2]"
    )

    assert with_right_marks(text, SHOWN) == (
        "Hello. Card refunds arrive within 5 days after the approval. [2] "
        "A host may charge a pet fee of up to $100. [1]"
    )


def test_a_mark_stays_where_it_is_right_where_nothing_is_and_where_there_are_several() -> None:
    text = (
        "Card refunds arrive within 5 days after the approval. [2] Card refunds arrive within 9 days. [1] "
        "A host may charge a pet fee of up to $100. [1][2]"
    )

    assert with_right_marks(text, SHOWN) == text


@given(st.text(alphabet=st.sampled_from("Card refunds [1][2]. \n-"), max_size=200))
def test_moving_marks_changes_no_word(text: str) -> None:
    assert without_marks(with_right_marks(text, SHOWN)).split() == without_marks(text).split()
