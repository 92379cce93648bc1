"""The response ranker's benchmark on a folder of a few conversations, and on a few sample cases."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from core.bootstrap import make_suggester, open_services
from core.clock import utc_now
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from core.sample import sample_articles_dir, sample_cases
from core.settings import Settings
from training.bench.own_drafts import measure_own_drafts
from training.bench.ranker import main

HOTELS = ["Belfry", "Acorn", "Worth", "Leverton", "Warkworth", "Gonville"]
FACTS = {
    "Is there parking?": ["Parking is free.", "There is no parking."],
    "When is breakfast?": ["Breakfast is from 7:30.", "Breakfast is at noon."],
}
PASSAGES = [
    {"id": f"{hotel}/{number}", "title": f"{hotel.upper()} HOUSE: {question}", "text": texts[place % 2]}
    for place, hotel in enumerate(HOTELS)
    for number, (question, texts) in enumerate(FACTS.items())
]
QUERIES = [
    {
        "id": f"q-{passage['id']}",
        "turns": [f"S: How about the {passage['id'].split('/')[0]} House?", f"U: {passage['title'].split(': ')[1]}"],
        "gold": [passage["id"]], "reply": passage["text"], "group": passage["id"],
        "split": "dev" if passage["id"].startswith("Gonville") else "seed",
    }
    for passage in PASSAGES
]  # fmt: skip


def preference(query: dict) -> dict:
    """The reply that says what the passage says, over the one that says the opposite."""
    texts = next(texts for texts in FACTS.values() if query["reply"] in texts)
    other = next(text for text in texts if text != query["reply"])
    return {
        "query_id": query["id"], "split": query["split"], "chosen": query["reply"], "rejected": other, "margin": 3.0,
    }  # fmt: skip


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    rated = [preference(query) for query in QUERIES]
    for name, rows in (("passages", PASSAGES), ("queries", QUERIES), ("preferences", rated)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


@pytest.mark.slow
def test_it_learns_from_the_other_splits_and_says_where_a_right_passage_stood(data, tmp_path):
    out = tmp_path / "out"

    answer = CliRunner().invoke(main, [str(data), "--out", str(out), "--json"])

    assert answer.exit_code == 0, answer.output
    results = json.loads(answer.stdout)
    assert results["learned_from"] == 10
    assert results["accuracy"]["all"]["n"] == 2
    assert results["accuracy"]["a right passage comes first"]["value"] == 1.0
    kinds = ("both rest on the same passage", "they rest on different ones")
    assert sum(results["accuracy"][kind]["n"] for kind in kinds if kind in results["accuracy"]) == 2
    assert results["longer_wins"]["value"] in (0.0, 0.5, 1.0)
    assert json.loads((out / "ranker.json").read_text()) == results


@pytest.mark.slow
def test_on_the_sample_it_compares_the_first_drafts_with_and_without_a_ranker(tmp_path):
    settings, embedder = Settings.from_environment({"AITL_HOME": str(tmp_path)}), HashedWordsEmbedder()
    with open_services(settings) as services:
        ingest_paths([sample_articles_dir()], settings, services.store, embedder)
        suggester = make_suggester(settings, services.store, utc_now, embedder)

        found = measure_own_drafts(suggester, sample_cases()[::15], tmp_path)

    assert found.cases == 10
    assert found.learned_from > 15
    nearest = found.first["nearest of all"].value
    assert nearest >= found.first["trained ranker"].value > 0.05
    assert nearest >= found.first["as written"].value > 0.05
    assert found.gain.value == pytest.approx(found.first["trained ranker"].value - found.first["as written"].value)


@pytest.mark.parametrize("arguments", [[], ["DIR", "--sample"], ["DIR", "--split", "nowhere"]])
def test_what_cannot_be_measured_is_a_usage_error(data, arguments):
    answer = CliRunner().invoke(main, [str(data) if one == "DIR" else one for one in arguments])

    assert answer.exit_code == 2
