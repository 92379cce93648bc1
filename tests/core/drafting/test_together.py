"""Two bundles draft at once: each its own drafts, and one batch of the model that both share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from core.adapters.openai_chat import OpenAIModel
from core.adapters.py3langid import LanguageDetector
from core.adapters.transformers_lm import TransformersModel
from core.checker.lexical import LexicalChecker
from core.drafting.generator import ExtractiveGenerator
from core.drafting.prompted import PromptedGenerator
from core.drafting.together import drafted_together
from core.errors import ModelUnavailable
from core.hashed_words import HashedWordsEmbedder
from tests.contracts.test_generator import request_for

COMPOSED = ExtractiveGenerator(HashedWordsEmbedder(), LexicalChecker(), LanguageDetector())
ASKED = request_for("When does the refund arrive on my card?")


@pytest.mark.slow
def test_champion_and_challenger_go_through_the_model_in_one_batch(parrot: Path, tmp_path: Path) -> None:
    from tests.tiny_models import save_adapter

    model = TransformersModel(str(parrot), bfloat16=False)
    sides = [
        PromptedGenerator(one, COMPOSED, LexicalChecker(), LanguageDetector(), max_new_tokens=5)
        for one in (model, model.with_adapter(save_adapter(parrot, tmp_path / "bundle-000001" / "generator", seed=1)))
    ]
    alone = [side.draft(ASKED) for side in sides]
    worker, batches = model._owner.worker, []
    work = worker._work

    def counted(calls: Sequence[Any]) -> Any:
        batches.append(len(calls))
        return work(calls)

    worker._work, worker._gather_s = counted, 2.0

    together = drafted_together([(side, ASKED) for side in sides])

    assert together == alone
    assert batches == [2]


def test_what_one_of_them_raises_is_raised() -> None:
    down = OpenAIModel("down", base_url="http://127.0.0.1:9/v1")
    prompted = PromptedGenerator(down, COMPOSED, LexicalChecker(), LanguageDetector(), timeout_s=1.0)

    with pytest.raises(ModelUnavailable, match="down"):
        drafted_together([(COMPOSED, ASKED), (prompted, ASKED)])
