"""A language model on this machine: any causal LM of transformers, alone or with LoRA adapters, all in one batch.

One worker thread owns the model; callers wait for it, and what several ask for meanwhile is written together, each row
with its own adapter, seed, temperature and limits. What a row says does not depend on its company, up to the rounding
of sums: in 32 bits next to never, in 16 bits two nearly equal words may change places.
"""

from __future__ import annotations

import copy
import threading
import time
import weakref
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from core.adapters.peft_lora import LoraAdapters
from core.adapters.prompt_reading import read_prompts
from core.adapters.sentence_transformers import folder_hash
from core.adapters.token_sampling import RowLimits, RowSampler
from core.adapters.torch_cpu import computes_bfloat16, set_up_torch
from core.batching import BatchWorker
from core.errors import ModelUnavailable, PromptTooLong
from core.ports import Sampling, Written
from core.prompting import PLAIN_CHAT_TEMPLATE, Message, without_system

CALLS_AT_ONCE = 4  # of two drafts each: more rows than eight only make each other wait on a CPU
_GRACE_S = 1.0  # a call that stops itself at its time limit says so more exactly than its caller
_LONGEST_CONTEXT = 32_768  # some models claim more than their machine can hold


@dataclass(frozen=True, slots=True)
class _Call:
    """What one caller wants written. `adapter`: its folder, None for the model alone."""

    prompts: tuple[tuple[Message, ...], ...]
    sampling: Sampling
    adapter: Path | None
    deadline_s: float  # on the monotonic clock


@dataclass(frozen=True, slots=True)
class _Row:
    """One prompt in a batch. `place`: that of its call."""

    place: int
    text: str
    adapter: str | None
    sampling: Sampling
    deadline_s: float


class TransformersModel:
    """The port LanguageModel. Loads at its first use."""

    def __init__(self, model: str, *, bfloat16: bool | None = None) -> None:
        """`model`: a folder, or a name on the hub. `bfloat16`: None means where a CPU has instructions for it; a GPU
        computes in what the weights are stored in."""
        self._owner = _Owner(model, bfloat16)
        self._adapter: Path | None = None

    @cached_property
    def version(self) -> str:
        """Name, for a folder with the first 8 hex digits of its weights' SHA-256, and the adapter's likewise."""
        names = [model_version(self._owner.name)]
        if self._adapter is not None:
            names.append(f"{self._adapter.parent.name}@{folder_hash(self._adapter)[:8]}")
        return "+".join(names)

    def with_adapter(self, folder: Path) -> TransformersModel:
        """The same model, whose weights are in memory once, with an adapter.

        The adapter leaves memory when nobody holds what this returns any more.
        """
        view = copy.copy(self)
        view.__dict__.pop("version", None)
        view._adapter = folder
        self._owner.hold(folder)
        weakref.finalize(view, self._owner.let_go, folder).atexit = False
        return view

    def warm(self) -> None:
        """Load model and adapter now. Raises ModelUnavailable."""
        self.write([[{"role": "user", "content": "Hi"}]], Sampling(seed=0, max_new_tokens=1, timeout_s=3600.0))

    def write(self, prompts: Sequence[Sequence[Message]], sampling: Sampling) -> list[Written]:
        """One text per prompt. Raises ModelUnavailable, PromptTooLong."""
        if not prompts:
            return []
        deadline_s = time.monotonic() + sampling.timeout_s
        call = _Call(tuple(tuple(one) for one in prompts), sampling, self._adapter, deadline_s)
        try:
            return self._owner.worker.ask(call, sampling.timeout_s + _GRACE_S)
        except TimeoutError as error:
            raise ModelUnavailable(_too_slow(self._owner.name, sampling)) from error


def model_version(model: str) -> str:
    """What names a base model: for a folder its name and the first 8 hex digits of its weights' SHA-256."""
    folder = Path(model).expanduser()
    return f"{folder.name}@{folder_hash(folder)[:8]}" if folder.is_dir() else model


class _Owner:
    """The model, its tokenizer and its adapters. Only the worker's thread touches them."""

    def __init__(self, name: str, bfloat16: bool | None) -> None:
        self.name, self._bfloat16 = name, bfloat16
        self.worker: BatchWorker[_Call, list[Written]] = BatchWorker(
            self._write_all, most=CALLS_AT_ONCE, name="language model"
        )
        self._held: dict[Path, int] = {}
        self._lock = threading.RLock()  # of the above; a finalizer may come in between

    def hold(self, folder: Path) -> None:
        """Somebody will write with that adapter."""
        with self._lock:
            self._held[folder] = self._held.get(folder, 0) + 1

    def let_go(self, folder: Path) -> None:
        """One of them no longer will; the adapter is dropped before the next batch."""
        with self._lock:
            self._held[folder] -= 1

    def _write_all(self, calls: Sequence[_Call]) -> list[list[Written] | BaseException]:
        """One batch of all calls that can be written; the others get what keeps them from it."""
        adapters, tokenizer = self._loaded
        self._drop_what_nobody_holds(adapters)
        answers: dict[int, list[Written] | BaseException] = {}
        rows: list[_Row] = []
        for place, call in enumerate(calls):
            try:
                rows += self._rows(place, call, adapters, tokenizer)
            except (ModelUnavailable, PromptTooLong) as error:
                answers[place] = error
        if rows:
            answers |= self._written(rows, adapters, tokenizer)
        return [answers[place] for place in range(len(calls))]

    def _rows(self, place: int, call: _Call, adapters: LoraAdapters, tokenizer: Any) -> list[_Row]:
        """One for each prompt of the call at that place."""
        if time.monotonic() >= call.deadline_s:
            raise ModelUnavailable(_too_slow(self.name, call.sampling))
        adapter = None
        if call.adapter is not None:
            adapter = _adapter_name(call.adapter)
            adapters.load(adapter, call.adapter)
        texts = [_as_text(prompt, tokenizer) for prompt in call.prompts]
        for text in texts:
            self._check_length(text, call.sampling, tokenizer)
        seeded = [replace(call.sampling, seed=call.sampling.seed + n) for n in range(len(texts))]
        return [
            _Row(place, text, adapter, sampling, call.deadline_s) for text, sampling in zip(texts, seeded, strict=True)
        ]

    def _check_length(self, text: str, sampling: Sampling, tokenizer: Any) -> None:
        most = self._context - sampling.max_new_tokens
        tokens = len(tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
        if tokens > most:
            raise PromptTooLong(
                f"A prompt has {tokens} tokens, and {self.name} reads at most {most} besides its answer.",
                fits=max(0.0, most / tokens),
            )

    def _written(
        self, rows: Sequence[_Row], adapters: LoraAdapters, tokenizer: Any
    ) -> dict[int, list[Written] | BaseException]:
        """By the place of the call what was written, or why it was not."""
        try:
            output, limits, start = self._generated(rows, adapters, tokenizer)
        except (RuntimeError, ValueError, IndexError) as error:  # memory that ran out, an adapter it cannot mix
            said = f"The language model {self.name!r} could not write ({_first_line(error)})."
            return {row.place: ModelUnavailable(said) for row in rows}
        answers: dict[int, list[Written] | BaseException] = {}
        for n, row in enumerate(rows):
            said_before = answers.setdefault(row.place, [])
            if limits.is_late[n]:
                answers[row.place] = ModelUnavailable(_too_slow(self.name, row.sampling))
            elif isinstance(said_before, list):
                tokens = output[n, start : start + row.sampling.max_new_tokens].tolist()
                said_before.append(self._read(tokens, tokenizer))
        return answers

    def _generated(self, rows: Sequence[_Row], adapters: LoraAdapters, tokenizer: Any) -> tuple[Any, RowLimits, int]:
        """Tokens, shape (rows, length), how they ended, and where in each row the answer starts."""
        import torch

        samplings = [row.sampling for row in rows]
        names = adapters.rows([row.adapter for row in rows])
        places = sorted({row.place for row in rows})
        with torch.inference_mode():
            prompts = read_prompts(
                adapters.model,
                [tokenizer(row.text, add_special_tokens=False, verbose=False)["input_ids"] for row in rows],
                [places.index(row.place) for row in rows],
                tokenizer.pad_token_id,
                names.get("adapter_names"),
            )
            deadlines_s = [row.deadline_s for row in rows]
            limits = RowLimits([one.max_new_tokens for one in samplings], deadlines_s, prompts.start)
            output = adapters.model.generate(
                **prompts.arguments,
                generation_config=self._generation_config(max(one.max_new_tokens for one in samplings)),
                logits_processor=[RowSampler(samplings)],
                stopping_criteria=[limits],
                **names,
            )
        return output, limits, prompts.start

    def _read(self, tokens: list[int], tokenizer: Any) -> Written:
        end = next((place for place, token in enumerate(tokens) if token in self._ends), None)
        text = tokenizer.decode(tokens[:end], skip_special_tokens=True)
        return Written(text, finished=end is not None)

    def _generation_config(self, max_new_tokens: int) -> Any:
        from transformers import GenerationConfig

        return GenerationConfig(
            do_sample=False,  # RowSampler draws: each row with its own seed
            max_new_tokens=max_new_tokens,
            eos_token_id=sorted(self._ends),
            pad_token_id=self._loaded[1].pad_token_id,
        )

    @cached_property
    def _ends(self) -> frozenset[int]:
        """The tokens that end a reply."""
        adapters, tokenizer = self._loaded
        named = [tokenizer.eos_token_id, getattr(adapters.model.generation_config, "eos_token_id", None)]
        return frozenset(
            token for one in named if one is not None for token in (one if isinstance(one, list) else [one])
        )

    @cached_property
    def _context(self) -> int:
        """How many tokens prompt and answer may have together."""
        config = self._loaded[0].model.config.get_text_config()
        return min(_LONGEST_CONTEXT, getattr(config, "max_position_embeddings", None) or _LONGEST_CONTEXT)

    @cached_property
    def _loaded(self) -> tuple[LoraAdapters, Any]:
        set_up_torch()
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        folder = Path(self.name).expanduser()
        source = str(folder) if folder.is_dir() else self.name
        on_gpu = torch.cuda.is_available()
        in_16 = computes_bfloat16() if self._bfloat16 is None else self._bfloat16
        dtype = "auto" if on_gpu else torch.bfloat16 if in_16 else torch.float32
        try:
            tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=folder.is_dir())
            model = AutoModelForCausalLM.from_pretrained(source, local_files_only=folder.is_dir(), dtype=dtype)
        except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
            raise ModelUnavailable(
                f"The language model {self.name!r} could not be loaded ({_first_line(error)}). Give AITL_GENERATOR as "
                "transformers: and a causal language model's folder or its name on the hub."
            ) from error
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        if not tokenizer.chat_template:
            tokenizer.chat_template = PLAIN_CHAT_TEMPLATE
        return LoraAdapters(model.to("cuda" if on_gpu else "cpu").eval()), tokenizer

    def _drop_what_nobody_holds(self, adapters: LoraAdapters) -> None:
        with self._lock:
            dropped = [folder for folder, holders in self._held.items() if holders <= 0]
            for folder in dropped:
                del self._held[folder]
        for folder in dropped:
            adapters.drop(_adapter_name(folder))


def _as_text(prompt: Sequence[Message], tokenizer: Any) -> str:
    """The prompt as the model's chat template writes it, up to where the reply begins."""
    from jinja2 import TemplateError

    messages = [dict(one) for one in prompt]
    # Thinking aloud costs a CPU minutes; templates that know no such switch ignore it.
    options = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
    try:
        return str(tokenizer.apply_chat_template(messages, **options))
    except TemplateError:  # some refuse system messages
        return str(tokenizer.apply_chat_template(without_system(messages), **options))


def _adapter_name(folder: Path) -> str:
    """Of a path that never changes what it holds. No dots: peft makes a module's name of it."""
    return "lora_" + str(folder).encode().hex()


def _too_slow(name: str, sampling: Sampling) -> str:
    return f"The language model {name!r} did not finish within {sampling.timeout_s:g} s; a smaller one would."


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")
