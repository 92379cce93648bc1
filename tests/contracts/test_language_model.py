"""The contract of LanguageModel, on a model in this process and on one behind `transformers serve`."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.adapters.openai_chat import OpenAIModel
from core.adapters.transformers_lm import TransformersModel
from core.errors import ModelUnavailable
from core.ports import LanguageModel, Sampling, Written
from core.prompting import STYLES, Message, prompt_messages
from core.values import RankedSnippet, Snippet, Turn
from tests.chat_server import COMPLETE_REPLY, DIRECT_REPLY

pytestmark = pytest.mark.slow

Make = Callable[[str], LanguageModel]
REFUND = Snippet("s1", "refunds", 1, "Refunds", "", None, "Card refunds arrive within 5 days after the approval.")
SAMPLING = Sampling(seed=1, max_new_tokens=40)


@pytest.fixture(scope="module", params=["transformers", "openai"])
def make(request: pytest.FixtureRequest) -> Make:
    """Makes a model by its name."""
    if request.param == "transformers":
        return lambda name: TransformersModel(name, bfloat16=False)
    base_url = request.getfixturevalue("transformers_serve")
    return lambda name: OpenAIModel(name, base_url=base_url)


@pytest.fixture(scope="module")
def model(make: Make, parrot: Path) -> LanguageModel:
    return make(str(parrot))


def prompts(question: str) -> list[list[Message]]:
    """One for each style."""
    shown = (RankedSnippet(REFUND, 1, 1.0),)
    return [prompt_messages([Turn("customer", question)], shown, (), style) for style in STYLES]


def test_each_prompt_gets_its_own_text_in_its_place(model: LanguageModel) -> None:
    model.warm()

    assert model.write(prompts("Where is my refund?"), SAMPLING) == [
        Written(DIRECT_REPLY, finished=True),
        Written(COMPLETE_REPLY, finished=True),
    ]


def test_nothing_asked_is_nothing_written(model: LanguageModel) -> None:
    assert model.write([], SAMPLING) == []


def test_what_several_threads_ask_for_at_once_is_what_they_get_one_by_one(model: LanguageModel) -> None:
    questions = ["Where is my refund?", "And now?", "How do I cancel? " * 20]
    alone = [model.write(prompts(question), SAMPLING) for question in questions]

    with ThreadPoolExecutor(3) as threads:
        together = list(threads.map(lambda question: model.write(prompts(question), SAMPLING), questions))

    assert together == alone


def test_what_does_not_end_by_itself_is_cut_off_and_says_so(model: LanguageModel) -> None:
    (written,) = model.write(prompts("Where is my refund?")[:1], Sampling(seed=1, max_new_tokens=1))

    assert written == Written(DIRECT_REPLY, finished=False)


def test_a_model_that_is_not_there_is_named(make: Make, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no-such-model"):
        make(str(tmp_path / "no-such-model")).write(prompts("Where is my refund?"), SAMPLING)


def test_the_version_names_the_model_and_needs_nobody(make: Make, parrot: Path, tmp_path: Path) -> None:
    assert "parrot" in make(str(parrot)).version
    assert "no-such-model" in make(str(tmp_path / "no-such-model")).version
