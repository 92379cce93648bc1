"""A snippet as facts: sentences, steps and table rows that can stand in a reply, each knowing what it leans on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.sentences import split_sentences
from core.values import RankedSnippet, Snippet
from core.words import FUNCTION_WORDS, content_words

Item = tuple[int, str]  # its number, 0 without one, and its words
FactKind = Literal["sentence", "steps", "list", "row"]

_ITEM = re.compile(r"^\s*(?:[-*•]|(?P<number>\d{1,2})[.)])\s+(?P<text>.+)$")
_MARKDOWN = re.compile(r"\*\*|__|`|^#+\s*|^>\s*", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_DANGLING = re.compile(
    r"^(?:it|its|this|these|those|they|their|them|that|such|otherwise|then|so|therefore|however|but|and|or|both|either"
    r"|neither|also|instead|after that|before that|in that case|in this case|if so|if not|in both cases|the same"
    r"|the rest"
    r"|the other|others|another|he|she|here is|here are|until then|from then|afterwards|in addition"
    r"|one of (?:them|these|those)|each of|all of (?:them|these|those)|most of)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:(?:later|earlier|more|less|sooner|longer) than that|in that case|in this case|(?:that|this) (?:rule"
    r"|date|day|time|change"
    r"|additional|case|deadline|limit|amount)|the (?:latter|former)"
    r"|(?:points?|list|table|steps?|rules?|described|shown|listed|as) (?:below|above))\b",
    re.IGNORECASE,
)
_BOILERPLATE = re.compile(
    r"^(?:was this (?:article|page) helpful|related articles?|last updated|updated on|yes / no|back to top"
    r"|see also|read more"
    r"|share this|contact us|this article (?:describes|explains|is about)|it is kept so that|a newer article)",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"^(?:for example|here is an example|example|suppose|imagine|examples are)\b|\bexample of\b", re.IGNORECASE
)
_EXAMPLE_HEADING = re.compile(r"^(?:an )?examples?$", re.IGNORECASE)
_STEP_VERB = re.compile(
    r"^(?:open|choose|select|enter|go|click|tap|press|sign|log|scroll|add|confirm|upload|read|set|switch|send"
    r"|write|call|type"
    r"|check|answer|attach|take|save|download|report|ask|turn|pick|fill|agree|wait|leave|copy|paste|name)\b(?!-)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 2
_ORDER_WORDS = 5  # "Choose Cancel booking." is half of something
_ROW_WORDS = 7
_NAME_WORDS = 5  # an item this long says something
_JOINED_SECTIONS = re.compile(r"; | > ")
# A row of a table: "Debit card: within 30 minutes", "Strict – Nights: nothing".
COLUMN = re.compile(r"\S(?: –|:) ")
_EMPTY_CELL = re.compile(r"; [^;:]+: [–-](?=[;.]|$)")
_LOWER_WORD = re.compile(r"\b[a-z]+\b")
# A heading without which its items would say something else.
_TURNS_ITS_ITEMS = re.compile(
    r"\b(?:not|no|never|cannot|without|if|when|unless|except\w*|exclu\w*|before|after|until|less|more|least|who"
    r"|which|old)\b",
    re.IGNORECASE,
)
# "If the host makes no claim, the deposit is released." says itself when it holds, unless its heading denies it.
_OWN_CONDITION = re.compile(r"^(?:if|when|unless|after|before|as soon as)\b[^,]+, \S", re.IGNORECASE)
_DENIES_ITS_ITEMS = re.compile(r"\b(?:not|no|never|cannot|without|except\w*|exclu\w*|old)\b", re.IGNORECASE)
_CELL_START = re.compile(r"(?<=\S)((?: –|;|:) )([A-Z][a-z]*)\b")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a snippet says. `lines` is one sentence, or the items of a list in order."""

    kind: FactKind
    lines: tuple[str, ...]
    lead: str = ""  # the line that leads in to a list, with its colon; "" where the list has none
    before: int | None = None  # the place, in the snippet's facts, of the sentence this one leans on
    dangling: bool = False  # leans on something that is not there
    example: bool = False

    @property
    def text(self) -> str:
        """All its words on one line."""
        return " ".join((self.lead, *self.lines)).strip()


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """A fact on the screen: snippet number, and place in that snippet."""

    fact: Fact
    ranked: RankedSnippet
    place: int

    @property
    def n(self) -> int:
        """The number it is cited by."""
        return self.ranked.rank

    @property
    def snippet(self) -> Snippet:
        """The snippet that says it."""
        return self.ranked.snippet


def facts_of(snippet: Snippet) -> list[Fact]:
    """The snippet's facts in reading order; headings, boilerplate and markup are left out."""
    facts: list[Fact] = []
    items: list[Item] = []
    lead = ""
    for line in [*_clean(snippet.text).splitlines(), ""]:
        found = _ITEM.match(line)
        if found:
            items.append((int(found["number"] or 0), " ".join(found["text"].split())))
            continue
        if items:
            facts.extend(_listed(items, lead, snippet))
            items, lead = [], ""
        example = bool(_EXAMPLE_HEADING.search(snippet.section))
        for sentence in split_sentences(line):
            example = example or bool(_EXAMPLE.search(sentence))  # an example goes on to the end of its paragraph
            if sentence.endswith(":"):
                lead = sentence
            elif _worth_saying(sentence):
                facts.append(_sentence(sentence, facts, example))
    return facts


def is_dangling(sentence: str) -> bool:
    """True for a sentence that cannot be understood without the one before it: "It ...", "... later than that ..."."""
    short_order = bool(_STEP_VERB.match(sentence)) and len(sentence.split()) < _ORDER_WORDS
    return short_order or bool(_DANGLING.match(sentence) or _POINTS_BACK.search(sentence))


def _clean(text: str) -> str:
    return _MARKDOWN.sub("", _LINK.sub(r"\1", text)).replace("\u00a0", " ")


def _finished(item: str) -> str:
    """An item as a sentence: with an end mark."""
    text = " ".join(item.split())
    return text if text[-1:] in ".!?" else f"{text.rstrip(';,:')}."


def _worth_saying(sentence: str) -> bool:
    if _BOILERPLATE.match(sentence) or sentence.endswith("?"):
        return False
    return sentence[-1] in ".!”\"')" and len(content_words(sentence)) >= _FEWEST_WORDS


def _sentence(sentence: str, before: Sequence[Fact], example: bool) -> Fact:
    if not is_dangling(sentence):
        return Fact("sentence", (sentence,), example=example)
    leans = len(before) - 1 if before and before[-1].kind == "sentence" and not before[-1].dangling else None
    return Fact("sentence", (sentence,), before=leans, dangling=leans is None, example=example)


def _listed(items: Sequence[Item], lead: str, snippet: Snippet) -> list[Fact]:
    """Numbered steps and bare names stay together; other items are facts of their own, under what leads in to them."""
    texts = [text for _, text in items if not _BOILERPLATE.match(text)]
    lines = tuple(map(_finished, texts))
    if not lines:
        return []
    example = bool(_EXAMPLE.search(lead))
    if all(number for number, _ in items):  # half of a list that was cut begins in the middle, or stops at once
        return [Fact("steps", lines, lead, example=example, dangling=items[0][0] != 1 or len(lines) == 1)]
    if all(map(_is_name, lines)):
        return [Fact("list", lines, lead, example=example, dangling=not lead)]
    heading = f"{snippet.section}:" if snippet.section and not _JOINED_SECTIONS.search(snippet.section) else ""
    return [_item(text, lead, heading, example, snippet) for text in texts]


def _item(text: str, lead: str, heading: str, example: bool, snippet: Snippet) -> Fact:
    """One item. "You changed the dates." may stand under "When it does not apply": without that it is not told."""
    line = _finished(text)
    whole = text[-1] in ".!" and text[0].isupper() and not COLUMN.search(text)
    if whole and not lead and (_stands_alone(text, snippet) or (heading and not _TURNS_ITS_ITEMS.search(heading))):
        return Fact("sentence", (line,), dangling=is_dangling(line), example=example)
    above = lead or heading
    dangling = not above and (whole or _says_too_little(text))
    return Fact("row", (line if whole else _row(line, snippet),), above, dangling=dangling, example=example)


def _stands_alone(item: str, snippet: Snippet) -> bool:
    """True for an order, and for a sentence with its own condition where no heading denies what stands below it."""
    conditional = _OWN_CONDITION.match(item) and not _DENIES_ITS_ITEMS.search(snippet.section)
    return bool(_STEP_VERB.match(item) or conditional)


def _says_too_little(item: str) -> bool:
    """True for a fragment, and for a short row whose table has no name: "Online wallet: $20" could be anything."""
    return not COLUMN.search(item) or len(item.split()) < _ROW_WORDS


def _is_name(line: str) -> bool:
    """True for an item that only names something: no verb in sight, no figure, no column."""
    return len(line.split()) < _NAME_WORDS and not re.search(r"[\d:–]", line)


def _row(line: str, snippet: Snippet) -> str:
    """A table row as a phrase: its cells in lower case, where the snippet itself writes those words so."""
    usual = set(_LOWER_WORD.findall(f"{snippet.text} {snippet.title}"))
    return _CELL_START.sub(
        lambda cell: (
            cell[1] + (cell[2].lower() if cell[2].lower() in usual or cell[2].lower() in FUNCTION_WORDS else cell[2])
        ),
        _EMPTY_CELL.sub("", line.replace("?:", ":")),  # a column called "Allowed?" would end the sentence
    )
