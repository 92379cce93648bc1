"""The port Generator without a language model: replies composed from sentences of the cited snippets.

Two styles at least for every case. Where the snippets answer: `direct` (the answer first, one to three facts) and
`complete` (the answer, what else matters, the steps), or for a vague question `either` (both likely meanings); and
`solved_case` where an adopted reply of a similar case still stands on the screen. Where they do not: `no_answer`
(says so and asks) and `nearest_article` (the same, with the closest article as a maybe).
What the customer wrote is only compared, never copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.conversation import Ask, asks_how, asks_of, is_angry, is_vague, said_by_customer
from core.drafting.choosing import Answer, answers_to
from core.drafting.knowing import SURE_FROM, SURE_THOUGH_VAGUE, UNKNOWN_BELOW, likelihood
from core.drafting.learned import chances_by_article, with_chances
from core.drafting.phrases import BY_LANGUAGE
from core.drafting.ranking import Reading, ScoredFact, SnippetReader, rank_facts
from core.drafting.similarity import near_identical
from core.drafting.situation import Moment, moments
from core.drafting.solved import retold
from core.drafting.styles import Composed, Composer
from core.ports import Checker, DraftRequest, Embedder
from core.values import Draft

LONGEST_DRAFT = 2800
_NO_WORDS = "?"  # stands for a question without words, so that it has a vector
VERY_SIMILAR = 0.8  # what was adopted for nearly the same question comes first
_SURE_OF_LANGUAGE = 0.6
_NEAREST_LOOKED_AT = 10


class DetectsLanguage(Protocol):
    """Names the language of a text."""

    def detect(self, text: str) -> tuple[str, float]:
        """ISO 639 code ("und" where it cannot tell) and confidence in [0, 1]."""
        ...


@dataclass(frozen=True)
class Understanding:
    """A request read: what is asked, in which language and mood, and which facts answer."""

    asks: tuple[Ask, ...]
    rankings: tuple[tuple[ScoredFact, ...], ...]
    told: list[Moment]
    language: str
    angry: bool
    vague: bool
    likelihoods: tuple[float, ...]  # per question, that its best fact answers it, in [0, 1]

    @property
    def known(self) -> tuple[int, ...]:
        """The places of the questions that the screen can answer."""
        return tuple(place for place, one in enumerate(self.likelihoods) if one >= UNKNOWN_BELOW)

    @property
    def unsure(self) -> bool:
        """True where the likeliest answer may well be the wrong one; of few words, more is asked for."""
        return max(self.likelihoods, default=0.0) < (SURE_THOUGH_VAGUE if self.vague else SURE_FROM)


class ExtractiveGenerator:
    """Composes drafts from what is shown. Safe for several threads."""

    version = "extractive-1"

    def __init__(self, embedder: Embedder, checker: Checker, languages: DetectsLanguage) -> None:
        self._embedder, self._checker, self._languages = embedder, checker, languages
        self._reader = SnippetReader(embedder)

    def warm(self) -> None:
        """Nothing to load but the embedder, which has its owner."""

    def draft(self, request: DraftRequest) -> list[Draft]:
        """At least two drafts made in different ways, best first, no two near-identical."""
        read = self.understand(request)
        composer = Composer(request.turns, request.seed, read.language, read.angry)
        places = tuple(range(len(read.asks))) if request.answerable else read.known
        answers = answers_to([read.asks[one] for one in places], [read.rankings[one] for one in places], read.told)
        unknown = self._without_answer(composer, read.rankings)
        if not answers:
            return self._drafts(request, unknown)
        known = self._with_answer(composer, answers, read)
        old = self._retold(composer, request)
        trusted = bool(old) and request.similar[0].similarity >= VERY_SIMILAR
        return self._drafts(request, [*old, *known] if trusted else [*known, *old], unknown)

    def understand(self, request: DraftRequest) -> Understanding:
        """Everything the drafts are made from."""
        asks = tuple(asks_of(request.turns)) or (Ask(request.query or request.turns[-1].text, ""),)
        told = moments(said_by_customer(request.turns))
        reading = self._reader.read(request.shown)
        rankings = self._ranked(reading, asks, told, chances_by_article(request.shown, request.chances))
        return Understanding(
            asks=asks,
            rankings=rankings,
            told=told,
            language=self._language(request),
            angry=is_angry(request.turns),
            vague=is_vague(asks),
            likelihoods=tuple(likelihood(ask, ranking) for ask, ranking in zip(asks, rankings, strict=True)),
        )

    def _ranked(
        self, reading: Reading, asks: Sequence[Ask], told: list[Moment], chances: Mapping[str, float]
    ) -> tuple[tuple[ScoredFact, ...], ...]:
        """The facts for each question, best first. All texts are embedded in one batch."""
        texts = [ask.searched for ask in asks] + [ask.keywords or ask.text for ask in asks]
        vectors = self._embedder.embed([text if text.strip() else _NO_WORDS for text in texts])
        return tuple(
            tuple(with_chances(rank_facts(reading, ask, vectors[place], vectors[len(asks) + place], told), chances))
            for place, ask in enumerate(asks)
        )

    def _language(self, request: DraftRequest) -> str:
        language, confidence = self._languages.detect(said_by_customer(request.turns))
        return language if confidence >= _SURE_OF_LANGUAGE and language in BY_LANGUAGE else "en"

    def _with_answer(self, composer: Composer, answers: Sequence[Answer], read: Understanding) -> list[Composed]:
        """Direct first, unless the customer asks how to do something and there are steps.

        Where the question is vague or the answer uncertain: the likeliest one with a question back, and both readings.
        """
        open_questions = len(answers) < len(read.asks)
        if read.unsure:
            either = composer.either(answers[0])
            return [composer.unsure(answers), *([either] if either else [composer.complete(answers, open_questions)])]
        direct, complete = composer.direct(answers, open_questions), composer.complete(answers, open_questions)
        if near_identical(direct.text, complete.text):
            direct = composer.direct(answers, open_questions, brief=True)
        texts = [direct, complete]
        return texts[::-1] if asks_how(read.asks[0]) and answers[0].steps else texts

    def _retold(self, composer: Composer, request: DraftRequest) -> list[Composed]:
        """At most one: of the most similar solved case of which enough still stands on the screen."""
        for case in request.similar:
            facts = retold(case, request.shown)
            if facts:
                return [composer.solved_case(facts, case.case_id)]
        return []

    def _without_answer(self, composer: Composer, rankings: Sequence[Sequence[ScoredFact]]) -> list[Composed]:
        nearest = [
            composer.nearest_article(one, ranking)
            for ranking in rankings[:1]
            for one in ranking[:_NEAREST_LOOKED_AT]
            if one.placed.fact.kind == "sentence"
        ][:1]
        return [composer.no_answer(), *nearest]

    def _drafts(
        self, request: DraftRequest, wanted: Sequence[Composed], reserve: Sequence[Composed] = ()
    ) -> list[Draft]:
        """Checked drafts, twins left out; the reserve steps in where fewer than two remain."""
        kept: list[Composed] = []
        for place, one in enumerate((*wanted, *reserve)):
            if place >= len(wanted) and len(kept) >= 2:
                break
            if len(one.text) <= LONGEST_DRAFT and not any(near_identical(one.text, other.text) for other in kept):
                kept.append(one)
        return [
            Draft(
                text=one.text,
                style=one.style,
                source=one.source,
                report=self._checker.check(one.text, request.shown, request.turns),
                solved_case_id=one.solved_case_id,
            )
            for one in kept
        ]
