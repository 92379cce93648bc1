"""One suggestion by two bundles: champion and challenger each find snippets and each write one of the two candidates.

1. The eight on the screen are the team-draft interleaving of both bundles' eight, under one numbering.
2. Each bundle drafts from those of them that it found itself, in its own order. So a candidate cites only what is
   shown, and yet tells what its bundle would have said: a challenger that differs in its retriever alone writes
   something else exactly where it finds something else. Team-draft always shows the first four of either.
3. Each bundle's ranker picks its best draft. Where both would say nearly the same, a coin decides which of them shows
   its next best instead: two twins teach nothing, and if one side always gave way it would always lose. Such a pair
   says nothing about which bundle is better, so it is marked (`yielded`) and the live comparison leaves it out.
4. Who stands in which slot is drawn from a stream of its own.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from core.drafting.similarity import near_identical
from core.drafting.together import drafted_together
from core.interleaving import SIDES, Side, team_draft
from core.ports import DraftRequest
from core.suggest import Found, Suggester, Timings, Written, timed
from core.values import SLOTS, SNIPPETS_SHOWN, Case, RankedSnippet, Slot, SolvedCase, Suggestion

T = TypeVar("T")
BySide = Mapping[Side, T]


class NoContest(Exception):
    """One of the two found or wrote nothing that could stand beside the other's; the champion answers alone."""


def suggest_together(champion: Suggester, challenger: Suggester, case: Case, revision: int, seed: int) -> Suggestion:
    """One candidate of each bundle over the interleaved eight; `parameters["challenge"]` says how it came about.

    The same case, knowledge, solved cases and seed give the same suggestion but for its id and times.
    Raises EmptyKnowledge where there is nothing to answer from, and NoContest.
    """
    return _Contest({"champion": champion, "challenger": challenger}, case, seed).suggestion(revision)


def is_contest(suggestion: Suggestion) -> bool:
    """False where one bundle gave way to its twin: which draft is better says nothing about the bundles then."""
    challenge = suggestion.parameters.get("challenge")
    return not (isinstance(challenge, Mapping) and challenge.get("yielded"))


@dataclass(frozen=True, slots=True)
class _Choice:
    """The place of the draft that each side shows; and the side that gave way to its twin, where one had to."""

    places: BySide[int]
    yielded: Side | None


@dataclass(frozen=True)
class _Contest:
    bundles: BySide[Suggester]
    case: Case
    seed: int
    timings: Timings = field(default_factory=dict)

    def suggestion(self, revision: int) -> Suggestion:
        champion, challenger = (self.bundles[side] for side in SIDES)
        found = self._found()
        teams = _teams(found, self.seed)
        screen = [one for _, one in teams]
        seen = {side: _seen(found[side], screen) for side in SIDES}
        similar = champion.similar(self.case, self.timings)
        written = self._written(found, seen, similar)
        choices = [_choice(written, order) for order in (SIDES, SIDES[::-1])]
        choice = random.Random(f"{self.seed}:yield").choice(choices)
        sides = random.Random(f"{self.seed}:slots").sample(SIDES, len(SIDES))
        drafts = [(written[side].drafts[choice.places[side]], self.bundles[side].bundle) for side in sides]
        slots = dict(zip(sides, SLOTS, strict=True))
        parameters = {
            "seed": self.seed,
            "parts": champion.parts,
            "index_generation": found["champion"].retrieved.generation,
            "drafts": [
                one for side in SIDES for one in self._record(side, written[side], choices, choice, slots[side])
            ],
            "challenge": {
                "version": challenger.version,
                "parts": challenger.parts,
                "index_generation": found["challenger"].retrieved.generation,
                "picked": {side: [one.rank for by, one in teams if by == side] for side in SIDES},
                "found": {side: [one.rank for one in seen[side]] for side in SIDES},
                "yielded": choice.yielded,
            },
        }
        whole = _with_additions(found["champion"], screen)
        return champion.made(self.case, revision, whole, similar, drafts, parameters, self.timings)

    def _found(self) -> BySide[Found]:
        champion, challenger = (self.bundles[side] for side in SIDES)
        first = champion.find(self.case, self.timings)
        alike = champion.retriever is challenger.retriever and champion.reranker is challenger.reranker
        second = _as_sure_as(challenger, first) if alike else challenger.find(self.case, self.timings)
        if not second.shown:
            raise NoContest(f"version {challenger.version} found nothing")
        return {"champion": first, "challenger": second}

    def _written(
        self, found: BySide[Found], seen: BySide[tuple[RankedSnippet, ...]], similar: tuple[SolvedCase, ...]
    ) -> BySide[Written]:
        """The drafts of both; drafted once where both draft alike."""
        champion, challenger = (self.bundles[side] for side in SIDES)
        mine, theirs = (
            DraftRequest(
                self.case.turns,
                found[side].retrieved.query,
                seen[side],
                similar,
                self.seed,
                _chances(found[side], seen[side]),
                language=self.case.language,
            )
            for side in SIDES
        )
        alike = champion.generator is challenger.generator and mine == theirs
        asked = [(champion.generator, mine), (challenger.generator, theirs)]
        with timed(self.timings, "draft"):
            drafts = drafted_together(asked[:1] if alike else asked)
        first, second = (
            side.write(request, self.timings, some)
            for side, request, some in zip((champion, challenger), (mine, theirs), (drafts[0], drafts[-1]), strict=True)
        )
        if not first.drafts or not second.drafts:
            raise NoContest("one of the two wrote nothing")
        if any(draft.notice for draft in (*first.drafts, *second.drafts)):
            raise NoContest("what one of the two wrote stands in for its own")
        return {"champion": first, "challenger": second}

    def _record(
        self, side: Side, written: Written, choices: Sequence[_Choice], choice: _Choice, slot: Slot
    ) -> list[dict[str, object]]:
        """Every draft of one side: style, score, how likely it was to be shown, and its slot if it was."""
        return [
            {
                "bundle": self.bundles[side].bundle,
                "style": draft.style,
                "score": score,
                "probability": sum(one.places[side] == place for one in choices) / len(choices),
                "slot": slot if choice.places[side] == place else None,
            }
            for place, (draft, score) in enumerate(zip(written.drafts, written.scores, strict=True))
        ]


def _teams(found: BySide[Found], seed: int) -> list[tuple[Side, RankedSnippet]]:
    """The screen: each snippet with its number there, its score by the side that picked it, and that side."""
    first, second = (found[side].shown for side in SIDES)
    teams = team_draft(first, second, SNIPPETS_SHOWN, seed, key=lambda one: one.snippet.id)
    return [(side, replace(one, rank=n)) for n, (side, one) in enumerate(teams, 1)]


def _seen(found: Found, screen: Sequence[RankedSnippet]) -> tuple[RankedSnippet, ...]:
    """What one side found of the screen, in its own order and with its own scores, by the numbers of the screen."""
    numbers = {one.snippet.id: one.rank for one in screen}
    return tuple(replace(one, rank=numbers[one.snippet.id]) for one in found.shown if one.snippet.id in numbers)


def _as_sure_as(bundle: Suggester, found: Found) -> Found:
    """What another bundle found, where this one finds the same but may be more or less sure of it."""
    return replace(found, chances=bundle.chances(found.shown))


def _chances(found: Found, seen: Sequence[RankedSnippet]) -> tuple[float, ...]:
    """What this side has learned of what it sees of the screen, as it was in its own eight."""
    chances = {one.snippet.id: chance for one, chance in zip(found.shown, found.chances, strict=False)}
    return tuple(chances[one.snippet.id] for one in seen) if chances else ()


def _choice(written: BySide[Written], order: Sequence[Side]) -> _Choice:
    """The best of each; of twins, the first side in `order` that has another draft shows that. Raises NoContest."""
    best = {side: written[side].best_first[0] for side in SIDES}
    text = {side: written[side].drafts[best[side]].text for side in SIDES}
    if not near_identical(text["champion"], text["challenger"]):
        return _Choice(best, None)
    for side, other in (order, order[::-1]):
        for place in written[side].best_first[1:]:
            if not near_identical(written[side].drafts[place].text, text[other]):
                return _Choice({**best, side: place}, side)
    raise NoContest("both have only the same to say")


def _with_additions(found: Found, screen: Sequence[RankedSnippet]) -> Found:
    """What the champion's first stage found; after it, what is on the screen by the challenger alone."""
    retrieved = found.retrieved
    known = {one.snippet.id for one in retrieved.snippets}
    added = [one for one in screen if one.snippet.id not in known]
    ranked = [replace(one, rank=n) for n, one in enumerate(added, len(retrieved.snippets) + 1)]
    return Found(replace(retrieved, snippets=(*retrieved.snippets, *ranked)), tuple(screen))
