"""Tax numbers, and the personal numbers that serve as such, of the countries where many customers live.

A shape that is used for nothing else, or enough check digits, speaks for itself; a number whose shape others share
(nine digits in the Netherlands, eleven in Poland) counts where its name stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum.ar import cuit
from stdnum.at import tin
from stdnum.au import abn, tfn
from stdnum.be import nn
from stdnum.br import cnpj, cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.cz import rc
from stdnum.de import idnr, stnr
from stdnum.dk import cpr
from stdnum.es import dni, nie, nif
from stdnum.fi import hetu
from stdnum.fr import nir, tva
from stdnum.gb import nhs, utr
from stdnum.ie import pps
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale, iva
from stdnum.kr import rrn
from stdnum.mx import curp, rfc
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import nip, pesel
from stdnum.pt import nif as contribuinte
from stdnum.ro import cnp
from stdnum.se import personnummer
from stdnum.tr import tckimlik
from stdnum.us import ein, itin, ssn
from stdnum.za import idnr as za_id

from core.redaction.named import called, named_numbers
from core.redaction.words import Span, is_a_booking

Check = Callable[[str], bool]
_FEWEST_DIGITS = 7


def is_nino(number: str) -> bool:
    """True for a British national insurance number: two letters of those in use, six digits, A to D."""
    compact = re.sub(r"[ -]", "", number).upper()
    return _NINO.fullmatch(compact) is not None and compact[:2] not in _NINO_UNUSED


_NINO = re.compile(r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")
_NINO_UNUSED = frozenset({"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"})


@dataclass(frozen=True, slots=True)
class _Bare:
    """A number that is known without a word: how it is written, and one of these accepts it."""

    shape: re.Pattern[str]
    checks: tuple[Check, ...]


def _bare(shape: str, *checks: Check) -> _Bare:
    return _Bare(re.compile(rf"(?<![\w+])(?<!\d[.,/-])(?:{shape})(?!\w|[.,/-]\d)"), checks)


_BARE = (
    _bare(r"\d{3}-\d{2}-\d{4}", ssn.is_valid, itin.is_valid),  # United States
    _bare(r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]", is_nino),  # United Kingdom
    _bare(r"[A-Z]{3} ?[A-Z]{3} ?\d{2}[A-Z]\d{2} ?[A-Z]\d{3}[A-Z]", codicefiscale.is_valid),  # Italy
    _bare(r"\d{2}\.?\d{3}\.?\d{3}-?[A-Z]", dni.is_valid),  # Spain
    _bare(r"[XYZ]-?\d{7}-?[A-Z]", nie.is_valid),
    _bare(r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", nir.is_valid),  # France
    _bare(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}", nn.is_valid),  # Belgium
    _bare(r"756\.?\d{4}\.?\d{4}\.?\d{2}", ahv.is_valid),  # Switzerland
    _bare(r"(?:\d{2})?\d{6}[-+]\d{4}", personnummer.is_valid),  # Sweden
    _bare(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]", hetu.is_valid),  # Finland
    _bare(r"\d{6} ?\d{5}", fodselsnummer.is_valid),  # Norway
    _bare(r"\d{6}/\d{4}", rc.is_valid),  # Czechia, Slovakia
    _bare(r"\d{3}\.\d{3}\.\d{3}-\d{2}", cpf.is_valid),  # Brazil
    _bare(r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", cnpj.is_valid),
    _bare(r"\d{2}-\d{8}-\d", cuit.is_valid),  # Argentina
    _bare(r"\d{1,2}\.\d{3}\.\d{3}-[\dkK]", rut.is_valid),  # Chile
    _bare(r"[A-Z]{4}\d{6}[A-Z]{6}[0-9A-Z]\d", curp.is_valid),  # Mexico
    _bare(r"[A-Z]{5}\d{4}[A-Z]", pan.is_valid),  # India
    _bare(r"\d{17}[\dX]", ric.is_valid),  # China
    _bare(r"\d{6}-\d{7}", rrn.is_valid),  # South Korea
)
# Where several groups follow a name, these say with which the number ends.
_NAMED: tuple[Check, ...] = (
    *(check for bare in _BARE for check in bare.checks),
    *(one.is_valid for one in (ein, utr, nhs, idnr, stnr, tva, nif, iva, contribuinte, bsn, tin, cpr, pps, pesel, nip)),
    *(one.is_valid for one in (cnp, tckimlik, za_id, rfc, aadhaar, tfn, abn, sin)),
)
_NAMES = called(
    r"social (?:security|insurance)|national insurance|ssn|itin|nino|utr|tfn|abn|aadha+r",
    r"tax(?:payer)?(?:['’]?s)? (?:id(?:entification)?|number|no|file|ref(?:erence)?|code)|vat (?:id|number|no|reg\w*)",
    r"personal (?:id|identity|identification) (?:number|code|no)|national id(?:entity|entification)?",
    r"steuer-?(?:id|nr|nummer|identifikations-?nummer)|st\.? ?-?nr|ust-?id|umsatzsteuer-?id\w*",
    r"(?:sozial|renten)versicherungs-?nummer|ahv(?:-?nummer|-?nr)?",
    r"bsn|burgerservicenummer|rijksregisternummer",
    r"s[eé]curit[eé] sociale|num[eé]ro fiscal|tva",
    r"dni|nif|cif|rfc|curp|cuit|cuil|rut|seguridad social",
    r"codice fiscale|cod\. ?fisc|partita iva|p\. ?iva",
    r"contribuinte|n[uú]mero fiscal|cpf|cnpj",
    r"pesel|personnummer|f[oø]dselsnummer|cpr-?(?:nummer|nr)|henkil[oö]tunnus|hetu|rodn[eé] [cč][ií]slo|cnp|kimlik",
    r"ИНН|СНИЛС|身份证号?码?|주민등록번호|マイナンバー|個人番号",
    # Short ones are words of another language in small letters.
    r"(?-i:TIN|EIN|PAN|SIN|NI|NHS|NIE|NIR|NIP|CPR|VAT)",
)


def tax_ids(text: str) -> Iterator[Span]:
    """Every tax number or the like, some of them more than once."""
    yield from named_numbers(text, _NAMES, _FEWEST_DIGITS, lambda number: _accepted(number, _NAMED))
    for bare in _BARE:
        for match in bare.shape.finditer(text):
            if _accepted(match.group(), bare.checks) and not is_a_booking(text, match.start()):
                yield match.span()


def _accepted(number: str, checks: tuple[Check, ...]) -> bool:
    """True where one of the rules holds; some know fewer ways of writing than people do."""
    compact = re.sub(r"[ ./-]", "", number)
    return any(check(number) or check(compact) for check in checks)
