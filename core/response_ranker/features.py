"""Numbers that describe one reply beside a conversation and the snippets on the screen.

They exist for any text, ours or somebody else's; what only our own drafts have (marks, style) is 0 for the others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.checker.speech import claim_of
from core.citations import without_marks
from core.response_ranker.belief import Passage, Vectors
from core.response_ranker.screen import Screen, figures_in, leaning, opening
from core.sentences import split_sentences
from core.values import Draft
from core.words import content_stems, coverage, words

STYLES = ("direct", "complete", "either", "solved_case", "no_answer", "nearest_article")
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|thanks|thank you)\b", re.IGNORECASE
)
_REGRET = re.compile(r"\b(?:sorry|apologi[sz]e|unfortunately|i'm afraid)\b", re.IGNORECASE)
_UNKNOWING = re.compile(
    r"\b(?:do not|don't|cannot|can't|could not|couldn't|unable to|not)\b[^.?!]{0,30}"
    r"\b(?:know|information|find|sure|confirm|help)\b|\bcontact (?:them|the|us)\b|\bcall (?:them|the)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply cut into sentences. `vectors`: of the sentences that state something, or of all where none does."""

    text: str
    sentences: tuple[str, ...]
    claims: tuple[str, ...]
    vectors: Vectors
    stems: frozenset[str]
    figures: frozenset[str]
    leaning: int


def sentences_to_embed(text: str) -> tuple[list[str], list[str]]:
    """All sentences of a reply without marks, and those to be compared by meaning (at least one, never blank)."""
    sentences = [one for one in split_sentences(without_marks(text)) if words(one)]
    return sentences, [one for one in sentences if claim_of(one)] or sentences or ["?"]


def read_reply(text: str, sentences: Sequence[str], claims: Sequence[str], vectors: Vectors) -> Reply:
    """What the features look at. `vectors`: one row per claim."""
    plain = without_marks(text)
    return Reply(
        text=plain,
        sentences=tuple(sentences),
        claims=tuple(claims),
        vectors=vectors,
        stems=frozenset(content_stems(" ".join(claims))),
        figures=figures_in(plain),
        leaning=leaning(claims),
    )


def features(screen: Screen, draft: Draft, reply: Reply) -> NDArray[np.float64]:
    """One number per name in FEATURES, each roughly within [-3, 3]."""
    values = {**_meaning(screen, reply), **_wording(screen, reply), **_form(reply), **_made(draft)}
    return np.array([values[name] for name in FEATURES], dtype=np.float64)


def _meaning(screen: Screen, reply: Reply) -> dict[str, float]:
    """How the reply stands to the question and to each snippet, the likelier ones counting more."""
    to_question = reply.vectors @ screen.question  # (claims,)
    values = {"asked": float(to_question.max()), "asked_mean": float(to_question.mean())}
    near = [_near(one, reply) for one in screen.passages]
    belief = screen.beliefs if near else np.ones(1)
    for name in _NEAR:
        column = np.array([one[name] for one in near] or [0.0])
        values[f"{name}_first"] = float(column[0])
        values[f"{name}_believed"] = float(belief @ column)
        values[f"{name}_most"] = float(column.max())
    rests_on = _rests_on(near) if near else 0
    values["rests_on_belief"] = float(belief[rests_on])
    values["rests_on_first"] = float(rests_on == 0)
    values["rests_on_leaning"] = near[rests_on]["agrees"] if near else 0.0
    return values


def supporting_place(screen: Screen, reply: Reply) -> int:
    """Which passage says most of what the reply says: its place on the screen, -1 where there is none."""
    return _rests_on([_near(one, reply) for one in screen.passages]) if screen.passages else -1


def _rests_on(near: Sequence[Mapping[str, float]]) -> int:
    return int(np.argmax([one["similar"] + one["said"] for one in near]))


_NEAR = ("similar", "similar_mean", "said", "covered", "agrees", "figures", "named")


def _near(passage: Passage, reply: Reply) -> dict[str, float]:
    cosines = reply.vectors @ passage.vectors.T  # (claims, headings + facts)
    stated = reply.figures
    similar = float(cosines.max())
    return {
        "similar": similar,
        "similar_mean": float(cosines.max(axis=1).mean()),
        "said": coverage(passage.stems, set(reply.stems)),
        "covered": coverage(reply.stems, set(passage.stems | passage.title_stems | passage.section_stems)),
        "agrees": max(similar, 0.0) * passage.leaning * reply.leaning,
        "figures": coverage(stated, set(passage.figures)) if stated else 0.5,
        "named": coverage(passage.title_stems, set(reply.stems)),
    }


def _wording(screen: Screen, reply: Reply) -> dict[str, float]:
    known = set(screen.said).union(*(one.stems | one.title_stems | one.section_stems for one in screen.passages))
    stated = reply.figures
    held = set(screen.figures).union(*(one.figures for one in screen.passages))
    return {
        "question_words": coverage(screen.question_stems, set(reply.stems)),
        "foreign_words": 1.0 - coverage(reply.stems, known),
        "repeats_customer": coverage(reply.stems, set(screen.said)),
        "figures_stated": math.log1p(len(stated)),
        "figures_unheard": math.log1p(len(stated - held)),
    }


def _form(reply: Reply) -> dict[str, float]:
    count = len(words(reply.text))
    questions = [one for one in reply.sentences if one.rstrip().endswith("?")]
    return {
        "length": math.log1p(count),
        "length_squared": math.log1p(count) ** 2 / 4,
        "sentences": math.log1p(len(reply.sentences)),
        "claims": math.log1p(len([one for one in reply.claims if claim_of(one)])),
        "asks_back": math.log1p(len(questions)),
        "ends_with_question": float(reply.text.endswith("?")),
        "greets": float(bool(_GREETING.match(reply.text))),
        "regrets": float(bool(_REGRET.search(reply.text))),
        "knows_nothing": float(bool(_UNKNOWING.search(reply.text))),
        "opens_yes": float(opening(reply.text) > 0),
        "opens_no": float(opening(reply.text) < 0),
        "denies": float(reply.leaning < 0),
        "listed": float(reply.text.count("\n- ") + reply.text.count("\n1.") > 0),
        "exclaims": float("!" in reply.text),
    }


def _made(draft: Draft) -> dict[str, float]:
    """What is known only of drafts that were checked or written here."""
    facts = [one for one in draft.report.sentences if one.states_fact]
    checked = bool(draft.report.sentences)
    cited = {n for one in draft.report.sentences for n in one.citations}
    return {
        "supported": sum(one.supported for one in facts) / len(facts) if facts else 0.0,
        "citations_valid": float(checked and draft.report.citations_valid),
        "answers": float(checked and draft.report.answers_question),
        "cites": math.log1p(len(cited)),
        "cites_first": float(1 in cited),
        **{f"style_{name}": float(draft.style == name) for name in STYLES},
    }


def _names() -> tuple[str, ...]:
    near = [f"{name}_{how}" for name in _NEAR for how in ("first", "believed", "most")]
    meaning = ["asked", "asked_mean", *near, "rests_on_belief", "rests_on_first", "rests_on_leaning"]
    wording = ["question_words", "foreign_words", "repeats_customer", "figures_stated", "figures_unheard"]
    form = [
        "length", "length_squared", "sentences", "claims", "asks_back", "ends_with_question", "greets", "regrets",
        "knows_nothing", "opens_yes", "opens_no", "denies", "listed", "exclaims",
    ]  # fmt: skip
    made = ["supported", "citations_valid", "answers", "cites", "cites_first", *(f"style_{one}" for one in STYLES)]
    return (*meaning, *wording, *form, *made)


FEATURES = _names()
