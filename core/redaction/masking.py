"""Masks what the detectors find, one kind after the other, until nothing more is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from core.redaction.contacts import emails, phones
from core.redaction.passports import machine_readable_zones, passports
from core.redaction.payments import cards, ibans
from core.redaction.tax import tax_ids
from core.redaction.view import MASKED, View, view_of
from core.redaction.words import Span

MASKS = ("[email]", "[phone]", "[card]", "[iban]", "[tax id]", "[passport]")
_MASK = re.compile("|".join(map(re.escape, MASKS)))
# The surest first: what one has taken the next ones do not see.
_NUMBERS: tuple[tuple[str, Callable[[str], Iterable[Span]]], ...] = (
    ("[passport]", machine_readable_zones),
    ("[iban]", ibans),
    ("[card]", cards),
    ("[tax id]", tax_ids),
    ("[passport]", passports),
    ("[phone]", phones),
)
_FEWEST_DIGITS = 4
# Honest texts settle in two rounds. What goes on changing is made to, and loses every word with a digit in it.
_MOST_ROUNDS = 8
_WITH_A_DIGIT = re.compile(r"[^\s\[\]]*\d[^\s\[\]]*")


def redact(text: str) -> str:
    """The text with a mask in place of each e-mail address, phone, card, IBAN, tax and passport number.

    Doing it twice changes nothing more.
    """
    # No database keeps NUL: what it tears apart here would come together there.
    text = text.replace(MASKED, "")
    for _ in range(_MOST_ROUNDS):
        masked = _mask(text)
        if masked == text:
            return text
        text = masked
    return _WITH_A_DIGIT.sub("[phone]", text)


def _mask(text: str) -> str:
    """One round."""
    view = view_of(text, _MASK)
    seen, found = _take(view.text, "[email]", emails)
    if sum(character.isdigit() for character in seen) >= _FEWEST_DIGITS:
        for mask, detector in _NUMBERS:
            seen, more = _take(seen, mask, detector)
            found += more
    return _replaced(text, view, found) if found else text


def _take(seen: str, mask: str, detector: Callable[[str], Iterable[Span]]) -> tuple[str, list[tuple[Span, str]]]:
    """What is left to see, and what was found: what overlaps is one."""
    spans: list[Span] = []
    for start, end in sorted(detector(seen)):
        if spans and start < spans[-1][1]:
            start, end = spans[-1][0], max(end, spans.pop()[1])
        spans.append((start, end))
    left, done = [], 0
    for start, end in spans:
        left += [seen[done:start], MASKED * (end - start)]
        done = end
    return "".join([*left, seen[done:]]), [(span, mask) for span in spans]


def _replaced(text: str, view: View, found: list[tuple[Span, str]]) -> str:
    parts, end = [], 0
    for (seen_start, seen_end), mask in sorted(found):
        start, stop = view.original(seen_start, seen_end)
        parts += [text[end:start], mask]
        end = stop
    return "".join([*parts, text[end:]])
