"""Numbers that describe one reply beside a conversation and the snippets on the screen.

They exist for any text, ours or somebody else's; what only our own drafts have (marks, style) is 0 for the others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.checker.meaning import flipped
from core.checker.quantities import missing
from core.response_ranker.belief import Passage
from core.response_ranker.lookup import LOOKED_UP, Lookup, looked_up
from core.response_ranker.manner import MANNER, manner
from core.response_ranker.reply import Reply
from core.response_ranker.screen import Screen
from core.values import Draft
from core.words import coverage

_DOUBT = 0.01  # that a passage which looks hopeless is the right one
_ATTENTION = 6.0  # how sharply a reply's likeness to a passage tells that it was written from it
_NEAR = ("similar", "stated", "similar_mean", "said", "covered", "agrees", "figures", "named", "flips", "misquotes")
# They mean less where the conversation does not say what it is about: the right passage may not be on the screen.
_IF_NAMED = ("attended", "asked_mean", "question_words", "said_most", "covered_believed", "named_first")
STYLES = ("direct", "complete", "either", "solved_case", "no_answer", "nearest_article")


def features(screen: Screen, draft: Draft, reply: Reply, lookup: Lookup | None) -> NDArray[np.float64]:
    """One number per name in FEATURES, each roughly within [-3, 3]; those that need a `lookup` are 0 without one."""
    values = {**_meaning(screen, reply), **_wording(screen, reply), **manner(reply, screen), **_made(draft)}
    values |= looked_up(screen, reply, lookup)
    values |= {f"{name}_if_named": screen.named * values[name] for name in _IF_NAMED}
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
    values["rests_on_odds"] = math.log((float(belief[rests_on]) + _DOUBT) / (float(belief.max()) + _DOUBT))
    values["attended"] = float(belief @ _attention(near)) if near else 0.0
    values["rests_on_first"] = float(rests_on == 0)
    values["rests_on_leaning"] = near[rests_on]["agrees"] if near else 0.0
    return values


def supporting_place(screen: Screen, reply: Reply) -> int:
    """Which passage says most of what the reply says: its place on the screen, -1 where there is none."""
    return _rests_on([_near(one, reply) for one in screen.passages]) if screen.passages else -1


def _rests_on(near: Sequence[Mapping[str, float]]) -> int:
    return int(np.argmax([one["similar"] + one["said"] for one in near]))


def _attention(near: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """How likely the reply was written from each passage: shape (passages,), summing to 1."""
    closeness = np.array([one["similar"] + one["said"] for one in near])
    likely = np.exp(_ATTENTION * (closeness - closeness.max()))
    return np.asarray(likely / likely.sum(), dtype=np.float64)


def _near(passage: Passage, reply: Reply) -> dict[str, float]:
    cosines = reply.vectors @ passage.vectors.T  # (claims, headings + facts)
    stated = reply.figures
    similar = float(cosines.max())
    stated_in = cosines[:, passage.headings :] if cosines.shape[1] > passage.headings else cosines
    return {
        "similar": similar,
        "stated": float(stated_in.max()),
        "similar_mean": float(cosines.max(axis=1).mean()),
        "said": coverage(passage.stems, set(reply.stems)),
        "covered": coverage(reply.stems, set(passage.stems | passage.title_stems | passage.section_stems)),
        "agrees": max(similar, 0.0) * passage.leaning * reply.leaning,
        "figures": coverage(stated, set(passage.figures)) if stated else 0.5,
        "named": coverage(passage.title_stems, set(reply.stems)),
        "flips": float(any(flipped(claim, passage.sentences) is not None for claim in reply.claims)),
        "misquotes": float(bool(missing(reply.quantities, passage.quantities))),
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
    meaning = ["asked", "asked_mean", *near, "rests_on_belief", "rests_on_odds", "attended", "rests_on_first"]
    meaning.append("rests_on_leaning")
    wording = ["question_words", "foreign_words", "repeats_customer", "figures_stated", "figures_unheard"]
    made = ["supported", "citations_valid", "answers", "cites", "cites_first", *(f"style_{one}" for one in STYLES)]
    return (*meaning, *wording, *MANNER, *LOOKED_UP, *(f"{one}_if_named" for one in _IF_NAMED), *made)


FEATURES = _names()
