"""Does a snippet say what a sentence claims? Words covered, numbers present, meaning not turned around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.checker.grants import grants, kinds_given
from core.checker.meaning import conditional, firmer, flipped, swapped, tampered
from core.checker.quantities import Quantity, missing, quantities
from core.sentences import split_sentences
from core.values import Snippet
from core.words import content_stems, coverage, words

# Of the claim's content words, how many the source must hold. People paraphrase; a promise must stand there.
COVERED_ENOUGH = 0.6
COVERED_ENOUGH_TO_GRANT = 0.7
_SENTENCES_TOGETHER = 3
_ABOUT_THE_SAME = 0.4  # of the claim's content words in one sentence, to compare what the two deny
_CONDITION_FOLLOWS = re.compile(r" (?:if|unless|only|provided|when|except|as long)\b")
_MONEY = ("$", "€", "£", "%")


@dataclass(frozen=True, slots=True)
class Support:
    """Whether one snippet bears one claim, and why or why not."""

    supported: bool
    reason: str
    covered: float  # share of the claim's content words that the snippet holds, in [0, 1]


@dataclass(frozen=True, slots=True)
class Source:
    """A snippet cut up for comparison."""

    sentences: tuple[str, ...]
    stems: tuple[frozenset[str], ...]
    headings: frozenset[str]  # stems of title and section
    said: frozenset[str]  # every sentence, and every run of two, in plain words
    heading_text: str


@lru_cache(maxsize=4096)
def source_of(title: str, section: str, text: str) -> Source:
    """The snippet's sentences, compared by their stems."""
    lines = text.replace("?:", ":").splitlines()  # a column called "Allowed?" is no question
    sentences = tuple(one for line in lines for one in split_sentences(line))
    plain = [_plain(sentence) for sentence in sentences]
    heading = f"{title}. {section}"
    under = [f"{lead} {one}" for lead, one in _under_leads(sentences, section)]
    return Source(
        sentences,
        tuple(frozenset(content_stems(sentence)) for sentence in sentences),
        frozenset(content_stems(heading)),
        frozenset(
            [
                *plain,
                *under,
                *map(_plain, re.split(r"; | > ", section)),
                _plain(title),
                *(f"{one} {two}" for one, two in pairwise(plain)),
            ]
        ),
        heading,
    )


def _under_leads(sentences: Sequence[str], section: str) -> Iterator[tuple[str, str]]:
    """Each sentence with the line that leads in to it, and with the heading above it."""
    lead = ""
    for sentence in sentences:
        yield _plain(section), _plain(sentence)
        if lead:
            yield lead, _plain(sentence)
        if sentence.endswith(":"):
            lead = _plain(sentence)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w$€£%]+", " ", text.lower()).split())


def support(claim: str, snippet: Snippet) -> Support:
    """Whether the snippet says what is claimed. The claim carries no [n] marks."""
    source = source_of(snippet.title, snippet.section, snippet.text)
    if _plain(claim) in source.said:
        return Support(True, "says it word for word", 1.0)
    aligned = _aligned(claim, source)
    held = set(source.headings).union(*(source.stems[place] for place in aligned)) if aligned else set(source.headings)
    covered = coverage(content_stems(claim), held)
    promise = grants(claim)
    if covered < (COVERED_ENOUGH_TO_GRANT if promise else COVERED_ENOUGH):
        return Support(False, _uncovered(claim, held, promise), covered)
    said = [source.sentences[place] for place in aligned]
    unsaid = kinds_given(claim) - kinds_given(" ".join((source.heading_text, *said))) if promise else set()
    if unsaid:
        return Support(False, f"promises something it does not say: {', '.join(sorted(unsaid))}", covered)
    against = _wrong_quantity(claim, said, source) or _wrong_meaning(claim, said, source, promise)
    return Support(against is None, against or "says the same in other words", covered)


def _aligned(claim: str, source: Source) -> list[int]:
    """The places of the few sentences that say most of the claim, best first; each adds words of its own."""
    wanted = content_stems(claim)
    chosen: list[int] = []
    while wanted and len(chosen) < _SENTENCES_TOGETHER:
        rest = [place for place in range(len(source.sentences)) if place not in chosen]
        best = max(rest, key=lambda place: (len(wanted & source.stems[place]), -place), default=None)
        if best is None or not wanted & source.stems[best]:
            break
        chosen.append(best)
        wanted -= source.stems[best]
    return chosen


def _uncovered(claim: str, held: set[str], promise: bool) -> str:
    new = [word for word in dict.fromkeys(words(claim)) if content_stems(word) - held]
    named = ", ".join(f"“{word}”" for word in new[:3])
    return f"promises something it does not say: {named}" if promise else f"does not mention {named}"


def _wrong_quantity(claim: str, said: Sequence[str], source: Source) -> str | None:
    claimed = quantities(claim)
    stated = [one for sentence in (*said, source.heading_text) for one in quantities(sentence)]
    wrong = missing(claimed, stated)
    if wrong:
        elsewhere = [one for sentence in source.sentences for one in quantities(sentence)]
        if missing(wrong, elsewhere):
            return f"does not say “{missing(wrong, elsewhere)[0].text}”"
        return _misplaced(claimed, wrong, source)
    return _misplaced(claimed, [one for one in claimed if one.unit in _MONEY], source)


def _misplaced(claimed: Sequence[Quantity], amounts: Sequence[Quantity], source: Source) -> str | None:
    """An amount that the source states only for another deadline than the one claimed."""
    deadlines = [one for one in claimed if one.unit not in (*_MONEY, "")]
    for amount in amounts:
        homes = [found for sentence in source.sentences if not missing([amount], found := quantities(sentence))]
        if deadlines and homes and all(_contradicts(deadlines, home) for home in homes):
            return f"says “{amount.text}” for another case"
    return None


def _contradicts(deadlines: Sequence[Quantity], home: Sequence[Quantity]) -> bool:
    there = [one for one in home if one.unit not in (*_MONEY, "")]
    same_units = [one for one in deadlines if any(other.unit == one.unit for other in there)]
    return bool(same_units) and len(missing(same_units, there)) == len(same_units)


def _wrong_meaning(claim: str, said: Sequence[str], source: Source, promise: bool) -> str | None:
    wanted = content_stems(claim)
    near = [
        sentence
        for sentence, stems in zip(source.sentences, source.stems, strict=True)
        if coverage(wanted, set(stems)) >= _ABOUT_THE_SAME
    ]
    quoted = [tampered(claim, sentence) for sentence in near]
    turning = next(filter(None, quoted), None)
    if turning and "" not in quoted:
        return f"quotes it, but for “{turning}”"
    turned = flipped(claim, near)
    if turned:
        return f"turns “{turned}” around: one of the two says “not”"
    return _other_force(claim, said[0], near, promise) if said else None


def _other_force(claim: str, best: str, near: Sequence[str], promise: bool) -> str | None:
    """Another duty, another doer, or a promise without its condition, against the sentence that says most of it."""
    mistaken = swapped(claim, best)
    against = firmer(claim, best) or (f"names {mistaken}" if mistaken else None)
    if against or not promise:
        return against
    cut_off = any(_CONDITION_FOLLOWS.match(_plain(sentence).removeprefix(_plain(claim))) for sentence in near)
    if cut_off or (conditional(best) and not conditional(claim)):
        return "leaves out the condition of what is promised"
    return None
