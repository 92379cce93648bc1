"""E-mail addresses and phone numbers.

A number is a phone number when it is written as one (with its country code, or grouped as numbers are grouped in one
of a few countries) or when the words before it say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import Leniency, PhoneNumberMatch, PhoneNumberMatcher

from core.redaction.words import Span, before, has_a_date, speaks_of_a_booking, starts_with_a_date

_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# National numbers are looked for as these countries write them.
_REGIONS = (
    "US", "GB", "DE", "FR", "ES", "IT", "PT", "AU", "CH", "AT", "BE", "NL", "SE", "BR", "IN", "NZ", "IE",
)  # fmt: skip
# What calls a number a phone number, and how many words may stand between.
_PHONE_WORDS = re.compile(
    r"\b(?:(?:phones?|tel|telephone|telefon|tel[eé]fono|telefone|t[eé]l[eé]phone|mobile|mobil|m[oó]vil|cell|handy|fax"
    r"|rufnummer|portable|whats ?app|(?:contact|driver['’]?s|their|his|her|my|your|our) number)"
    r"\b\W*(?:[^\W\d]+\W+){0,7}"
    r"|(?:call(?:ing)?|ring|text|sms|dial|contact|reach(?:ed|able)?)\b\W*(?:[^\W\d]+\W+){0,3})$",
    re.IGNORECASE,
)
# Enough for one that starts with 0, as national numbers do and bookings do not.
_NUMBER_WORDS = re.compile(r"(?:\bnumber\b|#)\W*(?:[^\W\d]+\W+){0,7}$", re.IGNORECASE)
_REFERENCE_WORDS = re.compile(
    r"(?:\b(?:booking|reservation|reserva|buchung|r[eé]servation|prenotazione|confirmation|reference|ref|order|invoice"
    r"|case|ticket|code|listing|account|id)\b|#)\W*(?:[^\W\d]+\W+)?$",
    re.IGNORECASE,
)
# Two to six groups of digits: looking at these only, for each country, keeps long texts quick.
_GROUPS = re.compile(r"(?<![\w+])(?<!\d[.,])\(?\d{1,8}\)?(?:[ ./-]{1,3}\(?\d{1,8}\)?){1,5}(?!\w|[.,]\d)")
_FEWEST_DIGITS = 7
# No support case has more. What has is made to take long, and loses every number that could be one.
_MOST_ASKED = 300
_AFTER_PHONE_WORDS = re.compile(r"(?<![\w+])\(?\d(?:[ ().-]{0,2}\d){6,13}(?!\w|[.,]\d)")


def emails(text: str) -> Iterator[Span]:
    """Every e-mail address."""
    return (match.span() for match in _EMAIL.finditer(text))


def phones(text: str) -> Iterator[Span]:
    """Every phone number, some of them more than once."""
    if "+" in text:
        for international in PhoneNumberMatcher(text, None, leniency=Leniency.POSSIBLE):
            yield international.start, international.end
    for match in _AFTER_PHONE_WORDS.finditer(text):
        if _is_called_a_phone_number(before(text, match.start()), match.group()):
            yield match.span()
    long_enough = (one for one in _GROUPS.finditer(text) if sum(map(str.isdigit, one.group())) >= _FEWEST_DIGITS)
    for count, groups in enumerate(long_enough):
        if count < _MOST_ASKED:
            yield from _national_phones(text, groups.start(), groups.group())
        elif not has_a_date(groups.group()) and not _REFERENCE_WORDS.search(before(text, groups.start())):
            yield groups.span()


def _national_phones(text: str, place: int, groups: str) -> Iterator[Span]:
    """Numbers as one of the countries writes them, among groups of digits that stand at this place."""
    for region in _REGIONS:
        for national in PhoneNumberMatcher(groups, region, leniency=Leniency.STRICT_GROUPING):
            start = place + national.start
            if _is_written_as_a_phone_number(national) and not _REFERENCE_WORDS.search(before(text, start)):
                yield start, place + national.end


def _is_called_a_phone_number(words: str, number: str) -> bool:
    """True unless it is a date, or a booking after all: "call me about booking 20394857"."""
    if starts_with_a_date(number):
        return False
    called = _PHONE_WORDS.search(words)
    if called is not None:
        return not speaks_of_a_booking(called.group())
    is_national = number.startswith(("0", "(0"))
    return is_national and _NUMBER_WORDS.search(words) is not None and not speaks_of_a_booking(words)


def _is_written_as_a_phone_number(match: PhoneNumberMatch) -> bool:
    """With a bracket, or in three groups, or as a national number after its 0; and not as a date."""
    raw = match.raw_string
    groups = len(re.findall(r"\d+", raw))
    grouped = "(" in raw or groups >= 3 or (raw.startswith("0") and groups == 2)
    return grouped and not has_a_date(raw) and phonenumbers.is_valid_number(match.number)
