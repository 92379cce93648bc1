"""What kind of answer a question expects (a time, an amount, a way, a permission), and whether a sentence is one."""

from __future__ import annotations

import re

from core.checker.quantities import quantities
from core.conversation import Ask, asks_how

_WHEN = re.compile(
    r"\b(?:when|how (?:long|soon|fast|quick(?:ly)?|late|early)|by when|until when|what time|deadline|too late|in time"
    r"|how many (?:minutes|hours|days|weeks|months))\b",
    re.IGNORECASE,
)
_HOW_MUCH = re.compile(
    r"\b(?:how much|how high|what (?:does|will|would|do) .{0,30}(?:cost|pay|charge)|what percentage"
    r"|which percentage|what(?:'s| is) the "
    r"(?:fee|price|cost|penalty|limit|minimum|maximum)|how expensive|how many)\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"(?:^|[.,;!?]\s+|\b(?:and|but|so|or)\s+)(?:can|may|could|am i|are we|is it|is that|do i|do we|must|should"
    r"|have i|will i|does)\b",
    re.IGNORECASE,
)
_PERMITS = re.compile(
    r"\b(?:can|cannot|may|must|allowed|possible|need|needs|have to|has to|free to|only|not|never|always|counts?"
    r"|required)\b",
    re.IGNORECASE,
)
_SOON = re.compile(r"\b(?:at once|immediately|automatically|right away|as soon as)\b", re.IGNORECASE)
_NOTHING = re.compile(r"\b(?:free of charge|for free|costs nothing|pay nothing|nothing)\b", re.IGNORECASE)
_TIMES = ("minute", "hour", "day", "business day", "month", "year", "a.m.", "p.m.")
_AMOUNTS = ("$", "€", "£", "%")


def fits_question(ask: Ask, sentence: str, is_steps: bool) -> bool:
    """True where the sentence is of the kind the question expects; False too where it expects none in particular."""
    question = ask.keywords or ask.text
    units = {one.unit for one in quantities(sentence)}
    months = any(unit.islower() and unit.isalpha() and len(unit) > 2 and unit not in _TIMES for unit in units)
    if _WHEN.search(question) and (units & set(_TIMES) or months or _SOON.search(sentence)):
        return True
    if _HOW_MUCH.search(question) and (units & set(_AMOUNTS) or _NOTHING.search(sentence)):
        return True
    if asks_how(ask) and is_steps:
        return True
    return bool(_MAY.search(question) and _PERMITS.search(sentence))
