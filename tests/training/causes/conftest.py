"""A sample home with the packaged model, a good pipeline over it, and an agent who says what was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.annotations import ReasonCode
from core.bootstrap import open_store
from core.bundles import assemble, make_shared
from core.causes import Listed
from core.feedback import Feedback
from core.ingest_command import ingest_paths
from core.judge.judge import Judge
from core.sample import SampleCase, sample_articles_dir, sample_cases
from core.settings import Settings
from core.store import Store
from core.suggest import Suggester
from core.values import Suggestion, Turn
from training.bench.desk import APART, READS, BenchClock
from training.causes.replay import is_sound
from training.causes.round import Round, find_causes

BEGINS = datetime(2026, 5, 4, 9, tzinfo=UTC)
GREETING = Turn("customer", "Hello, I hope you are well. I write to you for the first time.")
SUBJECTS = ("booking", "cancel", "checkin", "checkout", "listing", "pay", "refund", "review")
MISSING = frozenset({"booking-pets", "listing-photos", "pay-currency", "refund-partial-host"})


@dataclass
class Bench:
    """Cases are opened and drafted here by any pipeline, and an agent says what they think of it."""

    store: Store
    good: Suggester
    clock: BenchClock
    drafted_by: dict[str, Suggester] = field(default_factory=dict)
    done: int = 0
    said: int = 0

    def cases(self) -> list[SampleCase]:
        """English ones on these subjects that one article answers."""
        of_one = (one for one in sample_cases() if one.language == "en" and len(one.articles) == 1)
        return [one for one in of_one if one.articles[0].split("-")[0] in SUBJECTS]

    def draft(self, sample: SampleCase, suggester: Suggester, before: Sequence[Turn] = ()) -> Suggestion:
        """A new case, and what this pipeline suggests; `before`: said before the case's own turns."""
        self.done += 1
        version = len(self.drafted_by) + 1
        suggester = replace(suggester, version=version)
        self.drafted_by[suggester.bundle] = suggester
        self.clock.now += APART
        first, *others = (*before, *sample.turns)
        turn = Turn("customer", first.text, f"{self.done}.0", self.clock())
        case, _ = self.store.cases.open("T", "C1", f"{self.done}.0", "U_CUSTOMER", turn)
        for place, later in enumerate(others, 1):
            self.store.cases.add_turn(case.id, Turn(later.role, later.text, f"{self.done}.{place}", self.clock()))
        made = suggester.suggest(self.store.cases.get(case.id), 1, seed=1)
        suggestion = self.store.suggestions.add(made)
        self.store.suggestions.mark_posted(suggestion.id, "C1", f"{self.done}.9", self.clock())
        return suggestion

    def is_good(self, sample: SampleCase, suggestion: Suggestion) -> bool:
        """Whether a sound draft that rests on the right article is shown."""
        right = frozenset(one.snippet.id for one in suggestion.shown if one.snippet.article_id in sample.articles)
        return any(is_sound(one, suggestion.shown, right) for one in suggestion.candidates)

    def refuse(
        self,
        sample: SampleCase,
        suggestion: Suggestion,
        reasons: Sequence[ReasonCode] = ("missed_question",),
        reply: bool = True,
    ) -> None:
        """Neither will do. What is shown and helps is marked; what is not shown is linked where it is there."""
        feedback = self._feedback()
        sent = sample.reply if reply else None
        feedback.reject(suggestion.id, self._agent, reasons, None, sent, "modal", f"r{self.said}")
        helping = [one.rank for one in suggestion.shown if one.snippet.article_id in sample.articles]
        for n in helping:
            feedback.mark(suggestion.id, self._agent, n, "helpful", "button", f"m{self.said}-{n}")
        if not helping and not MISSING & set(sample.articles):
            self._link(feedback, sample, suggestion)

    def report_missing(self, suggestion: Suggestion) -> None:
        """It stands nowhere."""
        feedback = self._feedback()
        feedback.reject(suggestion.id, self._agent, ["missed_question"], None, None, "modal", f"r{self.said}")
        feedback.report_gap(suggestion.id, self._agent, "Nothing says it.", "missing", None, "modal", f"g{self.said}")

    def edit(self, suggestion: Suggestion, slot: str, final: str, reasons: Sequence[ReasonCode] = ()) -> None:
        """That draft is sent in other words."""
        self._feedback().adopt(suggestion.id, self._agent, slot, "modal", f"e{self.said}", final, reasons)  # type: ignore

    def find(self, most: int = 1000) -> Round:
        """The causes of all that was said, each replayed by who drafted it."""
        Judge(self.store).round()
        return find_causes(self.store, lambda bundle: self.drafted_by[bundle], BEGINS, most)

    def listed(self) -> dict[str, Listed]:
        """Every cause found, by suggestion."""
        found = self.store.causes.listed(BEGINS, self.clock() + timedelta(days=1))
        return {one.attribution.suggestion_id: one for one in found}

    def _feedback(self) -> Feedback:
        self.said += 1
        self.clock.now += READS
        return Feedback(self.store, self.clock, str)

    @property
    def _agent(self) -> str:
        """Another one for each case: who always says the same is not believed."""
        return f"U_{self.said}"

    def _link(self, feedback: Feedback, sample: SampleCase, suggestion: Suggestion) -> None:
        what = "It is in the help centre and was not found."
        feedback.report_gap(
            suggestion.id, self._agent, what, "exists_not_found", sample.urls[0], "modal", f"l{self.said}"
        )


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The sample articles on some subjects, but for a few, which nobody has written yet."""
    home: Path = tmp_path_factory.mktemp("causes")
    settings = Settings.from_environment({"AITL_HOME": str(home)})
    clock = BenchClock(BEGINS)
    with open_store(settings, clock) as store:
        shared = make_shared(settings, store)
        of_these = [one for one in sorted(sample_articles_dir().iterdir()) if one.stem.split("-")[0] in SUBJECTS]
        written = [one for one in of_these if one.stem not in MISSING]
        ingest_paths(written, settings, store, shared.embedder)
        yield Bench(store, assemble(settings, store, clock, store.registry.bundle(0), shared), clock)
