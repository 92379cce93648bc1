"""The reranker's trainer, on the packaged MiniLM and a few questions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.adapters.cross_encoder import CrossEncoderReranker
from core.retrieval.blend import Blend
from core.values import RankedSnippet, Snippet
from training.errors import TooFewRows, TooManyDropped
from training.trainers.artefact import Job, Stopped, content_hash, read_artefact
from training.trainers.reranker import RerankerOptions, train_reranker

OPTIONS = RerankerOptions(epochs=3, learning_rate=1e-4, longest_pair=64, checked=1)


@pytest.fixture(scope="session")
def told_rows(judged_rows):
    """The same rows, where the words of a snippet tell whether it helped: a fresh head learns that in a few steps."""
    endings = {1.0: "This is how it is done, step by step.", 0.0: "Buy postcards in our shop."}
    return [{**row, "text": f"{row['text']} {endings[row['label']]}"} for row in judged_rows]


@pytest.fixture(scope="session")
def trained(told_rows, minilm, tmp_path_factory):
    """The artefact of a run on 30 questions, the last of which were held back."""
    return train_reranker(told_rows, minilm, Job(tmp_path_factory.mktemp("reranker") / "out", 0, "data"), OPTIONS)


def found_for(rows, case_id):
    """What the first stage found for a case, in its order, which is chance."""
    mine = sorted((row for row in rows if row["case_id"] == case_id), key=lambda row: -row["first_stage"])
    return mine[0]["query"], [
        RankedSnippet(
            Snippet(row["snippet_id"], row["article_id"], 1, "", "", None, row["text"]), rank, row["first_stage"]
        )
        for rank, row in enumerate(mine, 1)
    ]


@pytest.mark.slow
def test_it_learns_what_helped_and_outweighs_a_first_stage_that_knows_nothing(trained, told_rows):
    reranker = CrossEncoderReranker(trained.folder)
    cases = list(dict.fromkeys(row["case_id"] for row in told_rows))
    helpful = {row["case_id"]: row["snippet_id"] for row in told_rows if row["label"] == 1.0}

    first = [reranker.rerank(*found_for(told_rows, case), 1)[0].snippet.id for case in cases]

    assert trained.manifest["metrics"]["weight"] > 0
    assert np.mean([one == helpful[case] for one, case in zip(first, cases, strict=True)]) > 0.7


def test_its_artefact_says_what_it_was_made_from_and_how_it_is_used(trained):
    blend = Blend.read(trained.folder)

    assert read_artefact(trained.folder) == trained
    assert trained.manifest["part"] == "reranker"
    assert trained.manifest["rows"] == 90
    assert blend.weight == trained.manifest["metrics"]["weight"]
    assert (blend.candidates, blend.longest_pair) == (16, 64)
    assert "telly" not in "".join(path.read_text("utf-8") for path in trained.folder.rglob("*.md"))


@pytest.mark.slow
def test_a_stopped_run_goes_on_and_ends_with_the_same_weights(trained, told_rows, minilm, tmp_path):
    heard = []
    job = Job(tmp_path / "out", 0, "data", progress=lambda *steps: heard.append(steps))

    with pytest.raises(Stopped):
        train_reranker(told_rows, minilm, replace(job, should_stop=lambda: heard[-1][0] == 3), OPTIONS)
    artefact = train_reranker(told_rows, minilm, job, OPTIONS)

    assert heard[4] == (3, heard[0][1])
    assert content_hash(artefact.folder) == trained.sha256


def test_snippets_that_hardly_fit_stop_it_where_they_are_many(judged_rows, minilm, tmp_path):
    long = [{**row, "text": row["text"] + " and so on" * 60} for row in judged_rows[:9]]

    with pytest.raises(TooManyDropped, match=r"9 of 90 rows because .* less than half of them fits into 64 tokens"):
        train_reranker([*long, *judged_rows[9:]], minilm, Job(tmp_path / "out", 0, "data"), OPTIONS)


def test_questions_without_a_pair_teach_nothing(judged_rows, minilm, tmp_path):
    helpful = [row for row in judged_rows if row["label"] == 1.0]

    with pytest.raises(TooFewRows, match="there are 0"):
        train_reranker(helpful, minilm, Job(tmp_path / "out", 0, "data"), OPTIONS)
