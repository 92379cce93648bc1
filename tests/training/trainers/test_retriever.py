"""The retriever's trainer, on the packaged MiniLM and a few questions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from safetensors import safe_open

from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from training.errors import TooFewRows, TooManyDropped
from training.trainers.artefact import Job, Stopped, content_hash, read_artefact
from training.trainers.retriever import RetrieverOptions, train_retriever

OPTIONS = RetrieverOptions(epochs=2, learning_rate=1e-4)


@pytest.fixture(scope="session")
def trained(judged_rows, minilm, tmp_path_factory):
    """The artefact, and what its job was told on the way."""
    heard = []
    job = Job(tmp_path_factory.mktemp("retriever") / "out", 0, "data", progress=lambda *steps: heard.append(steps))
    return train_retriever(judged_rows, minilm, job, OPTIONS), heard


def first_are_right(embedder, rows):
    """The share of questions whose helpful snippet has the highest cosine of all snippets."""
    snippets = {row["snippet_id"]: row["text"] for row in rows}
    helpful = {row["anchor"]: row["snippet_id"] for row in rows if row["label"] == 1.0}
    best = (embedder.embed(list(helpful)) @ embedder.embed(list(snippets.values())).T).argmax(axis=1)
    return float(np.mean([list(snippets)[place] == right for place, right in zip(best, helpful.values(), strict=True)]))


@pytest.mark.slow
def test_it_learns_which_words_mean_the_same(trained, judged_rows, minilm):
    artefact, _ = trained

    before = first_are_right(SentenceTransformerEmbedder(minilm), judged_rows)
    after = first_are_right(SentenceTransformerEmbedder(artefact.folder), judged_rows)

    assert after > before
    assert after > 0.9


def test_its_artefact_says_what_it_was_made_from(trained):
    artefact, heard = trained

    assert read_artefact(artefact.folder) == artefact
    assert artefact.manifest["part"] == "retriever"
    assert artefact.manifest["rows"] == 90
    assert artefact.manifest["parameters"]["epochs"] == 2
    assert heard == [(step, 8) for step in range(9)]
    assert "telly" not in "".join(path.read_text("utf-8") for path in artefact.folder.rglob("*.md"))


@pytest.mark.slow
def test_a_stopped_run_goes_on_and_ends_with_the_same_weights(trained, judged_rows, minilm, tmp_path):
    whole, _ = trained
    heard = []
    job = Job(tmp_path / "out", 0, "data", progress=lambda *steps: heard.append(steps))

    with pytest.raises(Stopped):
        train_retriever(judged_rows, minilm, replace(job, should_stop=lambda: heard[-1][0] == 3), OPTIONS)
    artefact = train_retriever(judged_rows, minilm, job, OPTIONS)

    assert [step for step, _ in heard] == [0, 1, 2, 3, 3, 4, 5, 6, 7, 8]
    assert content_hash(artefact.folder) == whole.sha256
    assert not job.work.exists()


@pytest.mark.slow
def test_an_adapter_that_learned_instead_of_all_weights_is_part_of_them_in_the_end(judged_rows, minilm, tmp_path):
    options = replace(OPTIONS, lora_rank=4, learning_rate=2e-3)

    artefact = train_retriever(judged_rows, minilm, Job(tmp_path / "out", 0, "data"), options)

    files = {path.relative_to(folder).as_posix() for folder in (artefact.folder, minilm) for path in folder.rglob("*")}
    assert not [name for name in files if "adapter" in name]
    with safe_open(artefact.folder / "model.safetensors", "np") as saved:
        assert not [name for name in saved.keys() if "lora" in name]  # noqa: SIM118 - it is no mapping
    embedder = SentenceTransformerEmbedder(artefact.folder)
    assert first_are_right(embedder, judged_rows) > first_are_right(SentenceTransformerEmbedder(minilm), judged_rows)


def test_rows_without_words_are_dropped_and_too_many_of_them_stop_it(judged_rows, minilm, tmp_path):
    blank = [{**row, "text": " "} for row in judged_rows[:5]]

    with pytest.raises(TooManyDropped, match="The retriever would lose 5 of 90 rows because they have no words"):
        train_retriever([*blank, *judged_rows[5:]], minilm, Job(tmp_path / "out", 0, "data"), OPTIONS)


def test_without_a_helpful_snippet_there_is_nothing_to_learn(judged_rows, minilm, tmp_path):
    irrelevant = [row for row in judged_rows if row["label"] == 0.0]

    with pytest.raises(TooFewRows, match="60 rows"):
        train_retriever(irrelevant, minilm, Job(tmp_path / "out", 0, "data"), OPTIONS)
