"""Two stages as one score."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import ModelUnavailable
from core.retrieval.blend import Blend, blended, standardized
from core.values import RankedSnippet, Snippet


def found(*scores: float) -> list[RankedSnippet]:
    snippets = [Snippet(f"s{n}", f"a{n}", 1, "", "", None, "Text.") for n in range(len(scores))]
    return [RankedSnippet(one, rank, score) for rank, (one, score) in enumerate(zip(snippets, scores, strict=True), 1)]


def test_without_a_weight_the_first_stages_order_stays() -> None:
    order = blended(found(3.0, 2.0, 1.0), [-5.0, 0.0, 5.0], weight=0.0)

    assert [place for place, _ in order] == [0, 1, 2]


def test_a_logit_counts_as_much_as_its_weight_says_on_whatever_scale_the_first_stage_scores() -> None:
    logits = [0.0, 0.0, 2.0]

    for scores in ((3.0, 2.0, 1.0), (0.3, 0.2, 0.1), (1003.0, 1002.0, 1001.0)):
        assert [place for place, _ in blended(found(*scores), logits, weight=1.0)] == [0, 2, 1]
        assert [place for place, _ in blended(found(*scores), logits, weight=2.0)] == [2, 0, 1]


def test_what_was_not_read_stays_behind_in_its_order_and_scores_no_higher() -> None:
    order = blended(found(4.0, 3.0, 2.0, 1.0), [-9.0, -8.0], weight=1.0)

    assert [place for place, _ in order] == [1, 0, 2, 3]
    assert [score for _, score in order] == sorted((score for _, score in order), reverse=True)


def test_scores_that_are_all_equal_say_nothing() -> None:
    assert standardized([2.0, 2.0]).tolist() == [0.0, 0.0]
    assert standardized([]).tolist() == []
    assert standardized([1.0, 3.0]).tolist() == [-1.0, 1.0]


def test_a_blend_is_read_as_it_was_written_and_a_broken_one_is_named(tmp_path: Path) -> None:
    blend = Blend(0.4, candidates=20, bfloat16=True, longest_pair=128)
    blend.write(tmp_path)

    assert Blend.read(tmp_path) == blend
    assert Blend.read(tmp_path / "nothing") is None
    (tmp_path / "blend.json").write_text('{"weights": 1}', "utf-8")
    with pytest.raises(ModelUnavailable, match=r"blend\.json"):
        Blend.read(tmp_path)
