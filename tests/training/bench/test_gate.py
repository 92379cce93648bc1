"""The gate by simulation: it lets through what is truly better, and nothing that is truly worse."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from training.bench.gate import KNOWN, main, trial


@pytest.mark.parametrize("known", KNOWN)
def test_a_much_better_search_is_shown_on_all_cases_and_a_much_worse_one_never_is(known):
    better = [trial(-0.35, known, questions=100, seed=seed) for seed in range(3)]
    worse = [trial(0.5, known, questions=100, seed=seed) for seed in range(3)]

    assert all(one.change > 0.1 and one.share == 1.0 for one in better)
    assert all(one.change < -0.05 and one.share < 1.0 for one in worse)


def test_the_same_seed_is_the_same_trial():
    assert trial(0.0, KNOWN[0], questions=30, seed=1) == trial(0.0, KNOWN[0], questions=30, seed=1)


def test_the_table_says_for_each_change_how_often_what_was_decided():
    done = CliRunner().invoke(main, ["--questions", "30", "--times", "2"])

    rows = done.stdout.splitlines()
    assert done.exit_code == 0
    assert rows[0].split()[:2] == ["true", "change"]
    assert all(row.count("/") == 2 * len(KNOWN) for row in rows[1:])
    assert len(rows) == 6
