"""What a sentence turns around: what it negates, how binding it is, who does what, and under which condition."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from core.words import FUNCTION_WORDS, stem, words

_NEGATOR_WORDS = """
    not never no nobody nothing none neither nor cannot without hardly
"""
_NEGATORS = frozenset(_NEGATOR_WORDS.split())
_CLAUSE_END_WORDS = """
    but and or unless if when because so while until although whether that which who
"""
_CLAUSE_ENDS = frozenset(_CLAUSE_END_WORDS.split())
_PIECES = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|[,;:.!?–—()]")
_SCOPE = 2  # content words that one negator reaches

# How binding a sentence is, weakest first; a claim may not be more binding than its source, nor permit what it demands.
_POSSIBLE = frozenset(["may", "might", "could", "possibly", "usually", "often", "sometimes"])
_ABLE = frozenset(["can", "able", "free", "allowed"])
_BOUND = frozenset(["must", "required", "mandatory"])
_BINDING = re.compile(r"\b(?:have|has|need|needs) to\b", re.IGNORECASE)

_QUOTED = 0.85  # share of common words in order from which on a sentence counts as quoted
_TURNING_WORDS = """
    not never no nobody nothing none neither nor cannot without may might can could must will should only least most
    less more under over before after within until unless except if half twice full free always
"""
_TURNING = frozenset(_TURNING_WORDS.split())

_ROLES = {
    "host": "host", "hosts": "host", "guest": "guest", "guests": "guest", "bank": "bank", "buyer": "buyer",
    "seller": "seller", "driver": "driver", "rider": "rider", "tenant": "tenant", "landlord": "landlord",
    "insurer": "insurer", "employer": "employer", "employee": "employee", "customer": "customer",
    "merchant": "merchant", "support": "us", "we": "us", "maplekey": "us",
}  # fmt: skip

_CONDITION = re.compile(
    r"\b(?:if|unless|when|whenever|only|once|provided|except|as long as|in case|where|because|since|as you|until"
    r"|within|at least|less than|more than|before|after|up to|at most|depends?|for example|under)\b",
    re.IGNORECASE,
)


def negated(text: str) -> set[str]:
    """The stems that stand under a negation."""
    found: set[str] = set()
    left = 0
    for piece in _PIECES.findall(text.lower().replace("’", "'")):
        if piece in _NEGATORS or piece.endswith("n't"):
            left = _SCOPE
        elif not piece[0].isalnum() or piece in _CLAUSE_ENDS:
            left = 0
        elif left and piece not in FUNCTION_WORDS:
            found.add(stem(piece))
            left -= 1
    return found


def flipped(claim: str, sources: Iterable[str]) -> str | None:
    """A word that the claim negates and no source does, or the other way round; None where they agree."""
    denied = negated(claim)
    read = [(_roots(source), negated(source)) for source in sources]
    for word in dict.fromkeys(words(claim)):
        root = stem(word)
        if word in FUNCTION_WORDS or not word.isalpha():
            continue
        about = [theirs for roots, theirs in read if root in roots]
        # A source that denies something the claim denies too is on its side, in whatever order the words stand.
        agreeing = [(root in theirs) == (root in denied) or bool(theirs & denied) for theirs in about]
        if about and not any(agreeing):
            return word
    return None


def _roots(text: str) -> set[str]:
    return {stem(word) for word in words(text)}


def firmer(claim: str, source: str) -> str | None:
    """How the claim says more or less than the source allows, in words; None where it does not."""
    mine, theirs = _modes(claim), _modes(source)
    if "must" in mine and "must" not in theirs and theirs & {"may", "can"}:
        return "makes a duty of what is only possible"
    if "must" in theirs and "must" not in mine and mine & {"may", "can"} and not theirs & {"may", "can"}:
        return "makes a choice of what is a duty"
    if "may" in theirs and not mine and not negated(claim) and not _hedged(claim):
        return "makes certain what is only possible"
    return None


def _modes(text: str) -> set[str]:
    said = set(words(text))
    modes = {name for name, these in (("may", _POSSIBLE), ("can", _ABLE), ("must", _BOUND)) if said & these}
    return modes | ({"must"} if _BINDING.search(text) else set())


def _hedged(text: str) -> bool:
    return bool(re.search(r"\b(?:up to|at most|if|unless|depends?|ask|asks|please)\b", text, re.IGNORECASE))


def swapped(claim: str, source: str) -> str | None:
    """Who does in the claim what somebody else does in the source; None where nobody is mistaken for another."""
    mine, theirs = _doers(claim), _doers(source)
    both = set(mine.values()) & set(theirs.values())
    for verb, doer in mine.items():
        if verb in theirs and theirs[verb] != doer and {doer, theirs[verb]} <= both | {doer, theirs[verb]}:
            other = theirs[verb]
            if _mentions(claim, other) and _mentions(source, doer):
                return f"“{doer}” where the source says “{other}”"
    return None


def _doers(text: str) -> dict[str, str]:
    """Each content stem and the role named last before it in its clause: who does it, roughly."""
    found: dict[str, str] = {}
    role = ""
    for piece in _PIECES.findall(text.lower()):
        if not piece[0].isalnum():
            role = ""
        elif piece in _ROLES:
            role = _ROLES[piece]
        elif role and piece not in FUNCTION_WORDS:
            found.setdefault(stem(piece), role)
    return found


def _mentions(text: str, role: str) -> bool:
    return any(_ROLES.get(word) == role for word in words(text))


def tampered(claim: str, sentence: str) -> str | None:
    """The word by which a near-verbatim quote turns its sentence around; "" for a fair quote, None for free wording."""
    mine, theirs = words(claim), words(sentence)
    matcher = SequenceMatcher(None, theirs, mine, autojunk=False)
    if matcher.ratio() < _QUOTED:
        return None
    gone, new = Counter(theirs) - Counter(mine), Counter(mine) - Counter(theirs)
    turning = [word for word in (*new, *gone) if word in _TURNING or word.endswith("n't") or word.isdigit()]
    if turning:
        return turning[0]
    doers = {_ROLES[word] for word in gone if word in _ROLES}
    return next((word for word in new if word in _ROLES and doers and _ROLES[word] not in doers), "")


def conditional(text: str) -> bool:
    """True where the sentence holds only under a condition, or within a limit."""
    return bool(_CONDITION.search(text))
