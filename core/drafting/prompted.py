"""The port Generator with a language model: one prompt per style, each reply read, marked and checked.

The drafts composed from the snippets fill up where the model gives fewer than two that may be shown.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.conversation import asks_how, asks_of
from core.drafting.generator import DetectsLanguage
from core.drafting.received import received
from core.drafting.similarity import near_identical
from core.errors import PromptTooLong
from core.ports import Checker, DraftRequest, Generator, LanguageModel, Sampling, Written
from core.prompting import LONGEST_PROMPT, PROMPT_VERSION, STYLES, Style, prompt_messages
from core.values import CheckReport, Draft, DraftSource

log = logging.getLogger("aitl.drafting")

UNUSABLE = "What the language model wrote could not be used, so these drafts are put together from the snippets alone."
STYLE_PREFIX = "written_"  # before the prompt's style: a composed draft has the same styles
LONGEST_REPLY = 500  # tokens: about 2,000 characters of English
_ROOM_LEFT = 0.9  # characters per token vary


class PromptedGenerator:
    """Drafts by a language model. Safe for several threads."""

    def __init__(
        self,
        model: LanguageModel,
        composed: Generator,
        checker: Checker,
        languages: DetectsLanguage,
        *,
        max_new_tokens: int = LONGEST_REPLY,
        timeout_s: float = 60.0,
    ) -> None:
        """`composed` writes what fills up. `timeout_s`: for both replies together."""
        self._model, self._composed, self._checker, self._languages = model, composed, checker, languages
        self._max_new_tokens, self._timeout_s = max_new_tokens, timeout_s

    @property
    def version(self) -> str:
        """Prompt and model: an adapter is good for the prompt it was trained on."""
        return f"{PROMPT_VERSION}+{self._model.version}"

    def warm(self) -> None:
        """Load the model. Raises ModelUnavailable."""
        self._model.warm()

    def draft(self, request: DraftRequest) -> list[Draft]:
        """At least two drafts; those of the model first. Raises ModelUnavailable."""
        usable = list(self._usable(request))
        if _asks_for_steps(request):
            usable.reverse()
        usable.sort(key=lambda draft: not draft.report.passed)  # stable
        drafts = _without_twins(usable)
        if len(drafts) >= 2:
            return drafts
        notice = None if drafts else UNUSABLE
        return _without_twins([*drafts, *(replace(one, notice=notice) for one in self._composed.draft(request))])

    def _usable(self, request: DraftRequest) -> Iterator[Draft]:
        """In the order of the styles, those replies that may be shown."""
        for style, written in zip(STYLES, self._written(request), strict=False):
            reply = received(written, request, self._languages)
            fault = reply.fault
            if not fault:
                report = self._checker.check(reply.text, request.shown, request.turns)
                fault = "" if _rests_on_something(report) else "nothing it says stands in a snippet"
            if fault:
                log.info("a %s reply of the language model is not shown: %s", style, fault)
                continue
            source: DraftSource = "knowledge" if any(one.citations for one in report.sentences) else "no_answer"
            yield Draft(text=reply.text, style=STYLE_PREFIX + style, source=source, report=report)

    def _written(self, request: DraftRequest) -> list[Written]:
        """What the model says to each style's prompt, shortened until it fits; [] where nothing does."""
        longest = LONGEST_PROMPT
        sampling = Sampling(request.seed, max_new_tokens=self._max_new_tokens, timeout_s=self._timeout_s)
        for _ in range(3):
            prompts = [_prompt(request, style, longest) for style in STYLES]
            try:
                return self._model.write(prompts, sampling)
            except PromptTooLong as error:
                said = max(sum(len(message["content"]) for message in prompt) for prompt in prompts)
                longest = int(said * error.fits * _ROOM_LEFT)
                too_long = error
        log.warning("%s Even the shortest prompt is too long for it.", too_long)
        return []


def _prompt(request: DraftRequest, style: Style, longest: int) -> list[dict[str, str]]:
    return prompt_messages(
        request.turns, request.shown, request.similar, style, longest, request.language, request.answerable
    )


def _asks_for_steps(request: DraftRequest) -> bool:
    asks = asks_of(request.turns)
    return bool(asks) and asks_how(asks[0])


def _rests_on_something(report: CheckReport) -> bool:
    """True where it states nothing, or at least one fact is cited or supported."""
    facts = [one for one in report.sentences if one.states_fact]
    return not facts or any(one.citations or one.supported for one in facts)


def _without_twins(drafts: Sequence[Draft]) -> list[Draft]:
    kept: list[Draft] = []
    for draft in drafts:
        if not any(near_identical(draft.text, other.text) for other in kept):
            kept.append(draft)
    return kept
