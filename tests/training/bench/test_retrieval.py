"""The retrieval benchmark on a folder of a few passages."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from training.bench.retrieval import OURS, PLAIN, main, sample_queries

PASSAGES = [
    {"id": "b1", "title": "BELFRY", "text": "Parking is free."},
    {"id": "b2", "title": "BELFRY", "text": "Breakfast is cold."},
    {"id": "a1", "title": "ACORN HOUSE", "text": "Parking costs nine dollars."},
]
QUERIES = [
    {"id": "q1", "turns": ["U: A room?", "S: How about the Belfry?", "U: Is there parking?"], "gold": ["b1"]},
    {"id": "q2", "turns": ["U: Where can I park at the Acorn House?"], "gold": ["a1"]},
    {"id": "q3", "turns": ["U: Is breakfast good at the Belfry?"], "gold": ["b2"], "split": "seed"},
    {"id": "q4", "turns": ["U: Nothing answers this."], "gold": []},
]


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    rows = [{"group": row["id"], "split": "dev", "reply": "", **row} for row in QUERIES]
    for name, content in (("passages", PASSAGES), ("queries", rows)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, content)))
    return folder


def test_ours_stands_beside_its_baselines_in_one_run(data, tmp_path):
    out = tmp_path / "out"

    answer = CliRunner().invoke(main, [str(data), "--out", str(out), "--json"])

    assert answer.exit_code == 0, answer.output
    results = json.loads(answer.stdout)
    assert results["n"] == 2  # one query of another split, one without an answer
    assert set(results["methods"]) >= {PLAIN, "BM25", OURS}
    assert results["methods"][OURS]["mrr"]["value"] == 1.0
    assert results["methods"][OURS]["recall@75"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert results["precision_cap"] == 0.125
    assert json.loads((out / "retrieval.json").read_text()) == results


def test_the_table_names_every_method(data):
    answer = CliRunner().invoke(main, [str(data), "--split", "seed"])

    assert answer.exit_code == 0, answer.output
    assert answer.stdout.startswith("1 queries; precision@8 cannot pass 0.125")
    assert OURS in answer.stdout and "ours minus plain" in answer.stdout


@pytest.mark.parametrize("arguments", [[], ["DIR", "--sample"], ["DIR", "--split", "nowhere"]])
def test_what_cannot_be_measured_is_a_usage_error(data, arguments):
    answer = CliRunner().invoke(main, [str(data) if one == "DIR" else one for one in arguments])

    assert answer.exit_code == 2


def test_every_sample_case_with_an_answer_is_a_query():
    queries = sample_queries()

    assert len(queries) >= 300
    assert all(query.gold for query in queries)
