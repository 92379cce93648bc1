"""What the words around a number say about it: a booking, a date, or nothing."""

from __future__ import annotations

import re

Span = tuple[int, int]

_LOOK_BACK = 60
# Right before a number, or up to two words before it.
_BOOKING_WORDS = (
    r"\b(?:bookings?|reservations?|reserva|reservaci[oó]n|buchung\w*|r[eé]servation|prenotazione|confirmation"
    r"|orders?|pedido|bestell\w*|commande|ordine|invoices?|rechnung\w*|factura|facture|fattura|cases?|tickets?|listings?"
    r"|tracking|references?|referenz|referencia|r[eé]f[eé]rence|riferimento|ref|codes?|c[oó]digo|codice|voucher|coupon"
    r"|claims?|transaction|payment id)\b"
)
_BOOKING = re.compile(_BOOKING_WORDS, re.IGNORECASE)
_IS_A_BOOKING = re.compile(rf"(?:{_BOOKING_WORDS}|#)" + r"\W*(?:[^\W\d]+\W+){0,2}$", re.IGNORECASE)
_DATE = re.compile(
    r"(?:(?:19|20)\d{2}[-./ ](?:0?[1-9]|1[0-2])[-./ ][0-3]?\d|[0-3]?\d[-./ ][0-3]?\d[-./ ](?:19|20)\d{2})(?!\d)"
)


def before(text: str, start: int) -> str:
    """What is said right before this place."""
    return text[max(0, start - _LOOK_BACK) : start]


def is_a_booking(text: str, start: int) -> bool:
    """True where the number that starts here is called a booking, an order, a ticket or the like."""
    return _IS_A_BOOKING.search(before(text, start)) is not None


def speaks_of_a_booking(words: str) -> bool:
    """True where such a word is among these."""
    return _BOOKING.search(words) is not None


def starts_with_a_date(text: str) -> bool:
    """True for 2026-05-04, 4.5.2026 and the like."""
    return _DATE.match(text) is not None


def has_a_date(text: str) -> bool:
    """True where a date stands somewhere in it."""
    return _DATE.search(text) is not None
