"""`aitl metrics`: figures in words, as JSON, and as a table in a file."""

from __future__ import annotations

import csv
import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from core.bootstrap import open_store
from core.cli import aitl
from core.clock import utc_now
from core.feedback import Feedback
from core.metrics.meanings import MEANINGS
from core.metrics.measures import TITLES
from core.values import Turn
from tests.conftest import a_suggestion


@pytest.fixture
def history(program):
    """Forty cases two days ago, of which A was sent in thirty and refused in ten."""
    moment = utc_now() - timedelta(days=2)
    with open_store(program.settings(), lambda: moment) as store:
        feedback = Feedback(store, lambda: moment, str)
        for number in range(40):
            case, _ = store.cases.open("T1", "C1", f"{number}.0", "U", Turn("customer", "When?", f"{number}.0", moment))
            of = store.suggestions.add(a_suggestion(case, moment)).id
            store.suggestions.mark_posted(of, "C1", f"{number}.1", moment)
            if number < 30:
                feedback.adopt(of, "U_ANN", "a", "button", f"k{number}")
            else:
                feedback.reject(of, "U_ANN", ["tone"], None, None, "modal", f"k{number}")


def run(program, *arguments):
    return CliRunner().invoke(aitl, ["metrics", *arguments], obj=program, env={"COLUMNS": "200"})


def test_figures_are_told_with_interval_and_count(program, history):
    said = run(program, "--days", "7").stdout

    assert "Last 7 days" in said
    assert "75% (60% to 86%, n = 40)" in said
    assert "not enough data (n = 0)" in said


def test_json_holds_every_figure_as_the_contract_says(program, history):
    answer = json.loads(run(program, "--json").stdout)

    assert answer["days"] == 30
    as_is = answer["figures"]["adoption.as_is"]
    assert {name: as_is[name] for name in ("value", "n", "previous")} == {"value": 0.75, "n": 40, "previous": None}
    assert (round(as_is["low"], 3), round(as_is["high"], 3)) == (0.598, 0.858)
    assert answer["figures"]["judge.kappa"] == {
        "value": None,
        "n": 0,
        "low": None,
        "high": None,
        "previous": None,
        "meaning": "Agreement of judge and people beyond chance: 1 is all, 0 is none. "
        "From rulings that a second person looked at in the period, without being told the verdict.",
    }


def test_the_table_in_a_file_has_a_row_for_each_figure(program, history, tmp_path):
    out = tmp_path / "figures.csv"

    answer = run(program, "--csv", str(out), "--json")

    with out.open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert list(rows) == list(json.loads(answer.stdout)["figures"])
    assert (rows["adoption.rejected"]["value"], rows["adoption.rejected"]["n"]) == ("0.25", "40")
    assert rows["judge.kappa"]["value"] == ""


def test_every_figure_says_what_it_means_and_where_it_comes_from(program, history):
    said = run(program, "--explain").stdout

    assert list(MEANINGS) == list(TITLES)
    assert "The share of decisions that sent a draft unchanged." in said


def test_no_days_are_a_usage_error(program):
    answer = run(program, "--days", "0")

    assert answer.exit_code == 2
    assert "0 is not in the range" in answer.output
