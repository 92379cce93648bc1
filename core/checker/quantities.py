"""The amounts, deadlines, dates and percentages of a sentence, each as something that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Bound = Literal["", "most", "least", "below", "above"]

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "half": 0.5, "twice": 2,
}  # fmt: skip
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_CAPITAL_MONTHS = [month if month != "may" else "(?-i:May)" for month in _MONTHS]  # "2 may": a month only in capitals
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCY = r"us\$|usd|[$€£]|dollars?|euros?|eur|gbp|pounds?"
_QUANTITY = re.compile(
    rf"(?P<bound>\b(?:up to|at most|no more than|not more than|a maximum of|maximum|max\.?|at least|no less than"
    rf"|not less than|a minimum of|minimum|min\.?|less than|fewer than|under|below|more than|over|above)\s+)?"
    rf"(?P<before>{_CURRENCY})?\s*(?P<number>(?<![\w.]){_NUMBER}|\b(?:{'|'.join(_WORDS)})\b)"
    rf"(?P<range>\s?(?:–|-|—|to|or|bis|à)\s?(?=[\d$€£]))?"
    rf"[\s-]*(?P<unit>%|percent\b|per cent\b|(?:{_CURRENCY})(?!\w)|business[ -]days?\b|working[ -]days?\b"
    rf"|calendar[ -]years?\b|minutes?\b|hours?\b|hrs?\b|h\b|days?\b|nights?\b|weeks?\b|months?\b|years?\b"
    rf"|(?:a\.m\.|p\.m\.|am|pm)(?!\w)|(?:{'|'.join(_CAPITAL_MONTHS)})\b|megapixels?\b|characters?\b|km\b|cm\b"
    rf"|m\b|mb\b)?"
    rf"(?P<after>\s*\b(?:or more|or older|or higher|or later|or longer|or less|or fewer|or younger|at most"
    rf"|at least)\b)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<month>{'|'.join(_CAPITAL_MONTHS)})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b", re.IGNORECASE
)
_GROUPED = re.compile(r"(?<=\d) (?=\d{3}\b)")
_HOURS = {"minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0}
_LISTED = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with what it counts. `unit` is "" where the text names none; durations are in hours where exact."""

    value: float
    unit: str
    bound: Bound
    text: str  # as it stands in the sentence


def quantities(text: str) -> list[Quantity]:
    """Every quantity in order; the numbers of list markers and of citation marks are none.

    A bare "one" is none ("the new one"); "one night" is.
    """
    plain = _LISTED.sub("", re.sub(r"\[\d{1,2}\]", "", text))
    plain = _MONTH_FIRST.sub(lambda date: f"{date['day']} {date['month']}", _GROUPED.sub("", plain))
    found: list[Quantity] = []
    pending: list[re.Match[str]] = []
    for match in _QUANTITY.finditer(plain):
        if match["range"] and not match["unit"]:
            pending.append(match)  # "5–7 business days": the unit stands at the range's end
            continue
        found.extend(_quantity(one, match) for one in (*pending, match))
        pending = []
    found.extend(_quantity(one, one) for one in pending)
    return [one for one in found if one.unit or one.text.lower() != "one"]


def _quantity(match: re.Match[str], with_unit: re.Match[str]) -> Quantity:
    raw = match["number"].lower()
    value = float(_WORDS[raw]) if raw in _WORDS else float(raw.replace(",", ""))
    unit = _unit(match["before"] or match["unit"] or with_unit["before"] or with_unit["unit"] or "")
    if unit == "%" and raw == "half":
        unit = ""
    if unit in _HOURS:
        value, unit = value * _HOURS[unit], "hour"
    return Quantity(value, unit, _bound(match), match.group(0).strip(" \t\n–—-"))


def _unit(raw: str) -> str:
    unit = raw.lower().replace("-", " ").strip()
    if not unit:
        return ""
    if re.fullmatch(_CURRENCY, unit):
        return {"€": "€", "euro": "€", "euros": "€", "eur": "€", "£": "£", "gbp": "£", "pound": "£", "pounds": "£"}.get(
            unit, "$"
        )
    if unit in ("percent", "per cent"):
        return "%"
    if unit in ("am", "pm"):
        return f"{unit[0]}.m."
    singular = unit if unit.endswith("m.") or unit in ("%", *_MONTHS) else unit.removesuffix("s")
    return {"h": "hour", "hr": "hour", "working day": "business day", "calendar year": "year"}.get(singular, singular)


def _bound(match: re.Match[str]) -> Bound:
    said = f"{match['bound'] or ''} {match['after'] or ''}".lower().strip()
    if not said:
        return ""
    if said.startswith(
        ("up to", "at most", "no more", "not more", "a max", "max", "or less", "or fewer", "or younger")
    ):
        return "most"
    if said.startswith(("less", "fewer", "under", "below")):
        return "below"
    if said.startswith(("more than", "over", "above")):
        return "above"
    return "least"


def missing(claimed: Iterable[Quantity], source: Iterable[Quantity]) -> list[Quantity]:
    """Those claimed quantities that the source does not state: another value, unit or direction of a bound."""
    there = list(source)
    return [one for one in claimed if not any(_states(other, one) for other in there)]


def _states(source: Quantity, claimed: Quantity) -> bool:
    if abs(source.value - claimed.value) > 1e-9 * max(1.0, abs(source.value)):
        return False
    if source.unit != claimed.unit and claimed.unit and source.unit:
        return False
    if claimed.unit in ("$", "€", "£", "%") and source.unit != claimed.unit:
        return False
    return _same_direction(source.bound, claimed.bound)


def _same_direction(source: Bound, claimed: Bound) -> bool:
    if source == claimed or not source:
        return claimed in ("", source)
    if not claimed:
        return source in ("least", "above")  # "24 hours before" for "at least 24 hours before" promises nothing more
    return {source, claimed} in ({"most", "below"}, {"least", "above"})
