"""Two rankings, one list: nothing twice, nobody favoured, the same again for the same seed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from core.interleaving import team_draft

RANKINGS = st.lists(st.integers(0, 30), unique=True, max_size=12)


def drafted(champion: list[int], challenger: list[int], k: int = 8, seed: int = 0) -> list[tuple[str, int]]:
    return list(team_draft(champion, challenger, k, seed, key=lambda one: one))


@given(RANKINGS, RANKINGS, st.integers(0, 2**32 - 1))
def test_eight_or_all_there_are_each_once_and_the_same_for_the_same_seed(
    champion: list[int], challenger: list[int], seed: int
) -> None:
    made = drafted(champion, challenger, seed=seed)

    items = [item for _, item in made]
    assert len(items) == len(set(items)) == min(8, len({*champion, *challenger}))
    assert made == drafted(champion, challenger, seed=seed)


@given(RANKINGS, RANKINGS, st.integers(0, 2**32 - 1))
def test_each_side_picks_its_best_that_is_left_and_both_alternate(
    champion: list[int], challenger: list[int], seed: int
) -> None:
    taken: list[int] = []
    rankings = {"champion": champion, "challenger": challenger}
    counts: Counter[str] = Counter()

    for side, item in drafted(champion, challenger, seed=seed):
        assert item == next(one for one in rankings[side] if one not in taken)
        taken.append(item)
        counts[side] += 1
        left = {name: [one for one in ranking if one not in taken] for name, ranking in rankings.items()}
        if all(left.values()):
            assert abs(counts["champion"] - counts["challenger"]) <= 1


def test_two_equal_rankings_stay_as_they_are() -> None:
    assert [item for _, item in drafted([1, 2, 3, 4], [1, 2, 3, 4], k=3, seed=9)] == [1, 2, 3]


def test_two_rankings_without_a_common_item_share_the_places_evenly() -> None:
    made = drafted([*range(8)], [*range(100, 108)], seed=3)

    assert [item for side, item in made if side == "champion"] == [0, 1, 2, 3]
    assert [item for side, item in made if side == "challenger"] == [100, 101, 102, 103]


def test_each_side_comes_first_half_of_the_time() -> None:
    first = Counter(drafted([1, 2], [3, 4], seed=seed)[0][0] for seed in range(1000))

    assert 430 <= first["challenger"] <= 570
