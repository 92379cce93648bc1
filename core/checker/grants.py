"""Which sentences promise something: a refund, a waiver, a credit, an upgrade, an exception, an amount."""

from __future__ import annotations

import re
import unicodedata

from core.checker.meaning import negated
from core.checker.quantities import quantities
from core.words import stem, words

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPELLED_OUT = re.compile(r"\b(?:[^\W\d_][ .\-_*]){3,}[^\W\d_]\b")
# Letters of other scripts that look Latin: a word written with them reads the same and must be checked the same.
_LOOKALIKES = str.maketrans("аеіјорсухԁѕһᴦԛԝ", "aeijopcyxdshrqw")

_GIVEN_STEMS = """
    refund reimburs repay compens credit waiv waiver upgrad discount voucher coupon goodwil bonus exempt gratuit
    giveaway cashback reembols remborsament rimbors rembours erstatt gutschrift gutschein rabatt erlass kulanz
    descuent desconto sconto remis
"""
_GIVEN = frozenset(_GIVEN_STEMS.split())
_PHRASES = re.compile(
    r"\bmoney back\b|\bfree of charge\b|\bfor free\b|\bat no (?:cost|charge)\b|\bno charge\b|\bfree (?:night"
    r"|stay|month|upgrade)s?\b"
    r"|\b(?:make|grant|allow)\w*\s+(?:\w+\s+){0,3}exceptions?\b|\bas an exception\b|\bpay (?:you )?back\b|\bpays? you\b"
    r"|\bget (?:\w+\s+){0,3}back\b|\breturned to you\b|\bsend you\b.*[$€£]",
    re.IGNORECASE,
)
_CARD = re.compile(r"\bcredit (?:or debit )?cards?\b", re.IGNORECASE)
_KINDS = {
    "refund": re.compile(
        r"refund|reimburs|repay|repaid|\bback\b|reembols|rimbors|rembours|erstatt|return(?:s|ed)? to you"
    ),
    "credit": re.compile(
        r"\bcredit|voucher|coupon|discount|bonus|cashback|goodwill|gutschein|gutschrift|rabatt|kulanz"
    ),
    "waiver": re.compile(
        r"waiv|\bfree\b|no charge|no cost|exempt|costs? nothing|pay nothing|without (?:a |any )?penalty"
    ),
    "upgrade": re.compile(r"upgrad"),
    "exception": re.compile(r"\bexceptions?\b"),
    "compensation": re.compile(r"compensat|indemn"),
}
_RECEIVES = re.compile(
    r"\byou(?:'ll| will| can| are going to)? (?:get|receive|be paid|be given|are owed|are entitled)\b|\byours\b"
    r"|\b(?:we|i|maplekey)(?:'ll|'re|'ve|'m| will| can| have| are| am| is)? "
    r"(?:pay|paid|send|sent|giv|gave|offer|owe|transfer|add)\w*\b"
    r"|\b(?:is|are|was|were|has been|have been) (?:approved|granted|paid out)\b",
    re.IGNORECASE,
)


def grants(sentence: str) -> bool:
    """True for a promise of something of value, however it is spelled; False where it is denied or only asked about."""
    plain = plainly(sentence)
    denied = negated(plain)
    given = {stem(word) for word in words(_CARD.sub("card", plain)) if _is_given(word)}
    if given - denied:
        return True
    if _PHRASES.search(plain) and not denied:
        return True
    money = any(one.unit in ("$", "€", "£", "%") for one in quantities(plain))
    return bool(money and _RECEIVES.search(plain) and not denied)


def kinds_given(text: str) -> set[str]:
    """The kinds of concession a text speaks of: refund, credit, waiver, upgrade, exception, compensation."""
    plain = plainly(_CARD.sub("card", text))
    return {kind for kind, pattern in _KINDS.items() if pattern.search(plain)}


def _is_given(word: str) -> bool:
    root = stem(word)
    return any(root.startswith(one) for one in _GIVEN)


def plainly(text: str) -> str:
    """The text without tricks of spelling: invisible characters, look-alike letters, s p a c e d words."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_LOOKALIKES)
    return _SPELLED_OUT.sub(_joined, visible)


def _joined(letters: re.Match[str]) -> str:
    """The word, and again without its first letter: "a r e f u n d" begins with an article."""
    word = re.sub(r"[ .\-_*]", "", letters.group(0))
    return f"{word} {word[1:]}"
