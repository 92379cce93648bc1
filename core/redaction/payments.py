"""Payment cards and bank accounts, by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from core.redaction.words import Span

_CARD = re.compile(r"(?<![\w+])(?<!\d[.,-])\d(?:[ -]?\d){12,18}(?!\w|[.,-]\d)")
# First digits in use, by length: Visa 4, Mastercard 51-55 and 22-27, Amex 34 and 37, Diners 30, 36, 38, 39, JCB 35,
# Discover, UnionPay and Maestro 50-69.
_CARD_STARTS = {
    13: re.compile(r"4|5[0678]|6"),
    14: re.compile(r"3[0689]|5[0678]|6"),
    15: re.compile(r"3[47]|5[0678]|6"),
    16: re.compile(r"2[2-7]|3[05689]|[4-6]"),
    17: re.compile(r"5[0678]|6"),
    18: re.compile(r"5[0678]|6"),
    19: re.compile(r"4|5[0678]|6"),
}
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?!\w)")
_IBAN_LENGTHS = range(15, 35)


def cards(text: str) -> Iterator[Span]:
    """Every card number."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"[ -]", "", match.group())
        if _CARD_STARTS[len(digits)].match(digits) and luhn.is_valid(digits):
            yield match.span()


def ibans(text: str) -> Iterator[Span]:
    """Every IBAN: the longest beginning of a match that is one, since the pattern runs on into the words after it."""
    for match in _IBAN.finditer(text):
        end = _end_of_iban(match.group())
        if end:
            yield match.start(), match.start() + end


def _end_of_iban(found: str) -> int:
    for end in range(len(found), 0, -1):
        at_a_word_end = end == len(found) or not found[end].isalnum()
        compact = re.sub(r"[ -]", "", found[:end])
        if at_a_word_end and len(compact) in _IBAN_LENGTHS and iban.is_valid(compact):
            return end
    return 0
