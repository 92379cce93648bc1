"""Numbers that the words before them name: "my SSN is ...", "Reisepass Nr. ..."."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from core.redaction.words import Span, starts_with_a_date

# What may stand between a name and its number; the two sorts never match the same text, so nothing is tried twice.
_BETWEEN = re.compile(
    r"(?:[^\w\x00]{1,4}|(?:is|was|are|no|nr|nro|num|numbers?|nummer|n[uú]mero|num[eé]ro|ist|lautet|es|est|sono|to|e|é|è"
    r"|er|är|of|mine|my|id|code|card|here|n|º|wynosi|le|la|el|il|o|the|der|die|das)(?!\w)){0,8}",
    re.IGNORECASE,
)
_GROUP = re.compile(r"[A-Za-z0-9]+")
_BETWEEN_GROUPS = " .-/"
_MOST_CHARACTERS = 20
_LETTERS_AHEAD, _LETTERS_BEHIND = 6, 2


def called(*names: str) -> re.Pattern[str]:
    """One pattern of names, each a word or several, in small or capital letters."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)", re.IGNORECASE)


def named_numbers(
    text: str, names: re.Pattern[str], fewest_digits: int, is_valid: Callable[[str], bool]
) -> Iterator[Span]:
    """The number after each of the names: groups that are valid together, or else have that many digits. No dates."""
    for name in names.finditer(text):
        between = _BETWEEN.match(text, name.end())
        start = name.end() if between is None else between.end()
        if starts_with_a_date(text[start : start + _MOST_CHARACTERS]):
            continue
        ends = list(_ends(text, start))
        first = text[start : next((end for end in reversed(ends) if " " not in text[start:end]), start)]
        valid = [end for end in ends if is_valid(text[start:end])]
        if _has(first, fewest_digits):  # what follows after a space is another number
            yield start, start + len(first)
        elif valid:
            yield start, valid[-1]
        elif ends and _has(text[start : ends[-1]], fewest_digits):
            yield start, ends[-1]


def _ends(text: str, start: int) -> Iterator[int]:
    """Where the number that starts here may end: after each of its groups that has a digit, or closes with letters."""
    place, characters, digits_yet = start, 0, False
    while (group := _GROUP.match(text, place)) is not None:
        word = group.group()
        has_digit, characters = any(one.isdigit() for one in word), characters + len(word)
        most_letters = _LETTERS_BEHIND if digits_yet else _LETTERS_AHEAD
        if characters > _MOST_CHARACTERS or not (has_digit or (word.isupper() and len(word) <= most_letters)):
            return
        if has_digit or digits_yet:
            yield group.end()
        if digits_yet and not has_digit:
            return
        digits_yet = digits_yet or has_digit
        if group.end() >= len(text) or text[group.end()] not in _BETWEEN_GROUPS:
            return
        place = group.end() + 1


def _has(text: str, fewest_digits: int) -> bool:
    return sum(one.isdigit() for one in text) >= fewest_digits
