"""The generator's trainer on a tiny model made on the spot: real SFT, DPO, KTO and ORPO."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from core.adapters.transformers_lm import TransformersModel
from core.errors import ModelUnavailable
from core.ports import DraftRequest, Sampling
from core.prompting import RULES, Message, Style, prompt_messages
from core.settings import Settings
from core.values import Snippet
from tests.tiny_models import save_tiny_model
from training.errors import TooFewRows, TooManyDropped, TrainingFailed
from training.lessons.generator_lessons import lessons_of
from training.lessons.screens import request_of
from training.trainers.artefact import Artefact, Job, Stopped, read_artefact
from training.trainers.generator import GeneratorOptions, generator_base, train_generator

pytestmark = [
    pytest.mark.slow,
    # peft 0.21 asks transformers 5.23 by a name that is about to go.
    pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated"),
]

GOOD, BAD = "Card refunds arrive within five days [1].", "A host may charge a pet fee [2]."
OTHER = "Open Trips and choose Cancel stay [3]."
OPTIONS = GeneratorOptions(
    sft_epochs=2,
    preference_epochs=2,
    sft_learning_rate=1e-2,
    preference_learning_rate=1e-2,
    rank=8,
    label_noise=0.0,
    batch_size=4,
    micro_batch_size=4,
    longest_prompt=len(RULES) + 300,
    checkpoint_steps=100,
)


def screen(question: str) -> dict[str, Any]:
    snippets = [
        Snippet(f"s{n}", f"a{n}", 1, title, "", None, reply.removesuffix(f" [{n}].") + ".")
        for n, (title, reply) in enumerate([("Refunds", GOOD), ("Pets", BAD), ("Trips", OTHER)], 1)
    ]
    shown = [{"rank": n, "score": 1.0, **asdict(snippet)} for n, snippet in enumerate(snippets, 1)]
    return {"turns": [{"role": "customer", "text": question}], "query": question, "shown": shown, "similar": []}


def draft(text: str) -> dict[str, str]:
    return {"text": text, "style": "direct", "source": "knowledge"}


def sent(place: int, text: str = GOOD, **more: Any) -> dict[str, Any]:
    row = {"prompt": "", "completion": text, "weight": 1.0, "case_id": f"case_{place}"}
    how = {"decision": "as_is", "reasons": [], "draft": draft(text), "screen": screen(f"Refund {place}?")}
    return {**row, **how, **more}


def preferred(place: int, chosen: str = GOOD, rejected: str = BAD, **more: Any) -> dict[str, Any]:
    row = {"prompt": "", "chosen": chosen, "rejected": rejected, "margin": 1.0, "weight": 1.0}
    drafts = {"chosen_draft": draft(chosen), "rejected_draft": draft(rejected), "screen": screen(f"Refund {place}?")}
    return {**row, **drafts, "case_id": f"case_{place}", **more}


def judged(place: int, label: bool, text: str) -> dict[str, Any]:
    row = {"prompt": "", "completion": text, "label": label, "weight": 1.0, "case_id": f"case_{place}"}
    return {**row, "draft": draft(text), "screen": screen(f"Refund {place}?")}


ROWS = [row for place in range(8) for row in (sent(place), preferred(place))]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base") / "tiny"
    return save_tiny_model(folder, texts=[RULES, GOOD, BAD, OTHER])


@pytest.fixture(scope="session")
def trained(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """SFT, then DPO, on eight replies and eight preferences."""
    return train_generator(ROWS, base, job(tmp_path_factory.mktemp("trained")), OPTIONS)


def shortest(request: DraftRequest, style: Style, replies: Sequence[str]) -> list[Message]:
    return prompt_messages(request.turns, request.shown, request.similar, style, OPTIONS.longest_prompt)


def job(folder: Path, **more: Any) -> Job:
    return Job(folder / "generator", parent=0, data_hash="d1", **more)


class Judge:
    """How likely a model finds a reply, measured without TRL."""

    def __init__(self, base: Path, adapter: Path | None) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(base)
        self._model = AutoModelForCausalLM.from_pretrained(base)
        if adapter is not None:
            self._model = PeftModel.from_pretrained(self._model, str(adapter))

    def log_probability(self, reply: str, question: str = "Refund 1?") -> float:
        row = {**preferred(0, reply, OTHER), "screen": screen(question)}
        prompt = lessons_of([row], shortest).pairs[0]["prompt"]
        template = self._tokenizer.apply_chat_template
        asked = self._tokenizer(template(prompt, tokenize=False, add_generation_prompt=True))["input_ids"]
        said = self._tokenizer(reply + self._tokenizer.eos_token)["input_ids"]
        with torch.no_grad():
            logits = self._model(torch.tensor([asked + said])).logits[0, len(asked) - 1 : -1]
        return float(torch.log_softmax(logits, -1).gather(1, torch.tensor(said)[:, None]).sum())

    def written(self, prompt: list[Message], tokens: int) -> str:
        text = self._tokenizer.apply_chat_template(prompt, tokenize=False, add_generation_prompt=True)
        asked = self._tokenizer(text, return_tensors="pt")
        output = self._model.generate(**asked, do_sample=False, max_new_tokens=tokens)
        return str(self._tokenizer.decode(output[0, asked["input_ids"].shape[1] :], skip_special_tokens=True))


def test_a_preferred_reply_becomes_likelier_and_beats_the_other(base: Path, trained: Artefact) -> None:
    before, after = Judge(base, None), Judge(base, trained.folder)

    assert after.log_probability(GOOD) > before.log_probability(GOOD) + 2
    gained = [after.log_probability(text) - before.log_probability(text) for text in (GOOD, BAD)]
    assert gained[0] > gained[1] + 4
    assert trained.manifest["metrics"]["dpo_margin"] > 0.02
    assert trained.manifest["metrics"]["dpo_accuracy"] > 0.9
    assert 0 < trained.manifest["metrics"]["sft_loss"] < 6.5  # an untrained model has log(704) = 6.56


def test_the_artefact_holds_the_adapter_alone_and_says_what_it_was_made_from(base: Path, trained: Artefact) -> None:
    assert sorted(path.name for path in trained.folder.rglob("*")) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "manifest.json",
    ]
    assert read_artefact(trained.folder) == trained
    assert trained.manifest["part"] == "generator"
    assert trained.manifest["base"].startswith("tiny@")
    assert (trained.manifest["rows"], trained.manifest["dropped"]) == (16, 0)
    assert trained.manifest["parameters"]["prompt"] == "prompt-1"
    config = json.loads((trained.folder / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == trained.manifest["base"]
    assert config["target_modules"] == sorted(config["target_modules"])
    assert not trained.folder.with_name("generator.work").exists()


def test_drafting_takes_adapters_up_side_by_side_and_writes_what_each_learned(
    base: Path, trained: Artefact, tmp_path: Path
) -> None:
    options = replace(OPTIONS, recipe=("sft",), sft_learning_rate=2e-2)
    other = train_generator([sent(place, OTHER) for place in range(8)], base, job(tmp_path), options)
    prompt = shortest(request_of(screen("Refund 2?")), "direct", [])
    greedy = Sampling(seed=0, temperature=0.0, max_new_tokens=12, timeout_s=120.0)

    model = TransformersModel(str(base), bfloat16=False)
    drafting = [model, model.with_adapter(trained.folder), model.with_adapter(other.folder), model]
    written = [one.write([prompt], greedy)[0].text for one in drafting]

    adapters = [None, trained.folder, other.folder, None]
    assert written == [Judge(base, adapter).written(prompt, 12) for adapter in adapters]
    assert len(set(written)) == 3


def test_a_run_that_was_stopped_goes_on_and_ends_with_the_same_weights(
    base: Path, trained: Artefact, tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    stops = stops_at(told, at=[2, 6])  # in the midst of SFT, then of DPO
    interrupted = job(tmp_path, progress=lambda *at: told.append(at), should_stop=lambda: next(stops))

    for _ in range(2):
        with pytest.raises(Stopped):
            train_generator(ROWS, base, interrupted, OPTIONS)
    artefact = train_generator(ROWS, base, interrupted, OPTIONS)

    assert artefact.sha256 == trained.sha256
    assert [done for done, _ in told] == [1, 2, 3, 4, 5, 6, 7, 8, 8]
    assert {total for _, total in told} == {8}


def stops_at(told: Sequence[tuple[int, int]], at: list[int]) -> Iterator[bool]:
    """True once at each of these steps."""
    waiting = list(at)
    while True:
        reached = bool(waiting) and bool(told) and told[-1][0] >= waiting[0]
        if reached:
            waiting.pop(0)
        yield reached


def test_a_checkpoint_that_was_cut_off_in_the_middle_is_not_gone_on_with(base: Path, tmp_path: Path) -> None:
    options = replace(OPTIONS, recipe=("sft",), sft_epochs=1, checkpoint_steps=1)
    steps: list[int] = []
    killed = job(tmp_path, progress=lambda *at: steps.append(at[0]), should_stop=lambda: steps == [1])
    with pytest.raises(Stopped):
        train_generator(ROWS, base, killed, options)
    (checkpoint,) = killed.work.glob("1-sft/checkpoint-*")
    (checkpoint / "trainer_state.json").write_text('{"global_st')

    train_generator(ROWS, base, replace(killed, should_stop=lambda: False), options)

    assert steps == [1, 1, 2, 2]  # from the start


def test_what_another_run_left_behind_is_not_gone_on_with(base: Path, tmp_path: Path) -> None:
    steps: list[int] = []
    first = job(tmp_path, progress=lambda *at: steps.append(at[0]), should_stop=lambda: len(steps) >= 2)
    with pytest.raises(Stopped):
        train_generator(ROWS, base, first, OPTIONS)
    other = replace(first, data_hash="d2", should_stop=lambda: len(steps) >= 3)

    with pytest.raises(Stopped):
        train_generator(ROWS, base, other, OPTIONS)

    assert steps == [1, 2, 1]


def test_a_significant_preference_moves_more_than_a_slight_one(base: Path, tmp_path: Path) -> None:
    def margin(strength_of_the_good: float, strength_of_the_bad: float) -> float:
        """GOOD over BAD for half of the questions, BAD over GOOD for the others."""
        rows = [preferred(place, margin=strength_of_the_good) for place in range(6)]
        rows += [preferred(place, BAD, GOOD, margin=strength_of_the_bad) for place in range(6)]
        where = job(tmp_path / f"{strength_of_the_good}")
        artefact = train_generator(rows, base, where, replace(OPTIONS, recipe=("dpo",), replay=0.0))
        judge = Judge(base, artefact.folder)
        return judge.log_probability(GOOD) - judge.log_probability(BAD)

    assert margin(1.0, 1 / 3) > margin(1 / 3, 1.0) + 1


def test_adoption_alone_moves_what_was_refused_below_what_was_sent(base: Path, tmp_path: Path) -> None:
    rows = [judged(place, place % 2 == 0, GOOD if place % 2 == 0 else BAD) for place in range(16)]

    artefact = train_generator(rows, base, job(tmp_path), replace(OPTIONS, recipe=("kto",)))

    before, after = Judge(base, None), Judge(base, artefact.folder)
    gained = [after.log_probability(text) - before.log_probability(text) for text in (GOOD, BAD)]
    assert gained[0] > gained[1] + 1
    assert artefact.manifest["metrics"]["kto_margin"] > 0


def test_orpo_is_there_as_long_as_trl_has_it(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    artefact = train_generator(ROWS, base, job(tmp_path / "1"), replace(OPTIONS, recipe=("orpo",)))
    assert artefact.manifest["metrics"]["orpo_accuracy"] >= 0

    monkeypatch.setitem(sys.modules, "trl.experimental.orpo", None)
    with pytest.raises(TrainingFailed, match="use the recipe"):
        train_generator(ROWS, base, job(tmp_path / "2"), replace(OPTIONS, recipe=("orpo",)))


def test_rows_too_long_for_the_window_are_counted_and_fatal_above_a_twentieth(base: Path, tmp_path: Path) -> None:
    long = sent(99, draft=draft(f"{GOOD} " * 600))
    short = [sent(place) for place in range(20)]

    options = replace(OPTIONS, sft_epochs=1, most_rows=21)
    artefact = train_generator([*short, long, *short], base, job(tmp_path / "few"), options)
    assert (artefact.manifest["rows"], artefact.manifest["dropped"]) == (20, 1)
    assert artefact.manifest["metrics"]["rows_given"] == 41

    with pytest.raises(TooManyDropped, match="would lose 1 of 9 rows"):
        train_generator([*short[:8], long], base, job(tmp_path / "many"), OPTIONS)
    assert not (tmp_path / "many" / "generator").exists()


def test_a_long_prompt_is_shortened_until_it_fits(base: Path, tmp_path: Path) -> None:
    rows = [sent(place) for place in range(4)]
    for row in rows:
        for one in row["screen"]["shown"]:
            one["text"] += " More about it." * 200  # some 600 tokens each
    short = replace(OPTIONS, recipe=("sft",), sft_epochs=1, longest_prompt=16_000, max_tokens=1000)

    artefact = train_generator(rows, base, job(tmp_path), short)

    assert (artefact.manifest["rows"], artefact.manifest["dropped"]) == (4, 0)


def test_nothing_to_learn_says_why(base: Path, tmp_path: Path) -> None:
    own = sent(1, "Our office in Lisbon will call you tomorrow.", decision="own_reply", draft=None)

    with pytest.raises(TooFewRows, match="1 left out: an own reply says what no snippet on the screen says"):
        train_generator([own], base, job(tmp_path), OPTIONS)


def test_a_learning_rate_of_nothing_is_noticed(base: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingFailed, match="left every weight as it was"):
        train_generator(ROWS, base, job(tmp_path), replace(OPTIONS, sft_learning_rate=0.0))


def test_too_little_memory_is_said_in_a_sentence(base: Path, tmp_path: Path) -> None:
    more_than_there_are_addresses = replace(OPTIONS, rank=10**13)

    with pytest.raises(TrainingFailed, match="not enough memory for the sft course with 4 rows at once"):
        train_generator(ROWS, base, job(tmp_path), more_than_there_are_addresses)


@pytest.mark.parametrize(
    ("generator", "reason"),
    [
        (
            "extractive",
            "AITL_GENERATOR is 'extractive': no language model writes the drafts, so there is none to train.",
        ),
        ("openai:nowhere/such-a-model", "The weights of 'openai:nowhere/such-a-model' are not on this machine"),
    ],
)
def test_where_there_is_no_model_to_train_the_reason_is_said(tmp_path: Path, generator: str, reason: str) -> None:
    with pytest.raises(TrainingFailed, match=re.escape(reason)):
        generator_base(Settings(tmp_path, "sqlite://", generator=generator))


@pytest.mark.parametrize("kind", ["transformers", "openai"])
def test_a_model_in_a_folder_can_be_trained_whoever_serves_it(base: Path, kind: str) -> None:
    assert generator_base(Settings(base, "sqlite://", generator=f"{kind}:{base}")) == base


def test_a_base_that_is_no_language_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="could not be loaded for training"):
        train_generator(ROWS, tmp_path, job(tmp_path), OPTIONS)
