"""What a flywheel run still gets wrong: each right passage that is not shown has one cause."""

from __future__ import annotations

from core.values import Turn
from training.bench.flywheel.data import Query
from training.bench.flywheel.misses import Passage, missed

PASSAGES = {
    one.id: one
    for place in ("Blue Boar", "Old Mill", "Red Lodge")
    for one in [Passage(f"{place} {n}", place, f"Sentence {n} about it.") for n in range(12)]
}


def asked(*gold: str) -> Query:
    return Query("q1", (Turn("customer", "Is there parking?"),), frozenset(gold), "Yes.", "g", "dev")


def causes(query: Query, ranking: list[str]) -> list[tuple[str, str, int]]:
    return [(one.passage.id, one.cause, one.place) for one in missed(query, ranking, PASSAGES).misses]


def test_a_passage_of_a_subject_that_is_not_shown_was_taken_for_something_else():
    ranking = [f"Blue Boar {n}" for n in range(8)] + ["Old Mill 3"]

    assert causes(asked("Old Mill 3"), ranking) == [("Old Mill 3", "another subject", 9)]


def test_a_passage_of_the_right_subject_was_ranked_too_low_or_not_found_at_all():
    ranking = [f"Blue Boar {n}" for n in range(10)]

    assert causes(asked("Blue Boar 9", "Blue Boar 11"), ranking) == [
        ("Blue Boar 9", "ranked too low", 10),
        ("Blue Boar 11", "not found", 0),
    ]


def test_what_is_shown_is_no_miss():
    found = missed(asked("Blue Boar 0", "Blue Boar 7"), [f"Blue Boar {n}" for n in range(8)], PASSAGES)

    assert (found.misses, found.no_room) == ((), 0)
    assert [one.id for one in found.shown] == [f"Blue Boar {n}" for n in range(8)]


def test_for_more_right_passages_than_places_there_is_no_room():
    right = [f"Blue Boar {n}" for n in range(11)]

    found = missed(asked(*right), [*right[:7], "Red Lodge 0", *right[7:]], PASSAGES)

    assert [one.passage.id for one in found.misses] == ["Blue Boar 7"]
    assert found.no_room == 3
