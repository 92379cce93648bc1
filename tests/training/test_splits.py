"""Splits by case and time, without leaks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.annotations import Preference
from core.values import Case, Turn
from core.words import overlap
from training.examples import Example
from training.splits import SAME, Questions, split_by_time

NINE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def example(number: int, text: str | None = None, last_word_h: float = 0.0) -> Example:
    opened = NINE + timedelta(hours=number)
    asked = text or f"Question {'abcdefghijklmnopqrstuvwxyz'[number]}{number} about subject {number * 7}?"
    case = Case(f"case_{number}", "T1", "C1", f"{number}.0", "U", (Turn("customer", asked),), "open", opened)
    said = Preference(
        id=f"ann_{number}", key=f"k{number}", case_id=case.id, suggestion_id=None, agent_id="U_ANN",
        created_at=opened + timedelta(hours=last_word_h), latency_s=9.0, source="button", chosen_slot="a", strength=2,
    )  # fmt: skip
    return Example(case, {}, (said,))


def numbers(examples):
    return [int(one.case.id.removeprefix("case_")) for one in examples]


def test_the_latest_cases_are_held_out_in_whatever_order_they_come():
    split = split_by_time([example(n) for n in (3, 9, 0, 7, 1, 5, 2, 8, 4, 6)])

    assert numbers(split.train) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert numbers(split.held_out) == [8, 9]
    assert split.leaked == 0


def test_a_case_that_was_still_talked_about_later_is_in_neither_part():
    split = split_by_time([*(example(n) for n in range(9) if n != 2), example(2, last_word_h=7.5), example(9)])

    assert numbers(split.train) == [0, 1, 3, 4, 5, 6, 7]
    assert split.leaked == 1


def test_a_question_that_is_held_out_is_not_learned_from():
    asked = "My refund of the cleaning fee has not arrived after ten days"
    same = "Hello! My refund of the cleaning fee has not arrived, after ten days"
    split = split_by_time([example(0, same), *(example(n) for n in range(1, 9)), example(9, asked)])

    assert 0 not in numbers(split.train)
    assert split.leaked == 1


def test_with_nothing_to_split_everything_is_learned_from():
    assert split_by_time([]) == split_by_time([], 0.5)
    assert numbers(split_by_time([example(0)]).train) == [0]


WORDS = st.sampled_from(["refund", "deposit", "pet", "wifi", "host", "guest", "fee", "key", "tax"])


@given(st.lists(st.lists(WORDS, max_size=7), max_size=9), st.lists(WORDS, max_size=7))
def test_the_index_finds_exactly_what_comparing_with_all_finds(asked, wanted):
    texts, text = [" ".join(one) for one in asked], " ".join(wanted)

    assert Questions(texts).has_one_like(text) == any(overlap(text, one) >= SAME for one in texts)
