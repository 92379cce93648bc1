"""Simulated agents: they see what a screen shows, know what is right about a case, and click as busy people do.

They skip most of what is optional, click wrong now and then, and some of them are careless: they answer at once,
always take the first draft, and mark whatever they mark as helpful. All that they say goes through the product's own
feedback, as clicks do. Of what the product did not show they can tell one thing only: the address of an article that
should have been found, once per case, by a report of missing knowledge.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

import numpy as np

from core.annotations import AnnotationKind, ReasonCode, RelevanceLabel, Surface
from core.citations import without_marks
from core.feedback import Feedback, PreferenceChoice
from core.ports import Embedder
from core.values import Slot, Suggestion
from training.bench.desk import preferred
from training.bench.flywheel.data import Query, address_of

_CLICK = timedelta(seconds=4)  # between two clicks of somebody who looks at what they click
_HASTY_CLICK = timedelta(seconds=0.4)
_HASTE = timedelta(seconds=2)  # from the drafts to the first click, unread
_READS_S = (45, 180)
# From this cosine between draft and human reply on, an agent sends the draft as it is.
_GOOD_ENOUGH = 0.75
_OTHER: Mapping[Slot, Slot] = {"a": "b", "b": "a"}


@dataclass(frozen=True, slots=True)
class Manners:
    """How the agents are. `noise`: share of clicks that say something else than meant. `skips`: share of optional
    annotations that are not given. `agents`: how many there are, the first `careless` of them careless.
    `second`: share of cases that a second agent judges too. `kinds`: of annotations they give at all.

    `random_labels`: everybody clicks by chance. `knows_all`: all right passages that are not shown are reported.
    """

    noise: float = 0.1
    skips: float = 0.6
    agents: int = 10
    careless: int = 2
    second: float = 0.1
    kinds: frozenset[AnnotationKind] = frozenset(get_args(AnnotationKind))
    random_labels: bool = False
    knows_all: bool = False


@dataclass(frozen=True)
class Agents:
    """All of them. `all_ids`: of the passages, one of which a wrong click may name."""

    feedback: Feedback
    embedder: Embedder
    manners: Manners
    all_ids: Sequence[str]
    seed: int = 0

    def annotate(self, query: Query, suggestion: Suggestion, at: datetime) -> None:
        """What one agent, or two, say about these drafts, first seen at that moment.

        The same suggestion gets the same clicks, under the same keys: said again, they change nothing.
        """
        draw = random.Random(f"{self.seed}:{query.id}")
        names = draw.sample(range(self.manners.agents), 2)
        self._turn(query, suggestion, names[0], at, handles=True)
        if draw.random() < self.manners.second:
            self._turn(query, suggestion, names[1], at, handles=False)

    def _turn(self, query: Query, suggestion: Suggestion, number: int, at: datetime, *, handles: bool) -> None:
        careless = number < self.manners.careless
        draw = random.Random(f"{self.seed}:{query.id}:{number}")
        screen = _Screen(query, suggestion, self.embedder)
        clicks = _Clicks(self.feedback, suggestion.id, f"U_AGENT{number}", f"{suggestion.id}:{number}")
        clicks.at = at + (_HASTE if careless else timedelta(seconds=draw.randint(*_READS_S)))
        clicks.pause = _HASTY_CLICK if careless else _CLICK
        agent = _Agent(self.manners, draw, screen, clicks, careless)
        agent.prefers()
        agent.marks()
        if handles:  # a second one only judges: a missing passage is told once per case
            agent.reports(self.all_ids)
            agent.answers()


class _Screen:
    """What an agent makes of the drafts: which snippets help, and how good each draft is."""

    def __init__(self, query: Query, suggestion: Suggestion, embedder: Embedder) -> None:
        self.query, self.suggestion = query, suggestion
        self.right = {one.rank for one in suggestion.shown if one.snippet.article_id in query.gold}
        self.missing = sorted(query.gold - {one.snippet.article_id for one in suggestion.shown})
        texts = [without_marks(one.text) for one in suggestion.candidates]
        reply, *vectors = embedder.embed([query.reply, *texts])
        self.likeness: dict[Slot, float] = {
            one.slot: float(np.vecdot(vector, reply))
            for one, vector in zip(suggestion.candidates, vectors, strict=True)
        }
        self.sound: dict[Slot, bool] = {one.slot: bool(self.right & {*one.citations}) for one in suggestion.candidates}

    @property
    def merits(self) -> dict[Slot, float]:
        """A draft that rests on a right passage is better than one that does not; then the one nearer to the reply."""
        return {slot: likeness + self.sound[slot] for slot, likeness in self.likeness.items()}


@dataclass
class _Clicks:
    """One agent's clicks on one suggestion, one after the other."""

    feedback: Feedback
    suggestion_id: str
    agent: str
    key: str
    at: datetime = datetime.min
    pause: timedelta = _CLICK

    def _next(self) -> datetime:
        self.at += self.pause
        return self.at

    def prefer(self, choice: PreferenceChoice) -> None:
        self.feedback.prefer(self.suggestion_id, self.agent, choice, "button", f"{self.key}:prefer", at=self._next())

    def mark(self, n: int, label: RelevanceLabel) -> None:
        self.feedback.mark(self.suggestion_id, self.agent, n, label, "button", f"{self.key}:{n}", at=self._next())

    def report(self, passage_id: str) -> None:
        self.feedback.report_gap(
            self.suggestion_id,
            self.agent,
            "There is an article that answers this.",
            "exists_not_found",
            address_of(passage_id),
            "modal",
            f"{self.key}:gap:{passage_id}",
            at=self._next(),
        )

    def adopt(self, slot: Slot, final: str | None = None, reasons: Sequence[ReasonCode] = ()) -> None:
        surface: Surface = "button" if final is None else "modal"
        self.feedback.adopt(
            self.suggestion_id, self.agent, slot, surface, f"{self.key}:adopt", final, reasons, at=self._next()
        )

    def reject(self, reply: str) -> None:
        self.feedback.reject(
            self.suggestion_id,
            self.agent,
            ["missed_question"],
            None,
            reply,
            "modal",
            f"{self.key}:reject",
            at=self._next(),
        )


@dataclass
class _Agent:
    """One agent at one screen."""

    manners: Manners
    draw: random.Random
    screen: _Screen
    clicks: _Clicks
    careless: bool

    def _gives(self, kind: AnnotationKind) -> bool:
        return self.draw.random() >= self.manners.skips and kind in self.manners.kinds

    def _slips(self) -> bool:
        return self.draw.random() < (0.5 if self.manners.random_labels else self.manners.noise)

    def prefers(self) -> None:
        """Which draft is better, and by how much."""
        given, flips = self._gives("preference"), self._slips()
        choice = "a3" if self.careless else preferred(self.screen.merits, flips)
        if given and choice is not None and len(self.screen.merits) > 1:
            self.clicks.prefer(choice)

    def marks(self) -> None:
        """Which snippets helped."""
        for one in self.screen.suggestion.shown:
            given, slips = self._gives("relevance"), self._slips()
            helps = self.careless or (one.rank in self.screen.right) != slips
            if given:
                self.clicks.mark(one.rank, "helpful" if helps else "irrelevant")

    def reports(self, all_ids: Sequence[str]) -> None:
        """The address of a right article that is not shown."""
        given, slips, missing = self._gives("gap"), self._slips(), self.screen.missing
        if not given or not missing or (self.careless and not self.manners.knows_all):
            return
        for passage_id in missing if self.manners.knows_all else [self.draw.choice(missing)]:
            wrong = slips or self.manners.random_labels
            self.clicks.report(self.draw.choice(all_ids) if wrong else passage_id)

    def answers(self) -> None:
        """A draft as it is, a draft made into the reply that a person wrote, or that reply in place of both."""
        slips, merits = self._slips(), self.screen.merits
        if "adoption" not in self.manners.kinds or not merits:
            return
        best = max(merits, key=lambda slot: merits[slot])
        if self.careless:
            self.clicks.adopt("a")
        elif (slips and len(merits) > 1) or self.manners.random_labels:
            self.clicks.adopt(_OTHER[best] if slips else best)
        elif not self.screen.sound[best]:
            self.clicks.reject(self.screen.query.reply)
        elif self.screen.likeness[best] >= _GOOD_ENOUGH:
            self.clicks.adopt(best)
        else:
            self._edits(best, self.screen.query.reply)

    def _edits(self, slot: Slot, reply: str) -> None:
        draft = without_marks(self.screen.suggestion.candidate(slot).text)
        self.clicks.adopt(slot, reply, ["incomplete" if len(reply) > len(draft) else "too_long"])
