"""How a reply is said, whatever it says: its length, its openings, whether it asks back, its care."""

from __future__ import annotations

import math
import re

from core.checker.speech import claim_of
from core.drafting.expecting import fits_question
from core.response_ranker.reply import Reply
from core.response_ranker.screen import Screen, leaning, opening
from core.words import FUNCTION_WORDS, words

_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|thanks|thank you)\b", re.IGNORECASE
)
_REGRET = re.compile(r"\b(?:sorry|apologi[sz]e|unfortunately|i'm afraid)\b", re.IGNORECASE)
_UNKNOWING = re.compile(
    r"\b(?:do not|don't|cannot|can't|could not|couldn't|unable to|not)\b[^.?!]{0,30}"
    r"\b(?:know|information|find|sure|confirm|help)\b|\bcontact (?:them|the|us)\b|\bcall (?:them|the)\b",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(
    r"(?:^|[,;.!]\s*|\b(?:and|or|but|so|know|if|whether|tell me)\s+)(?:is|are|am|was|do|does|did|can|could|will|would"
    r"|may|should|must|has|have|any\w*)\b",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"^\W*\w+\W*")

MANNER = (
    "length", "length_squared", "sentences", "claims", "asks_back", "ends_with_question", "greets", "regrets",
    "knows_nothing", "opens_yes", "opens_no", "denies", "listed", "exclaims", "opens_fitting", "turns_on_itself",
    "small_letters", "says_twice", "kind_expected",
)  # fmt: skip


def manner(reply: Reply, screen: Screen) -> dict[str, float]:
    """Numbers by the names in MANNER."""
    count = len(words(reply.text))
    said = [word for one in reply.claims for word in words(one) if word not in FUNCTION_WORDS]
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
        "opens_fitting": _opens_fitting(reply, screen),
        "turns_on_itself": float(opening(reply.text) * leaning([_after_opening(reply)]) < 0),
        "small_letters": sum(one[:1].islower() for one in reply.sentences) / max(len(reply.sentences), 1),
        "says_twice": 1.0 - len(set(said)) / len(said) if said else 0.0,
        "kind_expected": float(any(fits_question(ask, one, False) for ask in screen.asks for one in reply.claims)),
    }


def _opens_fitting(reply: Reply, screen: Screen) -> float:
    """+1 for a yes or no to a question that asks for one, -1 for one that no question asked for, else 0."""
    if not opening(reply.text):
        return 0.0
    return 1.0 if any(_ASKS_WHETHER.search(ask.text) for ask in screen.asks) else -1.0


def _after_opening(reply: Reply) -> str:
    """The first sentence without its first word, which may be a yes or a no."""
    return _FIRST_WORD.sub("", next(iter(reply.sentences), ""))
