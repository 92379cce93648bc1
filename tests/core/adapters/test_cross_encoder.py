"""A cross-encoder as the second stage."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.adapters.cross_encoder import CrossEncoderReranker
from core.errors import ModelUnavailable
from core.values import RankedSnippet, Snippet

TEXTS = ("Refunds arrive within five days.", "Dogs are welcome.", "Keys are in the box.", "Wifi is free.")


@pytest.fixture(scope="module")
def untrained(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoderReranker:
    return CrossEncoderReranker.untrained(tmp_path_factory.mktemp("models") / "cross")


def snippets() -> list[RankedSnippet]:
    made = [Snippet(f"snip_{n}", f"article_{n}", 1, text.split()[0], "", None, text) for n, text in enumerate(TEXTS)]
    return [RankedSnippet(snippet, rank, 1.0 / rank) for rank, snippet in enumerate(made, 1)]


def test_the_k_best_are_kept_in_the_order_of_the_models_scores(untrained):
    every = untrained.rerank("When does my refund arrive?", snippets(), 4)
    best = untrained.rerank("When does my refund arrive?", snippets(), 2)

    assert sorted(one.snippet.id for one in every) == ["snip_0", "snip_1", "snip_2", "snip_3"]
    assert [one.rank for one in every] == [1, 2, 3, 4]
    assert [one.score for one in every] == sorted((one.score for one in every), reverse=True)
    assert len({one.score for one in every}) > 1
    assert [one.snippet.id for one in best] == [one.snippet.id for one in every[:2]]


def test_nothing_to_order_gives_nothing(untrained):
    assert untrained.rerank("When does my refund arrive?", [], 8) == []


def test_the_same_seed_makes_the_same_weights_and_another_makes_others(tmp_path: Path, untrained):
    again = CrossEncoderReranker.untrained(tmp_path / "cross", seed=0)
    other = CrossEncoderReranker.untrained(tmp_path / "other" / "cross", seed=1)

    assert again.version == untrained.version
    assert other.version != untrained.version


def test_a_folder_without_a_model_is_named_in_the_error(tmp_path: Path):
    with pytest.raises(ModelUnavailable, match="nothing-here"):
        CrossEncoderReranker(tmp_path / "nothing-here").rerank("Where is it?", snippets(), 2)
