"""Simulated agents with known taste: they answer sample cases through the product's own feedback, without Slack.

They see what a screen shows, know the right articles of a case and a good reply, and say of every case:
a preference (the draft that cites a right article and is nearer to the good reply), relevance marks on what is shown,
an adoption (as it is, edited into the good reply, or refused), and where nothing right is shown a report.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

from core.citations import without_marks
from core.feedback import Feedback, PreferenceChoice
from core.judge.judge import Judge
from core.ports import Embedder
from core.redaction import redact
from core.sample import SampleCase
from core.store import Store
from core.suggest import Suggester
from core.values import SLOTS, Slot, Suggestion, Turn

AGENTS = ("U_ADA", "U_BEN", "U_CLE", "U_DEE")
APART = timedelta(minutes=20)  # between two cases
READS = timedelta(minutes=2)  # between the drafts and the first click
# How far ahead a draft must be to be slightly better, better, significantly better.
STEPS = (0.03, 0.15, 0.5)


@dataclass
class BenchClock:
    """A clock that moves when it is told to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Desk:
    """Works through cases one after the other. `marks`: how many of the eight are marked on a case.

    `flips`: agents who say the opposite of what they see.
    """

    store: Store
    suggester: Suggester
    embedder: Embedder
    clock: BenchClock
    marks: int = 4
    flips: frozenset[str] = frozenset()
    channel: str = "C_CASES"
    draw: random.Random = field(default_factory=lambda: random.Random(0))
    done: int = 0

    def work(self, cases: Iterable[SampleCase]) -> list[Suggestion]:
        """Every case is opened, drafted, annotated and judged; what was shown."""
        shown = [self._case(case) for case in cases]
        Judge(self.store).round()
        return shown

    def annotate(self, sample: SampleCase, suggestion: Suggestion) -> None:
        """The next agent in turn says what there is to say about these drafts of that case."""
        number = self.done
        self.done += 1
        self.store.suggestions.mark_posted(suggestion.id, self.channel, f"{number}.9", self.clock())
        self.clock.now += READS
        self._say(sample, suggestion, AGENTS[number % len(AGENTS)], f"k{number}")

    def _case(self, sample: SampleCase) -> Suggestion:
        number = self.done
        self.clock.now += APART
        stamp = f"{number}.0"
        first, *others = sample.turns
        turn = Turn("customer", first.text, stamp, self.clock())
        case, _ = self.store.cases.open("T", self.channel, stamp, "U_CUSTOMER", turn)
        for place, later in enumerate(others):
            said = Turn(later.role, later.text, f"{number}.{place + 1}", self.clock())
            self.store.cases.add_turn(case.id, said)
        suggestion = self.store.suggestions.add(self.suggester.suggest(self.store.cases.get(case.id), 1, seed=number))
        self.annotate(sample, suggestion)
        return suggestion

    def _say(self, sample: SampleCase, suggestion: Suggestion, agent: str, key: str) -> None:
        feedback, flips = Feedback(self.store, self.clock, redact), agent in self.flips
        merits = self._merits(sample, suggestion)
        choice = preferred(merits, flips)
        if choice is not None:
            feedback.prefer(suggestion.id, agent, choice, "button", f"{key}-prefer")
        right = [one.rank for one in suggestion.shown if one.snippet.article_id in sample.articles]
        for n in self._marked(right, len(suggestion.shown)):
            label = "helpful" if (n in right) != flips else "irrelevant"
            feedback.mark(suggestion.id, agent, n, label, "button", f"{key}-mark{n}")  # type: ignore[arg-type]
        if not right and sample.urls and not flips:
            feedback.report_gap(
                suggestion.id, agent, "It was not found.", "exists_not_found", sample.urls[0], "modal", f"{key}-gap"
            )
        self._answer(feedback, sample, suggestion, agent, key, merits)

    def _marked(self, right: list[int], shown: int) -> list[int]:
        """All right ones that fit, then others by chance."""
        wrong = [n for n in range(1, shown + 1) if n not in right]
        some = right[: self.marks]
        return some + self.draw.sample(wrong, k=min(len(wrong), self.marks - len(some)))

    def _merits(self, sample: SampleCase, suggestion: Suggestion) -> dict[Slot, float]:
        article_of = {one.rank: one.snippet.article_id for one in suggestion.shown}
        texts = {one.slot: without_marks(one.text) for one in suggestion.candidates}
        reply, *vectors = self.embedder.embed([sample.reply, *texts.values()])
        sound = {
            one.slot: any(article_of[n] in sample.articles for n in one.citations) for one in suggestion.candidates
        }
        return {
            slot: float(np.vecdot(vector, reply)) + sound[slot] for slot, vector in zip(texts, vectors, strict=True)
        }

    def _answer(
        self,
        feedback: Feedback,
        sample: SampleCase,
        suggestion: Suggestion,
        agent: str,
        key: str,
        merits: dict[Slot, float],
    ) -> None:
        best = max(merits, key=lambda slot: merits[slot])
        if merits[best] < 1.0:
            feedback.reject(suggestion.id, agent, ["missed_question"], None, sample.reply, "modal", f"{key}-reject")
        elif self.done % 3 == 1:
            feedback.adopt(suggestion.id, agent, best, "modal", f"{key}-edit", sample.reply, ["incomplete"])
        else:
            feedback.adopt(suggestion.id, agent, best, "button", f"{key}-use")


def preferred(merits: dict[Slot, float], flips: bool) -> PreferenceChoice | None:
    """What an agent with this taste clicks; None where there is nothing to choose between."""
    if set(merits) != set(SLOTS):
        return None
    ahead = (merits["a"] - merits["b"]) * (-1 if flips else 1)
    strength = sum(abs(ahead) > step for step in STEPS)
    if not strength:
        return "tie"
    return f"{'a' if ahead > 0 else 'b'}{strength}"  # type: ignore[return-value]
