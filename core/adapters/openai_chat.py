"""A language model behind an OpenAI-compatible server: vLLM, llama.cpp, Ollama, `transformers serve`, or OpenAI itself.

Answers are streamed, so that a server that only trickles is noticed. What may pass (no connection, 429, 5xx) is tried
again while there is time, no sooner than the server asks for; what is refused (another 4xx) is not. A LoRA adapter is
a model of its own name on the server, which is asked to load it as vLLM does.
"""

from __future__ import annotations

import copy
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.adapters.sentence_transformers import folder_hash
from core.errors import AdapterUnusable, ModelUnavailable, PromptTooLong
from core.masking import Masker
from core.ports import Sampling, Written
from core.prompting import Message

if TYPE_CHECKING:
    import openai

TRIES_MOST = 3
_FIRST_PAUSE_S = 0.5
_ASKED_WITHIN_S = 10.0  # for what needs no writing
_LOADED_WITHIN_S = 120.0
# Newer models take other parameters than most servers: what a refusal names is renamed, or left out.
_INSTEAD = {"max_tokens": "max_completion_tokens"}
_LEFT_OUT = ("temperature", "top_p", "seed")
_TOO_LONG = ("context_length_exceeded", "context length", "maximum context", "context window", "too long")


class OpenAIModel:
    """The port LanguageModel. Nothing is asked before its first use."""

    def __init__(self, model: str, *, base_url: str = "", api_key: str = "") -> None:
        """`base_url`: empty means OpenAI's own. `api_key`: a server of one's own may need none."""
        self._model, self._base_url = model, base_url.rstrip("/")
        self._api_key = api_key
        self._masker = Masker([api_key])
        self._adapter: Path | None = None
        self._without: set[str] = set()  # parameters that the server has refused

    @cached_property
    def version(self) -> str:
        """The model's name, and the adapter's."""
        return self._model if self._adapter is None else f"{self._model}+{self._adapter_name}"

    def with_adapter(self, folder: Path) -> OpenAIModel:
        """The same server and model with an adapter; the server must be able to read that folder under the same path,
        or know the adapter by its name already."""
        view = copy.copy(self)
        view.__dict__.pop("version", None)
        view._adapter = folder
        return view

    def warm(self) -> None:
        """Ask the server whether it is there, and to load the adapter. Raises ModelUnavailable."""
        client = self._client
        import openai

        known: set[str] = set()
        try:
            known = {one.id for one in client.models.list(timeout=_ASKED_WITHIN_S)}
        except openai.APIStatusError as error:
            if error.status_code in (401, 403):
                raise ModelUnavailable(self._said(error)) from error  # others answer, and only keep no list
        except openai.OpenAIError as error:
            raise ModelUnavailable(self._said(error)) from error
        if self._adapter is not None and self._adapter_name not in known:
            self._load_adapter()

    def write(self, prompts: Sequence[Sequence[Message]], sampling: Sampling) -> list[Written]:
        """One text per prompt, all asked for at once. Raises ModelUnavailable, PromptTooLong."""
        deadline_s = time.monotonic() + sampling.timeout_s
        asking = [
            _Asking(self, list(prompt), sampling, sampling.seed + place, deadline_s)
            for place, prompt in enumerate(prompts)
        ]
        for one in asking:
            one.start()
        return [one.answer() for one in asking]

    @property
    def _adapter_name(self) -> str:
        """Never the same for other weights: servers and their caches know adapters by name."""
        if self._adapter is None:
            return ""
        return f"{self._adapter.parent.name}-{folder_hash(self._adapter)[:8]}"

    @cached_property
    def _name(self) -> str:
        return self._adapter_name or self._model

    @cached_property
    def _client(self) -> openai.OpenAI:
        try:
            import openai
        except ModuleNotFoundError as error:
            raise ModelUnavailable(
                "AITL_GENERATOR is openai:, and the openai library is not installed; install it with: "
                "pip install openai"
            ) from error
        return openai.OpenAI(
            api_key=self._api_key or "none",
            base_url=self._base_url or "https://api.openai.com/v1",
            max_retries=0,  # its own would not know our time limit
            # Cases come minutes apart, and whoever sits between may have dropped an idle connection without a word:
            # each request takes a new one and closes it, so that nothing is left open when this model is let go.
            default_headers={"Connection": "close"},
        )

    def asked(self, prompt: list[Message], sampling: Sampling, seed: int, deadline_s: float) -> Written:
        """One text, however often it has to be asked for. Raises ModelUnavailable, PromptTooLong."""
        client = self._client
        import openai

        for attempt in range(1, TRIES_MOST + 1):
            try:
                return self._streamed(client, prompt, sampling, seed, deadline_s)
            except openai.APIStatusError as error:
                if self._adapts_to(error):
                    pause_s = 0.0
                elif error.status_code == 429 or error.status_code >= 500:
                    pause_s = _retry_after_s(error) or _backoff_s(attempt)
                else:
                    raise self._refusal(error) from error
                failure: openai.OpenAIError = error
            except openai.APIConnectionError as error:  # a time-out is one too
                failure, pause_s = error, _backoff_s(attempt)
            except (openai.OpenAIError, ValueError, TypeError, AttributeError) as error:
                # An error in the middle of the stream, or something that is no chat completion at all.
                raise ModelUnavailable(self._said(error)) from error
            if attempt == TRIES_MOST or time.monotonic() + pause_s >= deadline_s:
                break
            time.sleep(pause_s)
        raise ModelUnavailable(self._said(failure)) from failure

    def _streamed(
        self, client: openai.OpenAI, prompt: list[Message], sampling: Sampling, seed: int, deadline_s: float
    ) -> Written:
        parts: list[str] = []
        ended = ""
        left_s = max(0.1, deadline_s - time.monotonic())
        parameters = self._parameters(sampling, seed)
        messages: Any = prompt
        with client.chat.completions.create(
            model=self._name, messages=messages, stream=True, timeout=left_s, **parameters
        ) as stream:
            for chunk in stream:
                if time.monotonic() >= deadline_s:
                    raise ModelUnavailable(self._too_slow(sampling))
                for choice in chunk.choices[:1]:
                    parts.append(choice.delta.content or "")
                    ended = choice.finish_reason or ended
        if not ended and not any(parts):
            raise ModelUnavailable(f"{self._where} answered with nothing that can be read.")
        return Written("".join(parts), finished=ended != "length")

    def _parameters(self, sampling: Sampling, seed: int) -> dict[str, Any]:
        wanted = {
            "max_tokens": sampling.max_new_tokens,
            "temperature": sampling.temperature,
            "top_p": sampling.top_p,
            "seed": seed % 2**31,
        }
        renamed = {_INSTEAD.get(name, name) if name in self._without else name: one for name, one in wanted.items()}
        return {name: one for name, one in renamed.items() if name not in self._without}

    def _adapts_to(self, error: openai.APIStatusError) -> bool:
        """Whether asking another way may work: without a parameter, or with the adapter loaded (again)."""
        if error.status_code in (400, 422):
            told = f"{error.param or ''} {error.message}"
            for name in (*_INSTEAD, *_LEFT_OUT):
                if name in told and name not in self._without:
                    self._without.add(name)
                    return True
        if error.status_code == 404 and self._adapter is not None:
            self._load_adapter()
            return True
        return False

    def _load_adapter(self) -> None:
        """Raises AdapterUnusable where the server does not take it."""
        import openai

        body = {"lora_name": self._adapter_name, "lora_path": str(self._adapter)}
        try:
            self._client.post("/load_lora_adapter", cast_to=str, body=body, options={"timeout": _LOADED_WITHIN_S})
        except openai.APIConnectionError as error:
            raise ModelUnavailable(self._said(error)) from error
        except openai.APIStatusError as error:
            if error.status_code == 400 and "already" in error.message:
                return
            raise AdapterUnusable(
                f"{self._where} could not load the adapter {self._adapter_name} from {self._adapter} "
                f"({error.status_code}); let it load adapters at run time (vLLM: --enable-lora and "
                "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True) and read that folder."
            ) from error

    def _refusal(self, error: openai.APIStatusError) -> Exception:
        told = f"{error.code or ''} {error.message}".lower()
        if error.status_code in (400, 413, 422) and any(words in told for words in _TOO_LONG):
            return PromptTooLong(self._masker(f"{self._where}: {error.message}"))
        return ModelUnavailable(self._said(error))

    @property
    def _where(self) -> str:
        return self._masker(f"The language model {self._name!r} at {self._base_url or 'OpenAI'}")

    def _too_slow(self, sampling: Sampling) -> str:
        return f"{self._where} did not finish within {sampling.timeout_s:g} s."

    def _said(self, error: Exception) -> str:
        """One sentence, without the key and without a page of HTML."""
        status = getattr(error, "status_code", None)
        told = (str(getattr(error, "message", "") or error).splitlines() or [""])[0][:200].rstrip(".")
        if status in (401, 403):
            return f"{self._where} refuses the key ({status}); check AITL_OPENAI_API_KEY."
        if status == 404:
            return f"{self._where} is not there ({self._masker(told)}); check AITL_GENERATOR and AITL_OPENAI_BASE_URL."
        answered = f"answered {status}: {told}" if status else f"does not answer: {told or type(error).__name__}"
        return f"{self._where} {self._masker(answered)}."


@dataclass
class _Asking:
    """One prompt on its way, in a thread that the end of the program does not wait for."""

    model: OpenAIModel
    prompt: list[Message]
    sampling: Sampling
    seed: int
    deadline_s: float

    def start(self) -> None:
        """Ask."""
        self._result: Written | Exception | None = None
        self._thread = threading.Thread(target=self._run, name="language model", daemon=True)
        self._thread.start()

    def answer(self) -> Written:
        """Wait for it, as long as there is time."""
        self._thread.join(max(0.0, self.deadline_s - time.monotonic()))
        if self._result is None:
            raise ModelUnavailable(self.model._too_slow(self.sampling))
        if isinstance(self._result, Exception):
            raise self._result
        return self._result

    def _run(self) -> None:
        try:
            self._result = self.model.asked(self.prompt, self.sampling, self.seed, self.deadline_s)
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            self._result = error


def _retry_after_s(error: openai.APIStatusError) -> float:
    """How long the server wants to be left alone, in seconds; 0.0 where it does not say, or says a date."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def _backoff_s(attempt: int) -> float:
    """Twice as long each time, and never quite the same for two callers."""
    return float(_FIRST_PAUSE_S * 2 ** (attempt - 1) * random.uniform(0.75, 1.25))
