"""Passport, identity-card and driving-licence numbers where their name stands before them; machine-readable zones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.redaction.named import called, named_numbers
from core.redaction.words import Span

_FEWEST_DIGITS = 5
_NAMES = called(
    r"passport|(?:national )?(?:id|identity|identification) card|residence permit|driv(?:er['’]?s?|ing) licen[cs]e",
    r"(?:reise)?pass-?(?:nr|nummer)|reisepass|(?:personal)?ausweis-?(?:nr|nummer)?|aufenthaltstitel",
    r"f[uü]hrerschein(?:-?(?:nr|nummer))?|paspoort(?:nummer)?|paszportu?|dow[oó]d\w* osobist\w+|pasaport",
    r"pasaporte|c[eé]dula|documento de identidad|carta de identidad|carnet de conducir",
    r"passeport|carte d['’]identit[eé]|permis de conduire",
    r"passaporto|carta d['’]identit[aà]|patente di guida|passaporte",
    r"паспорта?|护照号?码?|護照|パスポート(?:番号)?|여권번호",
)
# ICAO 9303: two lines of 44 or 36, or three of 30, filled up with "<"; a copy may lose some at the end.
_ZONE_LINE = r"[A-Z0-9<]{28,44}"
_ZONE = re.compile(rf"(?<![\w<])(?:{_ZONE_LINE}[ \r]?\n ?){{0,2}}{_ZONE_LINE}(?![\w<])")
_ZONE_DIGITS = 8


def passports(text: str) -> Iterator[Span]:
    """Every number that is called one of a passport or the like."""
    return named_numbers(text, _NAMES, _FEWEST_DIGITS, _is_never)


def machine_readable_zones(text: str) -> Iterator[Span]:
    """Every block of lines as they stand at the foot of a passport."""
    for match in _ZONE.finditer(text):
        block = match.group()
        if "<" in block and sum(one.isdigit() for one in block) >= _ZONE_DIGITS:
            yield match.span()


def _is_never(number: str) -> bool:
    """Passport numbers have no check digit that is printed with them."""
    return False
