"""A language model in this process: adapters side by side in one batch, limits row by row, trouble in one sentence."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from core.adapters.transformers_lm import TransformersModel
from core.errors import AdapterUnusable, ModelUnavailable, PromptTooLong
from core.ports import LanguageModel, Sampling
from core.prompting import Message

pytestmark = pytest.mark.slow

ASKED: list[Message] = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is my refund?"}]
SAMPLING = Sampling(seed=1, temperature=1.0, max_new_tokens=12)


@pytest.fixture(scope="module")
def model(tiny_llama: Path) -> TransformersModel:
    return TransformersModel(str(tiny_llama), bfloat16=False)


@pytest.fixture(scope="module")
def adapters(tiny_llama: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two trained parts, as bundles keep them."""
    from tests.tiny_models import save_adapter

    folder = tmp_path_factory.mktemp("adapters")
    one, two = (save_adapter(tiny_llama, folder / f"bundle-00000{n}" / "generator", seed=n) for n in (1, 2))
    return one, two


def texts(model: LanguageModel, *prompts: Sequence[Message], sampling: Sampling = SAMPLING) -> list[str]:
    return [written.text for written in model.write(prompts or [ASKED], sampling)]


def loaded_into(model: TransformersModel) -> set[str]:
    """The names of the adapters in memory, without the one that only keeps the place."""
    return set(model._owner._loaded[0].model.peft_config) - {"resting"}


def test_the_same_seed_gives_the_same_text_and_another_seed_another(model: TransformersModel) -> None:
    other = Sampling(seed=2, temperature=1.0, max_new_tokens=12)

    assert texts(model) == texts(model)
    assert texts(model) != texts(model, sampling=other)


def test_without_temperature_no_seed_matters(model: TransformersModel) -> None:
    one, other = (Sampling(seed=seed, temperature=0.0, max_new_tokens=12) for seed in (1, 2))

    assert texts(model, sampling=one) == texts(model, sampling=other)


def test_champion_challenger_and_base_write_at_once_what_each_writes_alone(
    model: TransformersModel, adapters: tuple[Path, Path]
) -> None:
    sides = [model, model.with_adapter(adapters[0]), model.with_adapter(adapters[1])]
    alone = [texts(side) for side in sides]
    assert len({text for (text,) in alone}) == 3

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda n: texts(sides[n % 3]), range(24)))

    assert together == [alone[n % 3] for n in range(24)]


def test_rows_of_one_batch_keep_their_own_seeds_lengths_and_temperatures(model: TransformersModel) -> None:
    samplings = [
        Sampling(seed=n, temperature=n / 4, max_new_tokens=4 + n, top_p=0.5 if n % 2 else 1.0) for n in range(8)
    ]
    prompts = [[{"role": "user", "content": "Where is it? " * (n + 1)}] for n in range(8)]
    alone = [model.write([prompt], sampling) for prompt, sampling in zip(prompts, samplings, strict=True)]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda n: model.write([prompts[n]], samplings[n]), range(8)))

    assert together == alone


def test_an_adapter_leaves_memory_with_the_last_who_uses_it(tiny_llama: Path, adapters: tuple[Path, Path]) -> None:
    model = TransformersModel(str(tiny_llama), bfloat16=False)
    champion, again, challenger = (model.with_adapter(adapters[n]) for n in (0, 0, 1))
    base, expected = texts(model), texts(champion)
    texts(challenger)
    assert len(loaded_into(model)) == 2

    del champion, challenger
    gc.collect()
    assert texts(model) == base
    assert len(loaded_into(model)) == 1
    assert texts(again) == expected

    del again
    gc.collect()
    assert texts(model) == base
    assert loaded_into(model) == set()
    assert texts(model.with_adapter(adapters[0])) == expected


def test_a_spoiled_adapter_is_named_and_the_others_write_on(
    model: TransformersModel, adapters: tuple[Path, Path], tmp_path: Path
) -> None:
    champion = model.with_adapter(adapters[0])
    before = texts(champion)
    spoiled = tmp_path / "bundle-000009" / "generator"
    shutil.copytree(adapters[1], spoiled)
    weights = spoiled / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:2000])

    with pytest.raises(AdapterUnusable, match="bundle-000009"):
        model.with_adapter(spoiled).warm()

    assert texts(champion) == before
    assert not any(b"bundle-000009".hex() in name for name in loaded_into(model))


def test_an_adapter_of_another_model_is_refused(parrot: Path, adapters: tuple[Path, Path]) -> None:
    with pytest.raises(AdapterUnusable, match="cannot be used with this model"):
        TransformersModel(str(parrot), bfloat16=False).with_adapter(adapters[0]).warm()


def test_versions_tell_weights_and_adapters_apart(model: TransformersModel, adapters: tuple[Path, Path]) -> None:
    names = [model.version, *(model.with_adapter(folder).version for folder in adapters)]

    assert names[0].startswith("tiny-llama@")
    assert names[1].startswith(f"{names[0]}+bundle-000001@")
    assert len(set(names)) == 3


def test_a_prompt_that_does_not_fit_says_how_much_would(model: TransformersModel) -> None:
    long: list[Message] = [{"role": "user", "content": "refund " * 6000}]

    with pytest.raises(PromptTooLong, match="reads at most 4084 besides its answer") as failure:
        texts(model, long)

    assert 0.0 < failure.value.fits < 1.0


def test_what_takes_too_long_stops_and_says_so_and_does_not_hold_up_others(model: TransformersModel) -> None:
    endless = Sampling(seed=5, temperature=1.0, max_new_tokens=3000, timeout_s=0.4)

    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(texts, model, *[ASKED] * 8, sampling=endless)
        quick = threads.submit(texts, model)

        with pytest.raises(ModelUnavailable, match=r"did not finish within 0\.4 s"):
            slow.result()
        assert quick.result() == texts(model)


def test_a_folder_without_a_model_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"could not be loaded .* Give AITL_GENERATOR as transformers:"):
        texts(TransformersModel(str(tmp_path)))


def test_a_tokenizer_without_a_chat_template_gets_a_plain_one(tmp_path: Path) -> None:
    from tests.tiny_models import save_tiny_model

    plain = TransformersModel(str(save_tiny_model(tmp_path / "plain", "qwen2", chat=False)), bfloat16=False)

    assert len(plain.write([ASKED], SAMPLING)) == 1


def test_a_template_that_refuses_system_messages_gets_the_rules_with_the_question(tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    from tests.tiny_models import save_tiny_model

    folder = save_tiny_model(tmp_path / "strict")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    refuse = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system') }}{% endif %}"
    tokenizer.chat_template = refuse + tokenizer.chat_template
    tokenizer.save_pretrained(folder)
    merged: list[Message] = [{"role": "user", "content": "Be brief.\n\nWhere is my refund?"}]

    strict = TransformersModel(str(folder), bfloat16=False)

    assert strict.write([ASKED], SAMPLING) == strict.write([merged], SAMPLING)
