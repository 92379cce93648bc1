"""Made-up personal numbers with right check digits, and others that only look alike, in sentences people write.

Nobody owns them: every digit is drawn, and what a country's rule then accepts is kept.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from stdnum import iban, luhn
from stdnum.ar import cuit
from stdnum.au import tfn
from stdnum.be import nn
from stdnum.br import cnpj, cpf
from stdnum.ca import sin
from stdnum.ch import ssn as ahv
from stdnum.cl import rut
from stdnum.cn import ric
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import utr
from stdnum.in_ import aadhaar, pan
from stdnum.it import codicefiscale
from stdnum.kr import rrn
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.pt import nif
from stdnum.se import personnummer
from stdnum.us import ssn

Check = Callable[[str], bool]
_TRIES = 200_000
_DRAWN = {"#": string.digits, "@": string.ascii_uppercase, "%": "BCDFGHJKLMNPRSTVWXYZ", "&": "ABCDEHLMPRST"}
PHONE_REGIONS = (
    "US", "CA", "GB", "IE", "AU", "NZ", "DE", "AT", "CH", "FR", "BE", "NL", "ES", "IT", "PT", "PL", "SE", "DK", "NO",
    "FI", "BR", "MX", "AR", "IN", "JP", "KR", "SG", "ZA", "TR", "GR",
)  # fmt: skip
_BARE = ("Here it is: {}.", "{} - please check", "you need this from me? {}", "Hola, {} gracias")


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of number. In a shape # is a digit, @ a letter, % a consonant, & a month's letter, YY MM DD a date.

    `bare`: whether it is to be found without a word that names it.
    """

    name: str
    shapes: tuple[str, ...]
    is_valid: Check
    sentences: tuple[str, ...]
    bare: bool


def _always(number: str) -> bool:
    return True


def _is_card(number: str) -> bool:
    return luhn.is_valid(number.replace(" ", "").replace("-", ""))


# Mask, country and name | is it found without its name? | shapes | sentences that name it.
_TABLE = """
[tax id] US SSN | also bare | ###-##-#### | My SSN is {}; social security number: {}
[tax id] US SSN compact | named | ######### | My SSN is {}.; social security number: {}
[tax id] GB NINO | also bare | JK ## ## ## C; JK######C | my NI number is {}; National Insurance no. {}
[tax id] GB UTR | named | ##########; ##### ##### | UTR: {}; My UTR number is {}
[tax id] DE Steuer-ID | named | ###########; ## ### ### ### | Meine Steuer-ID ist {}; Steueridentifikationsnummer {}
[tax id] FR NIR | also bare | 1 YY MM ## ### ### ##; 2YYMM########## | Mon numéro de sécurité sociale est {}
[tax id] ES DNI | also bare | ########@; ##.###.###-@; ########-@ | Mi DNI es {}; DNI: {}
[tax id] ES NIE | also bare | X#######@; Y-#######-@ | Mi NIE es {}; NIE {}
[tax id] IT codice fiscale | also bare | %%%%%%YY&DD@###@; %%% %%% YY&DD @###@ | Il mio codice fiscale è {}
[tax id] PT NIF | named | #########; ### ### ### | O meu NIF é {}; Contribuinte n.º {}
[tax id] NL BSN | named | #########; ####.##.### | Mijn BSN is {}; burgerservicenummer {}
[tax id] BE rijksregister | also bare | YY.MM.DD-###.## | Mijn rijksregisternummer is {}
[tax id] CH AHV | also bare | 756.####.####.## | Meine AHV-Nummer ist {}
[tax id] PL PESEL | named | YYMMDD##### | Mój PESEL to {}; PESEL: {}
[tax id] SE personnummer | also bare | YYMMDD-####; 19YYMMDD-#### | Mitt personnummer är {}
[tax id] FI henkilötunnus | also bare | DDMMYY-###@; DDMMYY-#### | Henkilötunnus: {}
[tax id] NO fødselsnummer | also bare | DDMMYY#####; DDMMYY ##### | Fødselsnummer: {}
[tax id] BR CPF | also bare | ###.###.###-## | Meu CPF é {}
[tax id] BR CPF compact | named | ########### | Meu CPF é {}; CPF: {}
[tax id] BR CNPJ | also bare | ##.###.###/####-## | CNPJ {}
[tax id] AR CUIT | also bare | 20-########-# | Mi CUIT es {}
[tax id] CL RUT | also bare | ##.###.###-# | Mi RUT es {}
[tax id] MX CURP | also bare | @E%@YYMMDDHDF%%%0# | Mi CURP es {}
[tax id] IN PAN | also bare | @@@P@####@ | My PAN is {}; PAN card number {}
[tax id] IN Aadhaar | named | #### #### ####; ############ | My Aadhaar number is {}; Aadhaar: {}
[tax id] CN resident id | also bare | 11010119YYMMDD#### | 身份证 {}
[tax id] KR RRN | also bare | YYMMDD-1###### | 주민등록번호 {}
[tax id] AU TFN | named | ### ### ###; ######### | My TFN is {}; tax file number {}
[tax id] CA SIN | named | ###-###-###; ### ### ### | My SIN is {}; social insurance number {}
[passport] US passport | named | #########; @######## | My passport number is {}; passport no: {}
[passport] GB driving licence | named | %%%%%######%%9@@ | driving licence {}
[passport] DE Reisepass | named | C01X00T47; C#%##%### | Meine Reisepassnummer ist {}; Personalausweis {}
[passport] FR passeport | named | ##@@##### | Mon passeport est le n° {}; numéro de passeport {}
[passport] ES pasaporte | named | @@@###### | Mi pasaporte es {}; número de pasaporte {}
[passport] IT passaporto | named | @@####### | Passaporto n. {}; carta d'identità {}
[card] any Visa | also bare | 4### #### #### ####; 4############### | My card is {}
[card] any Mastercard | also bare | 52## #### #### ####; 53##-####-####-#### | card {} was charged
[card] any Amex | also bare | 37## ###### ##### | Amex {}
[iban] DE IBAN | also bare | DE## #### #### #### #### ## | IBAN {}
[iban] GB IBAN | also bare | GB##BARC############## | my account is {}
"""
_CHECKS: dict[str, Check] = {
    "US SSN": ssn.is_valid,
    "US SSN compact": ssn.is_valid,
    "GB UTR": utr.is_valid,
    "DE Steuer-ID": idnr.is_valid,
    "FR NIR": nir.is_valid,
    "ES DNI": dni.is_valid,
    "ES NIE": nie.is_valid,
    "IT codice fiscale": codicefiscale.is_valid,
    "PT NIF": nif.is_valid,
    "NL BSN": bsn.is_valid,
    "BE rijksregister": nn.is_valid,
    "CH AHV": ahv.is_valid,
    "PL PESEL": pesel.is_valid,
    "SE personnummer": personnummer.is_valid,
    "FI henkilötunnus": hetu.is_valid,
    "NO fødselsnummer": fodselsnummer.is_valid,
    "BR CPF": cpf.is_valid,
    "BR CPF compact": cpf.is_valid,
    "BR CNPJ": cnpj.is_valid,
    "AR CUIT": cuit.is_valid,
    "CL RUT": rut.is_valid,
    "MX CURP": curp.is_valid,
    "IN PAN": pan.is_valid,
    "IN Aadhaar": aadhaar.is_valid,
    "CN resident id": ric.is_valid,
    "KR RRN": rrn.is_valid,
    "AU TFN": tfn.is_valid,
    "CA SIN": sin.is_valid,
    "any Visa": _is_card,
    "any Mastercard": _is_card,
    "any Amex": _is_card,
    "DE IBAN": iban.is_valid,
    "GB IBAN": iban.is_valid,
}


def _sorts() -> Iterator[Sort]:
    for line in _TABLE.strip().splitlines():
        name, found, shapes, named = (part.strip() for part in line.split(" | "))
        is_valid = _CHECKS.get(name.split("] ")[1], _always)
        yield Sort(name, tuple(shapes.split("; ")), is_valid, tuple(named.split("; ")), found == "also bare")


SORTS = tuple(_sorts())

# Numbers that are nobody's: what cases are full of.
OTHERS = (
    "Booking HM########## from 2026-05-04", "booking number ##########", "My booking ######## for MM nights",
    "Reservation ####-####-#### is confirmed", "Order ###-#######-####### has not arrived", "order no. #########",
    "Invoice INV-2026-###### over 1.###,## EUR", "Rechnung Nr. 2026/####### vom DD.MM.2026", "Factura ########",
    "Listing ######## at ### per night", "listing #########, host since 2019", "Ticket ##########", "case #########",
    "It cost $#,###.## and then $ ###.##", "Total 1.###.###,## EUR", "from DD.MM.2026 to DD/MM/2026 at 1#:##",
    "2026-MM-DD 1#:##:##", "Tracking 1Z############", "flight LH#### on DDMM", "ref: @@@######@",
    "Transaction ################ was declined", "confirmation code @@%@######", "IP 192.168.1##.2##, build 1#.#.####",
    "https://maps.example/4#.#######,2.#######,17z", "https://x.example/rooms/########?guests=2&id=#########",
    "Apartment ###, ## Main Street, CB# #@@", "between 1## ### and 2## ### per month", "I paid ### + ## + ## = ###",
    "the code is ######", "room ####, door code ####, wifi @@@@####", "version 20##-MM-DD.####",
    "uuid 4f##c##a-##b#-4###-a###-############", "meter reading ######, then ######",
)  # fmt: skip
# The same without a word that says what they are: here only shape and check digits can tell.
WORDLESS = (
    "######", "#######", "########", "#########", "##########", "###########", "############", "#############",
    "@@########", "@@@######", "@#######@", "@@%@######", "#### ####", "#### #### ####", "###-#######-#######",
    "##.##.####", "#.###.###,##", "####/#######", "##-####", "@@######@@", "DDMM-####", "YYMMDD####",
)  # fmt: skip


def draw(shape: str, is_valid: Check, chance: random.Random) -> str:
    """One number of this shape that the rule accepts."""
    for _ in range(_TRIES):
        number = fill(shape, chance)
        if is_valid(number) or is_valid(re.sub(r"[ ./-]", "", number)):
            return number
    raise ValueError(f"no number like {shape!r} is valid; correct the shape")


def fill(shape: str, chance: random.Random) -> str:
    """The shape with every placeholder drawn."""
    year, month, day = chance.randint(50, 99), chance.randint(1, 12), chance.randint(1, 28)
    filled = shape.replace("YY", f"{year:02}").replace("MM", f"{month:02}").replace("DD", f"{day:02}")
    return "".join(chance.choice(_DRAWN.get(one, one)) for one in filled)


def sentences(sort: Sort, each: int, chance: random.Random) -> Iterator[tuple[str, str, bool]]:
    """`each` times every shape and sentence: the number, the text with it, and whether a word names it."""
    for shape in sort.shapes:
        for _ in range(each):
            for sentence in (*sort.sentences, *(_BARE if sort.bare else ())):
                number = draw(shape, sort.is_valid, chance)
                yield number, sentence.format(number), sentence in sort.sentences


def phone_sentences(region: str) -> Iterator[tuple[str, str, bool]]:
    """Example numbers of a country as it writes them, with its code, nationally, and after a word for it."""
    for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
        number = phonenumbers.example_number_for_type(region, kind)
        if number is None:
            continue
        for style in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164):
            written = phonenumbers.format_number(number, style)
            yield written, f"You can reach me at {written}, thanks", False
        national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        yield national, f"My phone number is {national}.", True
        yield national, f"{national} is how you get hold of me", False
