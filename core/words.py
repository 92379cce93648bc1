"""The words of a text as they are compared: lower case, stemmed, without those that only hold a sentence together."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache

import snowballstemmer

# One word however it is written: "check-out", "check out" and "checkout"; "e-mail" and "email". Cut apart, the second
# half would be dropped as a function word, and checking in would be the same as checking out.
_PHRASAL = re.compile(r"\b(check|log|sign)(?:s|ed|ing)?[-‑ ](in|out|up)\b", re.IGNORECASE)
_LETTERED = re.compile(r"\b(e)[-‑](?=mail)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*")

_FUNCTION_WORDS = """
    a about above after again against all also am an and any anybody anyone anything are aren't as at be because
    been before being below between both but by can can't cannot could couldn't did didn't do does doesn't doing
    don't down during each either else even ever every few for from further get gets getting give go goes going gone
    got had hadn't has hasn't have haven't having he he's hello her here hers hey hi him his how i i'd i'll i'm i've
    if in instead into is isn't it it's its itself just know let let's like ll made make makes many may maybe me
    might mine more most much must mustn't my myself need no nobody nor not nothing now of off ok okay on once only
    onto or other our ours out over own per please put quite rather re really s same say said says see she should
    shouldn't since so some somebody someone something still such t take tell than thank thanks that that's the
    their theirs them then there there's these they they're thing things this those though through thus to too under
    until up upon us ve very want was wasn't we we're were weren't what what's when where whether which while who
    whole whom whose why will with within without won't would wouldn't yes yet you you'd you'll you're you've your
    yours yourself
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

# Signs that order words and say nothing by themselves; "%", "€", "+" and emoji do say something.
_ORDERING_SIGNS = re.compile(r"[\s.,;:!?…'\"`´‘’“”„«»()\[\]*_~\-‐‑–—]+")


# The stemmer keeps the word it works on in itself: two threads at once would mix theirs, and the mix would be cached.
_ONE_AT_A_TIME = threading.Lock()


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@cache
def stem(word: str) -> str:
    """The stem of one word in lower case: "refunded" and "refunds" give "refund"."""
    with _ONE_AT_A_TIME:
        return str(_stemmer().stemWord(word.lower().replace("’", "'").removesuffix("'s")))


def words(text: str) -> list[str]:
    """Every word and number in lower case, in order; "" gives []. Phrasal nouns are one word: "checkout"."""
    joined = _LETTERED.sub(r"\1", _PHRASAL.sub(r"\1\2", text))
    return [found.lower().replace("’", "'") for found in _WORD.findall(joined)]


def wording(text: str) -> str:
    """What is said, for telling a changed text from a tidied one: two texts that say the same have the same wording.

    Case, spacing and punctuation do not count; where there is nothing else, they do. "" gives "".
    """
    bare = " ".join(_ORDERING_SIGNS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).split())
    return bare or " ".join(text.split())


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in lower case and in order, numbers too."""
    return [word for word in words(text) if word not in FUNCTION_WORDS]


def content_stems(text: str) -> set[str]:
    """The stems of its content words, each once."""
    return {stem(word) for word in content_words(text)}


def coverage(wanted: Iterable[str], present: set[str]) -> float:
    """The share of `wanted` that is in `present`, in [0, 1]; 1.0 where nothing is wanted."""
    asked = set(wanted)
    return len(asked & present) / len(asked) if asked else 1.0


def overlap(one: str, other: str) -> float:
    """Jaccard overlap of the content stems of two texts, in [0, 1]; 0.0 where both are empty."""
    mine, yours = content_stems(one), content_stems(other)
    either = mine | yours
    return len(mine & yours) / len(either) if either else 0.0
