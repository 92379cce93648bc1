"""Personal data masked in what is stored for good: e-mail, phone, payment card, IBAN.

Booking numbers, dates, amounts and times stay: a number is a phone number when it is written as one (with its country
code, or grouped as numbers are grouped in one of a few countries) or when the words before it say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatch, PhoneNumberMatcher
from stdnum import iban, luhn

MASKS = ("[email]", "[phone]", "[card]", "[iban]")
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_CARD = re.compile(r"(?<![\w+])(?<!\d[.,-])\d(?:[ -]?\d){12,18}(?!\w|[.,-]\d)")
# First digits in use: Visa 4, Mastercard 51-55 and 22-27, Amex and Diners 30-39, Discover, UnionPay and Maestro 50-69.
_CARD_START = re.compile(r"2[2-7]|[3-6]")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}(?!\w)")
_IBAN_LENGTHS = range(15, 35)
# National numbers are looked for as these countries write them.
_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "PT", "AU")
_LOOK_BACK = 40
_PHONE_WORDS = re.compile(
    r"\b(?:phone|tel|telephone|telefon|tel[eé]fono|telefone|t[eé]l[eé]phone|mobile|mobil|m[oó]vil|cell|call|ring|text|sms"
    r"|whats ?app|handy|fax|rufnummer|portable)\b\W*(?:[^\W\d]+\W+){0,3}$",
    re.IGNORECASE,
)
_REFERENCE_WORDS = re.compile(
    r"(?:\b(?:booking|reservation|reserva|buchung|r[eé]servation|prenotazione|confirmation|reference|ref|order|invoice"
    r"|case|ticket|code|listing|account|id|number|num|no|nr)\b|#)\W*(?:[^\W\d]+\W+)?$",
    re.IGNORECASE,
)
_AFTER_PHONE_WORDS = re.compile(r"(?<![\w+])\(?\d(?:[ ().-]{0,2}\d){6,13}(?!\w|[.,]\d)")
_DATE = re.compile(r"(?:\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d{2})(?!\d)")
_FEWEST_DIGITS = 7


def redact(text: str) -> str:
    """The text with [email], [iban], [card] and [phone] in place of each. Doing it twice changes nothing more."""
    # No database keeps NUL: what it tears apart here would come together there.
    text = text.replace("\x00", "")
    while (masked := _mask(text)) != text:
        text = masked
    return text


def _mask(text: str) -> str:
    text = _EMAIL.sub("[email]", text)
    if sum(character.isdigit() for character in text) < _FEWEST_DIGITS:
        return text
    text = _IBAN.sub(_iban_masked, text)
    text = _CARD.sub(_card_masked, text)
    return _phones_masked(text)


def _iban_masked(match: re.Match[str]) -> str:
    """The longest beginning that is an IBAN, masked: the pattern runs on into the words that follow."""
    found = match.group()
    for end in range(len(found), 0, -1):
        at_a_word_end = end == len(found) or not found[end].isalnum()
        compact = re.sub(r"[ -]", "", found[:end])
        if at_a_word_end and len(compact) in _IBAN_LENGTHS and iban.is_valid(compact):
            return "[iban]" + found[end:]
    return found


def _card_masked(match: re.Match[str]) -> str:
    digits = re.sub(r"[ -]", "", match.group())
    return "[card]" if _CARD_START.match(digits) and luhn.is_valid(digits) else match.group()


def _phones_masked(text: str) -> str:
    masked, end = [], 0
    for start, stop in sorted(_phone_spans(text)):
        if start >= end:
            masked += [text[end:start], "[phone]"]
            end = stop
    return "".join([*masked, text[end:]])


def _phone_spans(text: str) -> Iterator[tuple[int, int]]:
    for international in PhoneNumberMatcher(text, None, leniency=Leniency.POSSIBLE):
        yield international.start, international.end
    for match in _AFTER_PHONE_WORDS.finditer(text):
        if _PHONE_WORDS.search(_before(text, match.start())) and not _DATE.match(match.group()):
            yield match.start(), match.end()
    for region in _REGIONS:
        for national in PhoneNumberMatcher(text, region, leniency=Leniency.STRICT_GROUPING):
            if _is_written_as_a_phone_number(national) and not _REFERENCE_WORDS.search(_before(text, national.start)):
                yield national.start, national.end


def _before(text: str, start: int) -> str:
    return text[max(0, start - _LOOK_BACK) : start]


def _is_written_as_a_phone_number(match: PhoneNumberMatch) -> bool:
    """With a bracket, or in three groups, or as a national number after its 0; and not as a date."""
    raw = match.raw_string
    groups = len(re.findall(r"\d+", raw))
    grouped = "(" in raw or groups >= 3 or (raw.startswith("0") and groups == 2)
    return grouped and not _DATE.search(raw) and phonenumbers.is_valid_number(match.number)
