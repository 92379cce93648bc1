"""Faults planted in every stage, and in two at once: the cause that is found, as a confusion matrix.

pytest -rP tests/training/causes/test_planted_faults.py    # prints it
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from itertools import islice

import pytest

from core.causes import CAUSES, Cause
from core.citations import without_marks
from core.sample import SampleCase
from core.suggest import Suggester
from core.values import Suggestion
from tests.chat_server import ChatServer
from tests.training.causes.conftest import GREETING, MISSING, Bench
from tests.training.causes.planted import (
    holds_back,
    with_bad_order,
    with_blindness,
    with_ignorance,
    with_language_model,
    with_misquotes,
    with_query_fault,
)

EACH = 3
OF_TWO = 2
# Cases that the pipeline without a fault answers well.
HEALTHY = frozenset(f"a-{number:03}" for number in (1, 4, 6, 7, 15, 17, 18, 23, 24, 26, 28, 40, 45, 57, 59))
NEVER = 1.01  # a likelihood that no draft reaches
THRESHOLD = "core.drafting.generator.UNKNOWN_BELOW"
Plant = Callable[[Suggester, str], Suggester]
Harm = Callable[[SampleCase, Suggestion], bool]
Expected = dict[str, Cause]
"""By suggestion what is at fault."""


def none(good: Suggester, article: str) -> Suggester:
    return good


def query(good: Suggester, article: str) -> Suggester:
    return with_query_fault(good)


def misquotes(good: Suggester, article: str) -> Suggester:
    return with_misquotes(good)


def both(one: Plant, other: Plant) -> Plant:
    return lambda good, article: one(other(good, article), article)


def not_found(sample: SampleCase, suggestion: Suggestion) -> bool:
    return not any(one.snippet.article_id in sample.articles for one in suggestion.retrieved)


def answers(sample: SampleCase, suggestion: Suggestion) -> bool:
    return any(one.source != "no_answer" for one in suggestion.candidates)


IN_ONE_STAGE: tuple[tuple[Cause, Plant, Harm], ...] = (
    ("query", query, not_found),
    ("retrieval", with_blindness, not_found),
    ("ranking", with_bad_order, answers),
    ("drafting", with_ignorance, answers),
)
IN_TWO_STAGES: tuple[tuple[Plant, Harm], ...] = (
    (both(query, with_bad_order), not_found),
    (both(query, with_ignorance), not_found),
    (both(with_blindness, with_bad_order), not_found),
    (both(with_blindness, with_ignorance), not_found),
    (both(with_bad_order, with_ignorance), answers),
)


class Planting:
    """Drafts with a fault, refused or edited; `expected`: what is at fault in each."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.expected = bench, Expected()
        known = [one for one in bench.cases() if one.id in HEALTHY]
        self.samples = [one for one in known if bench.is_good(one, bench.draft(one, bench.good, [GREETING]))]
        self.unwritten = {one.articles[0]: one for one in bench.cases() if MISSING & set(one.articles)}

    def harm(self, plant: Plant, *does: Harm, most: int = EACH) -> list[tuple[SampleCase, Suggestion]]:
        """Some cases to which the fault does harm: no sound draft of the right article is shown any more."""
        drafted = ((one, self.drafted(one, plant)) for one in self.samples)
        harmed = (pair for pair in drafted if not self.bench.is_good(*pair) and all(one(*pair) for one in does))
        return list(islice(harmed, most))

    def drafted(self, sample: SampleCase, plant: Plant) -> Suggestion:
        return self.bench.draft(sample, plant(self.bench.good, sample.articles[0]), [GREETING])

    def refuse(self, plant: Plant, cause: Cause, *does: Harm, **how: object) -> None:
        for sample, suggestion in self.harm(plant, *does, most=OF_TWO if cause == "unknown" else EACH):
            self.bench.refuse(sample, suggestion, **how)  # type: ignore[arg-type]
            self.expected[suggestion.id] = cause

    def correct_numbers(self) -> None:
        """The agent puts the numbers right that the drafts misquote."""
        for _, suggestion in self.harm(misquotes):
            slot = next(one.slot for one in suggestion.candidates if not one.report.supported)
            wrong = without_marks(suggestion.candidate(slot).text)
            right = re.sub(r"\b\d+\b", lambda number: str(int(number.group()) - 1), wrong)
            self.bench.edit(suggestion, slot, right)
            self.expected[suggestion.id] = "drafting"

    def miss_articles(self, plant: Plant, cause: Cause) -> None:
        """The agent writes what stands nowhere, and reports nothing."""
        for sample in self.unwritten.values():
            suggestion = self.drafted(sample, plant)
            self.bench.refuse(sample, suggestion)
            self.expected[suggestion.id] = cause

    def report_missing(self) -> None:
        for sample in self.unwritten.values():
            suggestion = self.drafted(sample, none)
            self.bench.report_missing(suggestion)
            self.expected[suggestion.id] = "knowledge_gap"

    def change_wording(self) -> None:
        """Good drafts, refused for their tone or sent in other words."""
        for place, sample in enumerate(self.samples[: 2 * EACH]):
            suggestion = self.drafted(sample, none)
            if place % 2:
                self.bench.refuse(sample, suggestion, ["tone"])
            else:
                draft = without_marks(suggestion.candidates[0].text)
                self.bench.edit(suggestion, suggestion.candidates[0].slot, f"Good day!\n\n{draft}\n\nYours, Ann")
            self.expected[suggestion.id] = "taste"


def printed(matrix: Mapping[Cause, Counter[Cause]]) -> str:
    """Rows: the planted fault; columns: the cause that was found."""
    width = max(map(len, CAUSES))
    rows = [" ".join([" " * width, *(f"{one:>{width}}" for one in CAUSES)])]
    rows += [" ".join([f"{one:<{width}}", *(f"{matrix[one][other]:>{width}}" for other in CAUSES)]) for one in CAUSES]
    return "\n".join(rows)


@pytest.fixture
def planted(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Planting:
    """Every fault, and what agents said about the harm it did."""
    planting = Planting(bench)
    for cause, plant, does in IN_ONE_STAGE:
        planting.refuse(plant, cause, does)
    planting.correct_numbers()
    planting.miss_articles(none, "knowledge_gap")
    planting.report_missing()
    planting.change_wording()
    for plant, does in IN_TWO_STAGES:
        planting.refuse(plant, "unknown", does)
    planting.refuse(with_ignorance, "unknown", answers, reasons=["tone"])
    bench.find()
    with monkeypatch.context() as timid:
        timid.setattr(THRESHOLD, NEVER)
        planting.refuse(none, "policy")
        planting.refuse(with_ignorance, "unknown", reply=False)
        planting.miss_articles(none, "unknown")
        bench.find()
    return planting


@pytest.mark.slow
def test_each_planted_fault_is_found_and_two_at_once_are_unknown(bench: Bench, planted: Planting) -> None:
    matrix: dict[Cause, Counter[Cause]] = defaultdict(Counter)
    found = {one: listed.attribution for one, listed in bench.listed().items()}
    for suggestion_id, expected in planted.expected.items():
        matrix[expected][found[suggestion_id].cause] += 1

    print(printed(matrix))
    for suggestion_id, expected in planted.expected.items():
        if found[suggestion_id].cause != expected:
            print(f"{expected} taken for {found[suggestion_id]}")
    assert found.keys() == planted.expected.keys()
    assert all(matrix[cause].total() >= OF_TWO for cause in CAUSES)
    # No fault is taken for another one; what is not reported as missing is not always seen to be.
    assert all(matrix[cause].keys() <= {cause, "unknown"} for cause in CAUSES)
    assert all(matrix[cause].keys() == {cause} for cause in CAUSES if cause != "knowledge_gap")
    assert matrix["knowledge_gap"]["unknown"] <= 1


@pytest.mark.slow
def test_a_language_model_that_holds_back_although_it_was_shown_is_timid_by_policy(
    bench: Bench, chat_server: ChatServer
) -> None:
    chat_server.answers = [holds_back]
    planting = Planting(bench)
    planting.refuse(lambda good, _: with_language_model(good, chat_server.url), "policy")

    bench.find()

    found = {one: bench.listed()[one].attribution for one in planting.expected}
    assert len(found) == EACH
    assert {one.cause for one in found.values()} == {"policy"}, found
