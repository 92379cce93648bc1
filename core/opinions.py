"""Short questions to a language model, each answered with one of a few words and a reason; or no opinion.

For judging, never for drafting: whoever asks must work without an answer, for the model may be down or talk nonsense.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.circuit import Circuit
from core.errors import ModelUnavailable, PromptTooLong
from core.ports import LanguageModel, Sampling
from core.prompting import Message, harmless

log = logging.getLogger("aitl.opinions")

LONGEST_ANSWER = 60  # tokens: a word and a short reason
_LONGEST_REASON = 200  # characters


@dataclass(frozen=True, slots=True)
class Opinion:
    """`answer`: one of the words asked for. `reason`: what the model said after it, on one line; may be empty."""

    answer: str
    reason: str


class Opinions:
    """Asks one language model. Safe for several threads; nothing is loaded or asked before the first question."""

    def __init__(self, model: LanguageModel, *, timeout_s: float = 60.0, circuit: Circuit | None = None) -> None:
        """`timeout_s`: for all questions of one call. `circuit`: an outage is found out once, not by every question."""
        self._model, self._timeout_s, self._circuit = model, timeout_s, circuit or Circuit()

    @property
    def version(self) -> str:
        """That of the model."""
        return self._model.version

    def ask(self, questions: Sequence[Sequence[Message]], answers: Sequence[str]) -> list[Opinion | None]:
        """One opinion per question, in order; None where the model does not answer, or with none of these words.

        `answers`: single words in capitals, so that none is said by chance. The likeliest answer is taken, so that the
        same question to the same model gives the same opinion.
        """
        if not questions or not self._circuit.may_try():
            return [None] * len(questions)
        sampling = Sampling(seed=0, temperature=0.0, max_new_tokens=LONGEST_ANSWER, timeout_s=self._timeout_s)
        try:
            written = self._model.write(questions, sampling)
        except PromptTooLong as error:
            log.info("%s It is not asked for an opinion on that.", error)
            return [None] * len(questions)
        except ModelUnavailable as error:
            if self._circuit.failed():
                log.warning("%s Until it answers, nothing is judged by it.", error)
            return [None] * len(questions)
        self._circuit.succeeded()
        return [_read(one.text, answers) for one in written]


def _read(text: str, answers: Sequence[str]) -> Opinion | None:
    """The opinion, where the text begins with one of the words."""
    first, _, rest = text.strip().partition("\n")
    said = re.match(rf"\W*({'|'.join(map(re.escape, answers))})\b[\s\W]*(.*)", first, re.IGNORECASE)
    if said is None:
        return None
    reason = said[2] or next((line for line in rest.splitlines() if line.strip()), "")
    return Opinion(said[1].upper(), harmless(reason)[:_LONGEST_REASON].strip())
