"""How much each agent's word weighs in a data set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.annotations import Preference, Relevance
from training.agents import weighed, weights_of

NINE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def shared(agent, n):
    return {
        "id": f"ann_{agent}_{n}",
        "key": f"key_{agent}_{n}",
        "case_id": f"case_{n}",
        "suggestion_id": f"sug_{n}",
        "agent_id": agent,
        "created_at": NINE + timedelta(minutes=n),
        "latency_s": 60.0,
        "source": "button",
    }


def prefers(agent, n, slot="a"):
    return Preference.model_validate({**shared(agent, n), "chosen_slot": slot, "strength": 2})


def marks(agent, n, label="helpful"):
    return Relevance.model_validate({**shared(agent, n), "snippet_id": "s1", "n": 1, "label": label, "cited": True})


def total(said, agent):
    return sum(one.weight for one in said if one.agent_id == agent)


def test_who_contradicts_all_others_weighs_little_in_everything_they_say():
    said = [prefers(agent, n, "ab"[n % 2]) for agent in ("ann", "bob", "cem") for n in range(30)]
    said += [prefers("eve", n, "ba"[n % 2]) for n in range(30)] + [marks("eve", 99)]

    left = weights_of(said)

    assert left == {("eve", "preference"): pytest.approx(0.1), ("eve", "relevance"): pytest.approx(0.1)}
    assert total(weighed(said, left), "eve") == pytest.approx(3.1)
    assert total(weighed(said, left), "ann") == 30.0


def test_marks_on_one_snippet_are_compared_and_outdated_says_nothing():
    said = [marks(agent, n, ("helpful", "irrelevant")[n % 2]) for agent in ("ann", "bob", "cem") for n in range(40)]

    wrong = weights_of(said + [marks("eve", n, ("irrelevant", "helpful")[n % 2]) for n in range(40)])
    silent = weights_of(said + [marks("eve", n, "outdated") for n in range(40)])

    assert wrong["eve", "relevance"] < 0.2
    assert silent == {}


def test_a_burst_of_one_agent_outweighs_nobody():
    quiet = [prefers(f"agent_{who}", 10 * who + n) for who in range(9) for n in range(10)]
    said = quiet + [prefers("eve", 1000 + n) for n in range(910)]

    weights = weighed(said, weights_of(said))

    assert total(weights, "eve") == pytest.approx(30.0)  # a quarter of 120
    assert total(weights, "agent_3") == 10.0


def test_two_bursts_have_a_quarter_each():
    said = [prefers(f"agent_{who}", 10 * who + n) for who in range(8) for n in range(10)]
    said += [prefers(agent, 1000 + n) for agent in ("eve", "sam") for n in range(300)]

    weights = weighed(said, weights_of(said))

    assert [total(weights, agent) for agent in ("eve", "sam", "agent_0")] == pytest.approx([40.0, 40.0, 10.0])


def test_in_a_small_team_or_a_small_heap_nobody_is_capped():
    three = [prefers("eve", n) for n in range(200)] + [prefers("ann", 300), prefers("bob", 301)]
    few = [prefers("eve", n) for n in range(30)] + [prefers(f"agent_{n}", 100 + n) for n in range(5)]

    assert weights_of(three) == {}
    assert weights_of(few) == {}
    assert weights_of([]) == {}
