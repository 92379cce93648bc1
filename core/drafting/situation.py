"""Does a sentence's deadline fit what the customer tells? "less than 24 hours before" against "I arrive tomorrow"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Direction = Literal["before", "after"]

_HOURS = {"hour": 1.0, "hr": 1.0, "h": 1.0, "day": 24.0, "night": 24.0, "week": 168.0, "month": 720.0}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "a couple of": 2, "couple of": 2, "a few": 3,
}  # fmt: skip
_N = r"(?P<n>\d{1,3}|a couple of|couple of|a few|an|a|one|two|three|four|five|six|seven|eight|nine|ten)"
_UNIT = r"(?P<unit>hours?|hrs?|h|days?|weeks?|months?)"
_TOLD = re.compile(
    rf"(?P<in>\bin |\bsince )?\b{_N}\s+{_UNIT}\b\s*(?P<where>before|after|later|ago|away|left|from now|early|late)?",
    re.IGNORECASE,
)
# "Tomorrow" may be less than 24 hours away, or more: both are possible, and neither deadline is ruled out.
_TOLD_WORDS: tuple[tuple[re.Pattern[str], tuple[float, ...], Direction], ...] = (
    (re.compile(r"\bday after tomorrow\b", re.IGNORECASE), (48,), "before"),
    (re.compile(r"(?<!after )\btomorrow\b|\bthe (?:day|evening|night) before\b", re.IGNORECASE), (16, 30), "before"),
    (
        re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening)|on the same day)\b", re.IGNORECASE),
        (8,),
        "before",
    ),
    (re.compile(r"\bnext week\b", re.IGNORECASE), (168,), "before"),
    (re.compile(r"\bnext month\b", re.IGNORECASE), (720,), "before"),
    (re.compile(r"\byesterday\b|\blast night\b", re.IGNORECASE), (12, 30), "after"),
    (re.compile(r"\blast week\b", re.IGNORECASE), (168,), "after"),
    (re.compile(r"\blast month\b", re.IGNORECASE), (720,), "after"),
)
_U = r"(?:business )?(?:hours?|days?|weeks?|months?)"
_ANCHOR = r"(?P<where>before|after|of|from)\b"
_LIMIT = re.compile(
    rf"\b(?P<kind>at least|no later than|less than|fewer than|more than|within|up to"
    rf"|from)\s+(?P<low>\d+)(?:\s+(?P<low_unit>{_U}))?"
    rf"(?:\s+(?:and )?up to\s+(?P<high>\d+))?\s+(?P<unit>{_U})\s+{_ANCHOR}",
    re.IGNORECASE,
)

_OVER = re.compile(
    r"\b(?:checked out|check(?:ed)?-?out was|after (?:our|my|the|his|her) stay|(?:we|i|they|he|she"
    r"|guests?) (?:have |has )?left"
    r"|(?:went|back|gone) home|moved out|are gone)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"\bbefore (?:check-in|the stay|arrival|you arrive|you travel|you book)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """How far the customer is from an event, and on which side of it."""

    hours: float
    direction: Direction


def moments(text: str) -> list[Moment]:
    """The distances in time that the customer tells; [] where none is."""
    found = [
        Moment(one, direction) for pattern, hours, direction in _TOLD_WORDS if pattern.search(text) for one in hours
    ]
    for told in _TOLD.finditer(text):
        where = (told["where"] or "").lower()
        if where in ("before", "away", "left", "from now", "early") or (told["in"] or "").lower().startswith("in"):
            found.append(Moment(_hours(told["n"], told["unit"]), "before"))
        elif where in ("ago", "after", "later", "late") or told["in"]:
            found.append(Moment(_hours(told["n"], told["unit"]), "after"))
    return found


def _hours(number: str, unit: str) -> float:
    count = _NUMBERS.get(number.lower()) or float(number)
    return count * _HOURS[unit.lower().split()[-1].removesuffix("s")]


def is_over(text: str) -> bool:
    """True where the customer writes after the event: checked out, left, received."""
    return bool(_OVER.search(text))


def is_about_before(sentence: str) -> bool:
    """True for a sentence that holds only as long as the event lies ahead."""
    return bool(_AHEAD.search(sentence))


def fit(sentence: str, told: list[Moment]) -> int:
    """1 where a deadline in the sentence holds for what the customer tells, -1 where all of them fail, else 0."""
    verdicts = [verdict for limit in _LIMIT.finditer(sentence) if (verdict := _verdict(limit, told)) is not None]
    if not verdicts:
        return 0
    return 1 if any(verdicts) else -1


def _verdict(limit: re.Match[str], told: list[Moment]) -> bool | None:
    """Whether any told moment is inside the limit; None where none lies on its side of the event."""
    direction: Direction = "before" if limit["where"].lower() == "before" else "after"
    beside = [moment.hours for moment in told if moment.direction == direction]
    if not beside:
        return None
    low = _hours(limit["low"], limit["low_unit"] or limit["unit"])
    high = _hours(limit["high"], limit["unit"]) if limit["high"] else None
    return any(_inside(limit["kind"].lower(), hours, low, high) for hours in beside)


def _inside(kind: str, hours: float, low: float, high: float | None) -> bool:
    if high is not None:
        return low <= hours <= high
    if kind in ("at least", "no later than", "from"):
        return hours >= low
    if kind in ("less than", "fewer than"):
        return hours < low
    return hours > low if kind == "more than" else hours <= low
