"""Which cases are learned from where there are too many."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.lessons.selection import difficulty, selected

Row = dict[str, Any]


def marked(case: str, query: str, text: str, label: float, weight: float = 1.0) -> Row:
    return {"case_id": case, "query": query, "text": text, "label": label, "weight": weight}


def preferred(case: str, query: str, chosen: str, rejected: str, margin: float = 1.0) -> Row:
    row = {"case_id": case, "chosen": chosen, "rejected": rejected, "margin": margin, "weight": 1.0}
    return {**row, "screen": {"query": query, "shown": []}}


def sent(case: str, reply: str, first_shown: str, **more: Any) -> Row:
    screen = {"query": f"question {case}", "shown": [{"text": first_shown}]}
    return {"case_id": case, "completion": reply, "weight": 1.0, "screen": screen, **more}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (marked("1", "cancel booking", "Cancel your booking here.", 1.0), 0.0),
        (marked("1", "cancel booking", "Withdraw from a stay.", 1.0), 1.0),
        (marked("1", "cancel booking", "Cancel a payout. A booking fee applies.", 0.0), 1.0),
        (preferred("1", "cancel booking", "Cancel the booking there.", "Hello!"), 0.0),
        (preferred("1", "cancel booking", "Withdraw it there.", "Cancel the booking!"), 1.0),
        (sent("1", "Refunds take days.", "Refunds take five days."), 0.0),
        (sent("1", "Money arrives soon.", "Refunds take five days."), 1.0),
        (sent("1", "Refunds take days.", "Refunds take five days.", label=False), 1.0),
    ],
)
def test_a_row_is_hard_where_words_alone_would_have_judged_otherwise(row: Row, expected: float) -> None:
    assert difficulty(row) == expected


def test_all_rows_are_kept_where_there_is_room() -> None:
    rows = [marked(str(n), f"question {n}", "text", 1.0) for n in range(5)]

    assert selected(rows, 5) == rows


def test_the_hard_and_the_trusted_come_first() -> None:
    easy = marked("easy", "cancel booking", "Cancel your booking here.", 1.0)
    hard = marked("hard", "cancel stay", "Withdraw from it.", 1.0)
    doubtful = marked("doubtful", "refund money", "Withdraw from it.", 1.0, weight=0.3)
    significant = preferred("significant", "pets", "Pets may come.", "Pets stay out.")
    slight = preferred("slight", "dogs", "Dogs may come.", "Dogs stay out.", margin=1 / 3)

    assert selected([easy, hard, doubtful], 1) == [hard]
    assert selected([doubtful, easy, hard], 2) == [easy, hard]
    assert selected([slight, significant], 1) == [significant]


def test_the_same_question_counts_less_each_time() -> None:
    copies = [marked(f"copy {n}", "cancel booking", "Withdraw from it.", 1.0) for n in range(10)]
    other = marked("other", "pet fee", "Ask the host.", 1.0)

    assert selected([other, *copies], 2) == [other, copies[-1]]


def test_old_wins_are_replayed_however_easy() -> None:
    easy = [sent(f"old {n}", "Refunds take days.", "Refunds take five days.") for n in range(20)]
    hard = [marked(f"new {n}", f"question number{n}", "Withdraw from it.", 1.0) for n in range(20)]

    kept = selected([*easy, *hard], 20)

    assert sum("completion" in row for row in kept) == 6
    # Evenly over the past, not the newest of them alone.
    assert len({row["case_id"] for row in kept if "completion" in row} & {f"old {n}" for n in range(10)}) >= 1


@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=20),
    most=st.integers(0, 40),
    seed=st.integers(0, 3),
)
def test_a_case_is_taken_whole_or_not_at_all_and_the_order_stays(sizes: list[int], most: int, seed: int) -> None:
    rows = [
        sent(f"case {n}", f"reply {n}", "text", label=n % 3 > 0) for n, size in enumerate(sizes) for _ in range(size)
    ]

    kept = selected(rows, most, seed)

    assert len(kept) <= most
    assert kept == [row for row in rows if row["case_id"] in {one["case_id"] for one in kept}]
    assert kept == selected(rows, most, seed)
