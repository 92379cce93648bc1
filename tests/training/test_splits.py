"""Splits by case and time, without leaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
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


TOPICS = ("refund", "deposit", "dog", "wifi", "key", "tax", "towel", "garage", "kitchen", "garden")


def asked_of_four(number: int, eve_contradicts: bool) -> Example:
    """A case about which four agents say which draft is better; all alike, or Eve the opposite."""
    one = example(0, f"The {TOPICS[number % 10]} {TOPICS[number // 10]} matter")
    opened = NINE + timedelta(hours=number)
    said = [
        one.said[0].model_copy(
            update={
                "id": f"ann_{agent}_{number}",
                "suggestion_id": f"sug_{number}",
                "agent_id": agent,
                "created_at": opened,
                "chosen_slot": "ab"[(number + (agent == "U_EVE" and eve_contradicts)) % 2],
            }
        )
        for agent in ("U_ANN", "U_BOB", "U_CEM", "U_EVE")
    ]
    return Example(replace(one.case, id=f"case_{number}", created_at=opened), {}, tuple(said))


def weights(examples, agent):
    return {round(said.weight, 2) for one in examples for said in one.said if said.agent_id == agent}


def test_who_contradicts_the_others_in_training_weighs_less_in_both_parts():
    split = split_by_time([asked_of_four(n, eve_contradicts=True) for n in range(50)])

    assert split.weighs_less == {("U_EVE", "preference"): pytest.approx(0.1)}
    assert (weights(split.train, "U_EVE"), weights(split.train, "U_ANN")) == ({0.1}, {1.0})
    assert weights(split.held_out, "U_EVE") == {0.1}


def test_what_is_said_of_held_out_cases_changes_no_weight_in_training():
    split = split_by_time([asked_of_four(n, eve_contradicts=n >= 25) for n in range(50)], held_out_share=0.5)

    assert split.weighs_less == {}
    assert weights(split.train, "U_EVE") == {1.0}
    (measured,) = weights(split.held_out, "U_EVE")
    assert measured < 0.5


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


def conversation(number: int, *texts: str) -> Example:
    one = example(number)
    return replace(one, case=replace(one.case, turns=tuple(Turn("customer", text) for text in texts)))


def test_conversations_that_only_begin_alike_are_different_questions():
    hello = "Good morning, I have a question about my stay."
    asked = [
        f"Does the {TOPICS[n]} cost anything on {TOPICS[(n + 1) % 10]} weekends for small families?" for n in range(10)
    ]

    split = split_by_time([conversation(number, hello, text) for number, text in enumerate(asked)])

    assert (len(split.train), len(split.held_out), split.leaked) == (8, 2, 0)


def test_no_more_is_held_out_than_an_evaluation_asks():
    split = split_by_time([example(number) for number in range(20)], most=3)

    assert [one.case.id for one in split.held_out] == ["case_17", "case_18", "case_19"]
    assert len(split.train) == 17
