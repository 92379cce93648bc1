"""Cut text into sentences the way a reader would: lists by item, prose by sentence, prices and abbreviations whole.

The boundaries come from sentencex; what support text adds (list items, wrapped lines, addresses, citation marks,
customers who write without capitals) is put right around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

_BLANK_LINES = re.compile(r"\n\s*\n")
_MARKER = re.compile(r"^\s*(?:[-*+•‣◦–—]|\(?\d{1,3}[.)]|\(?[a-z][)])\s+")
_RULE = re.compile(r"^[\W_]*$")
_WRAPPED_AT = 60  # a shorter line that stops in the middle was ended on purpose

# Never the end of a sentence: what they shorten always goes on.
_GOES_ON = re.compile(
    r"(?:^|[\s(\[])(?:approx|ca|max|min|incl|excl|resp|vs|art|sec|para|fig|nos?|nr|núm|pp|dr|mr|mrs|ms|prof|st|sr|sra"
    r"|bzw|usw|z\.\s?b|d\.\s?h|u\.\s?a|p\.\s?ex|ex|e\.\s?g|i\.\s?e)\.$",
    re.IGNORECASE,
)
# The end of a sentence only before a capital letter.
_MAY_GO_ON = re.compile(r"(?:^|[\s(\[])(?:etc|a\.\s?m|p\.\s?m|inc|ltd|co|jr|u\.\s?s|e\.\s?u)\.$", re.IGNORECASE)
_NUMBER_WORD = re.compile(r"(?:^|[\s(\[])(?:nos?|nr|núm)\.$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?:^|\s)\d{1,2}\.$")
_MONTH = re.compile(
    r"^(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]*\b|^(?:januar|mars|avril|juin)\b", re.UNICODE
)
_MARKS_FIRST = re.compile(r"^\s*((?:\[\d+\]\s*)+)")
# Ends that sentencex runs over: "it?? then", "(It is free.) Then".
_MISSED = re.compile(r"[!?]+\s+(?=[^\W_])|[.!?…]+[)\]\"”’]+\s+(?=[A-Z¿¡“\"])")


def split_sentences(text: str, language: str = "en") -> list[str]:
    """The sentences of a text in order, each on one line and stripped; blank text gives [].

    A list item is at least one sentence of its own and comes without its marker ("- ", "2. ").
    Citation marks such as [2] stay with the sentence they follow.
    """
    return [sentence for unit in _units(text) for sentence in _sentences(unit, language)]


def _units(text: str) -> Iterator[str]:
    """Paragraphs and list items, each as one line."""
    for paragraph in _BLANK_LINES.split(text):
        unit: list[str] = []
        for raw in paragraph.splitlines():
            line = _MARKER.sub("", raw).strip()
            if unit and (_MARKER.match(raw) or not _runs_on(unit[-1], line)):
                yield " ".join(unit)
                unit = []
            if not _RULE.match(line):
                unit.append(line)
        if unit:
            yield " ".join(unit)


def _runs_on(line: str, following: str) -> bool:
    """True where the line break is mere wrapping."""
    if not following or line[-1] in ".!?:;…":
        return False
    return following[0].islower() or len(line) >= _WRAPPED_AT


def _sentences(unit: str, language: str) -> list[str]:
    sentences: list[str] = []
    for piece in _pieces(unit, language):
        if sentences and _belongs_to(sentences[-1], piece):
            sentences[-1] += piece
        else:
            sentences.append(piece)
    return [stripped for sentence in _marks_moved_back(sentences) if (stripped := " ".join(sentence.split()))]


def _pieces(unit: str, language: str) -> Iterator[str]:
    """Candidates for sentences; joined they are the unit again."""
    for segment in sentencex.segment(language, unit):
        start = 0
        for missed in _MISSED.finditer(segment):
            yield segment[start : missed.end()]
            start = missed.end()
        if start < len(segment):
            yield segment[start:]


def _belongs_to(sentence: str, piece: str) -> bool:
    """True where the boundary between the two is none."""
    if not piece.strip():
        return True
    if not sentence[-1].isspace() and not piece[0].isspace():
        return _inside_an_address(sentence, piece)
    end, start = sentence.rstrip(), piece.lstrip()
    if _NUMBER_WORD.search(end):
        return start[0].isdigit()
    if _GOES_ON.search(end):
        return True
    if _MAY_GO_ON.search(end):
        return not start[0].isupper()
    return bool(_ORDINAL.search(end) and _MONTH.match(start))


def _inside_an_address(sentence: str, piece: str) -> bool:
    """True for the dot in help.Example.com or terms.PDF, False for "Ok.So"."""
    token = sentence.split()[-1] + piece.split()[0]
    return bool(re.search(r"://|@|^www\.|/\w|\.\w+\.\w{2,}|\.(?:com|org|net|io|pdf|example)\b", token, re.IGNORECASE))


def _marks_moved_back(sentences: list[str]) -> list[str]:
    """Citation marks at the start of a sentence belong to the one before."""
    moved: list[str] = []
    for sentence in sentences:
        marks = _MARKS_FIRST.match(sentence)
        if marks and moved:
            moved[-1] = f"{moved[-1].rstrip()} {marks.group(1)}"
            sentence = sentence[marks.end() :]
        if sentence.strip():
            moved.append(sentence)
    return moved
