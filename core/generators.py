"""Who drafts, as the settings say: composed from snippets alone, or a language model that falls back on that."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from core.adapters.openai_chat import OpenAIModel
from core.adapters.py3langid import LanguageDetector
from core.adapters.transformers_lm import TransformersModel
from core.checker.lexical import LexicalChecker
from core.circuit import Circuit
from core.drafting.fallback import FallbackGenerator
from core.drafting.generator import ExtractiveGenerator
from core.drafting.prompted import PromptedGenerator
from core.errors import ModelUnavailable
from core.knowledge.made_up import QuestionWriter
from core.opinions import Opinions
from core.ports import Embedder, Generator, LanguageModel
from core.settings import Settings

_GB = 1e9
# A model on a laptop's processor is slow and all there is; a server that needs a minute is overloaded.
_WRITTEN_WITHIN_S = {"transformers": 180.0, "openai": 60.0}


def make_language_model(settings: Settings) -> LanguageModel | None:
    """What AITL_GENERATOR names, None for `extractive`. Loads and asks nothing yet."""
    kind, name = settings.language_model
    if kind == "transformers":
        return TransformersModel(name)
    if kind == "openai":
        return OpenAIModel(name, base_url=settings.openai_base_url, api_key=settings.openai_api_key.reveal())
    return None


def make_question_writer(settings: Settings) -> QuestionWriter | None:
    """Makes up exam questions with what AITL_GENERATOR names; None for `extractive`. Loads and asks nothing yet."""
    model = make_language_model(settings)
    if model is None:
        return None
    timeout_s = _WRITTEN_WITHIN_S[settings.language_model[0]]
    return QuestionWriter(model, Opinions(model, timeout_s=timeout_s), timeout_s)


def check_language_model(settings: Settings) -> str:
    """What `aitl doctor` says of it, found out without loading it. Raises ModelUnavailable for a fault."""
    kind, name = settings.language_model
    if kind == "transformers":
        return _check_folder(name)
    if kind == "openai":
        OpenAIModel(name, base_url=settings.openai_base_url, api_key=settings.openai_api_key.reveal()).warm()
        return f"the server of {name} answers"
    return "drafts are put together from the snippets; AITL_GENERATOR may name a language model that writes them"


def _check_folder(name: str) -> str:
    folder = Path(name).expanduser()
    if not folder.is_dir():
        if name.startswith(("/", "~", ".")):
            raise ModelUnavailable(f"There is no folder {name}. Give AITL_GENERATOR as transformers: and one that is.")
        return f"{name} is loaded by name when it is first needed"
    weights = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    if not (folder / "config.json").is_file() or not weights:
        raise ModelUnavailable(f"{folder} holds no model: it needs a config.json and weights as *.safetensors.")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if weights > memory:
        raise ModelUnavailable(
            f"The weights in {folder} have {weights / _GB:.1f} GB and this machine has {memory / _GB:.1f} GB of "
            "memory; choose a smaller model."
        )
    return f"{folder.name} is there, with {weights / _GB:.2f} GB of weights"


class Generators:
    """Makes the generators of all bundles: they share the language model, whose weights are in memory once."""

    def __init__(self, settings: Settings, embedder: Embedder) -> None:
        """`embedder`: that of the settings; what is composed was fitted on its cosines."""
        self._settings = settings
        self._checker, self._languages = LexicalChecker(), LanguageDetector()
        self._composed = ExtractiveGenerator(embedder, self._checker, self._languages)
        self._circuit = Circuit()

    def make(self, adapter: Path | None = None) -> Generator:
        """The generator of a bundle: `adapter` is the folder of its trained part, None for the model as it came.

        Without a language model an adapter means nothing, and drafts are composed. Keep what this returns only as long
        as the bundle serves: an adapter leaves memory with the last generator that uses it.
        """
        model = self.language_model
        if model is None:
            return self._composed
        if adapter is not None:
            model = model.with_adapter(adapter)
        timeout_s = _WRITTEN_WITHIN_S[self._settings.language_model[0]]
        prompted = PromptedGenerator(model, self._composed, self._checker, self._languages, timeout_s=timeout_s)
        return FallbackGenerator(prompted, self._composed, self._circuit)

    def opinions(self) -> Opinions | None:
        """Short questions to the model as it came; None without one."""
        model = self.language_model
        if model is None:
            return None
        return Opinions(model, timeout_s=_WRITTEN_WITHIN_S[self._settings.language_model[0]])

    @cached_property
    def language_model(self) -> LanguageModel | None:
        """The model as it came, without any bundle's adapter; None where drafts are composed."""
        return make_language_model(self._settings)
