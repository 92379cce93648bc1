"""What prompts have in common is read once, and what is written is the same as if each were read alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.adapters.prompt_reading import read_prompts

pytestmark = pytest.mark.slow

COMMON = list(range(20, 90))
PROMPTS = [[*COMMON, 7], [*COMMON, 9, 11, 12], list(range(100, 130)), [*range(100, 128), 5, 6, 7, 8]]
CALLS = [0, 0, 1, 1]


@pytest.fixture(scope="module", params=["llama", "qwen2"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    from transformers import AutoModelForCausalLM

    from tests.tiny_models import save_tiny_model

    folder: Path = save_tiny_model(tmp_path_factory.mktemp("models") / request.param, request.param)
    return AutoModelForCausalLM.from_pretrained(folder).eval()


def written(model: Any, prompts: list[list[int]], calls: list[int]) -> list[list[int]]:
    """Eight tokens after each prompt, the likeliest ones."""
    import torch

    with torch.inference_mode():
        read = read_prompts(model, prompts, calls, 0, None)
        output = model.generate(**read.arguments, max_new_tokens=8, do_sample=False, eos_token_id=None, pad_token_id=0)
    return [row[read.start :].tolist() for row in output]


def test_rows_that_share_a_beginning_continue_as_each_would_alone(model: Any) -> None:
    alone = [written(model, [prompt], [0])[0] for prompt in PROMPTS]

    assert written(model, PROMPTS, CALLS) == alone
    assert written(model, PROMPTS[:2], [0, 0]) == alone[:2]


def test_only_what_differs_is_left_to_read(model: Any) -> None:
    read = read_prompts(model, PROMPTS, CALLS, 0, None)

    assert read.arguments["past_key_values"].get_seq_length() == len(COMMON)
    assert read.start == len(COMMON) + 4


def test_equal_prompts_keep_their_last_token_to_themselves(model: Any) -> None:
    assert written(model, [COMMON, COMMON], [0, 0]) == written(model, [COMMON], [0]) * 2


def test_rows_that_share_nothing_are_each_read_whole(model: Any) -> None:
    strangers = [*PROMPTS[:2], [5, 6, 7], [8, 9]]
    alone = [written(model, [prompt], [0])[0] for prompt in strangers]

    assert written(model, strangers, CALLS) == alone
    assert set(read_prompts(model, strangers, CALLS, 0, None).arguments) == {"input_ids", "attention_mask"}


def test_a_model_that_forgets_is_given_each_prompt_whole(tmp_path: Path) -> None:
    from transformers import MistralConfig, MistralForCausalLM

    shape = {"vocab_size": 256, "hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1}
    heads = {"num_attention_heads": 2, "num_key_value_heads": 2, "sliding_window": 16}
    forgetful = MistralForCausalLM(MistralConfig(**shape, **heads)).eval()

    read = read_prompts(forgetful, PROMPTS, CALLS, 0, None)

    assert set(read.arguments) == {"input_ids", "attention_mask"}
    assert read.start == len(PROMPTS[1])
