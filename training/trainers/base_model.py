"""The language model that is adapted: its files, version, tokenizer and window, all read as when drafting.

transformers loads at the first use.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from core.adapters.sentence_transformers import folder_hash
from core.adapters.torch_cpu import set_up_torch
from core.errors import ModelUnavailable
from core.prompting import PLAIN_CHAT_TEMPLATE, Message, without_system

NO_THINKING = {"enable_thinking": False}  # as when drafting; templates that know no such switch ignore it


class Base:
    """The model that is adapted, by folder or name. Whatever needs its files raises ModelUnavailable without them."""

    def __init__(self, name: str | Path, *, download: bool = True) -> None:
        """`download`: whether a name that is not on this machine may be fetched from the hub."""
        self._name, self._download = (
            str(Path(name).expanduser() if Path(name).expanduser().is_dir() else name),
            download,
        )

    @cached_property
    def folder(self) -> Path:
        """Where its files are."""
        if Path(self._name).is_dir():
            return Path(self._name)
        from transformers.utils import cached_file

        with self._loading():
            return Path(str(cached_file(self._name, "config.json", local_files_only=not self._download))).parent

    @cached_property
    def version(self) -> str:
        """Its name and the first 8 hex digits over its weights, e.g. "Qwen3-4B@53aa5117"."""
        return f"{Path(self._name).name}@{folder_hash(self.folder)[:8]}"

    @cached_property
    def tokenizer(self) -> Any:
        """With a chat template, as when serving."""
        _set_up()
        from transformers import AutoTokenizer

        with self._loading():
            tokenizer = AutoTokenizer.from_pretrained(self._name)
        if not tokenizer.chat_template:
            tokenizer.chat_template = PLAIN_CHAT_TEMPLATE
        return tokenizer

    @cached_property
    def window(self) -> int:
        """How many tokens it can look at."""
        from transformers import AutoConfig

        with self._loading():
            configuration = AutoConfig.from_pretrained(self._name).get_text_config()
        return int(getattr(configuration, "max_position_embeddings", self.tokenizer.model_max_length))

    def load(self) -> Any:
        """The model itself, fresh: 32 bits on a processor, 16 on a graphics card."""
        _set_up()
        from transformers import AutoModelForCausalLM
        from transformers.utils import is_torch_cuda_available

        with self._loading():
            dtype = "bfloat16" if is_torch_cuda_available() else "float32"
            return AutoModelForCausalLM.from_pretrained(self._name, dtype=dtype)

    @cached_property
    def _refuses_rules(self) -> bool:
        """True for chat templates that know no system message."""
        from jinja2 import TemplateError

        messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}]
        try:
            self.tokenizer.apply_chat_template(messages, tokenize=False, **NO_THINKING)
        except TemplateError:
            return True
        return False

    def asked(self, prompt: Sequence[Message]) -> list[Message]:
        """The prompt as its chat template takes it."""
        return without_system(prompt) if self._refuses_rules else list(prompt)

    def tokens(self, prompt: Sequence[Message], replies: Sequence[str]) -> int:
        """How long the prompt is with the longest of these replies."""
        render = self.tokenizer.apply_chat_template
        texts = [render([*self.asked(prompt), said(reply)], tokenize=False, **NO_THINKING) for reply in replies]
        return max(len(ids) for ids in self.tokenizer(texts, add_special_tokens=False)["input_ids"])

    @contextmanager
    def _loading(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"The language model {self._name!r} could not be loaded for training: {error}. "
                "Give AITL_GENERATOR a folder with its weights, or a name that is on this machine."
            ) from error


def said(reply: str) -> Message:
    """The model's own turn."""
    return {"role": "assistant", "content": reply}


def _set_up() -> None:
    set_up_torch()
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    from datasets import disable_progress_bars
    from transformers.utils import logging as transformers_logging

    disable_progress_bars()  # their bars would be drawn into pipes, and count something else than the job does
    transformers_logging.set_verbosity_error()
    logging.getLogger("trl").setLevel(logging.ERROR)
