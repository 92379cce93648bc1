"""Pairwise accuracy on rated replies: counted by conversation, and by what the two replies rest on."""

from __future__ import annotations

import json

import pytest

from core.bootstrap import open_store
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from core.knowledge_base import make_retriever
from core.settings import Settings
from training.bench.pairwise import longer_wins, pairwise_accuracy
from training.bench.rated_replies import article_lines, rate, read_pairs

PASSAGES = [
    {"id": "belfry/0", "title": "BELFRY HOUSE: Is there parking?", "text": "Parking costs 9 euros a night."},
    {"id": "belfry/1", "title": "BELFRY HOUSE: When is breakfast?", "text": "Breakfast is served from 7:30."},
    {"id": "acorn/0", "title": "ACORN INN: Is there parking?", "text": "There is no parking at all."},
]
QUERIES = [
    {
        "id": "q1", "turns": ["S: The Belfry House is free.", "U: Is there parking?"], "gold": ["belfry/0"],
        "reply": "", "group": "g1", "split": "dev",
    },
]  # fmt: skip
PAIRS = [
    ("Parking costs 9 euros a night.", "Breakfast is served from 7:30."),
    ("Parking costs 9 euros.", "It costs 9 euros a night to park, Parking costs 9 euros."),
]


class PrefersFigures:
    """A small ranker: the more digits, the better, up to `most`."""

    version = "figures"

    def __init__(self, most: int = 99) -> None:
        self._most = most

    def score(self, request, drafts):
        return [float(min(self._most, sum(letter.isdigit() for letter in draft.text))) for draft in drafts]


@pytest.fixture
def rated(tmp_path):
    said = [
        {"query_id": "q1", "split": "dev", "chosen": chosen, "rejected": rejected, "margin": 2.5}
        for chosen, rejected in PAIRS
    ]
    for name, rows in (("passages", PASSAGES), ("queries", QUERIES), ("preferences", said)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (tmp_path / "articles.jsonl").write_text("".join(article_lines(tmp_path)))
    settings, embedder = Settings.from_environment({"AITL_HOME": str(tmp_path / "home")}), HashedWordsEmbedder()
    with open_store(settings) as store:
        ingest_paths([tmp_path / "articles.jsonl"], settings, store, embedder)
        return rate(read_pairs(tmp_path), make_retriever(settings, store.knowledge, embedder), embedder)


def test_a_pair_is_a_row_over_what_is_shown_and_says_whether_both_replies_rest_on_one_passage(rated):
    first, second = rated

    assert (first.row["chosen"], first.row["margin"], first.row["case_id"]) == (PAIRS[0][0], 0.5, "g1")
    assert len(first.row["screen"]["shown"]) == 3
    assert "gold" not in json.dumps(first.row)
    assert first.place == 1
    assert (first.same_passage, second.same_passage) == (False, True)


def test_accuracy_is_counted_in_all_and_by_kind_and_a_tie_counts_half(rated):
    by_figures, undecided = pairwise_accuracy(PrefersFigures(), rated), pairwise_accuracy(PrefersFigures(0), rated)

    assert {name: (one.value, one.n) for name, one in by_figures.items()} == {
        "all": (0.0, 2),
        "both rest on the same passage": (0.0, 1),
        "they rest on different ones": (0.0, 1),
        "a right passage comes first": (0.0, 2),
    }
    assert undecided["all"].value == 0.5
    assert longer_wins(rated).value == 0.25
