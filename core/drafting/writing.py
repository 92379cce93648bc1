"""Put facts into a reply: citation marks before the full stop, paragraphs, lists and numbered steps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.checker.grants import grants
from core.drafting.facts import COLUMN, PlacedFact
from core.drafting.phrases import Wording
from core.sentences import split_sentences

_END = re.compile(r"[.!?…]+[\"”')\]]*$")
_ABBREVIATION = re.compile(r"\b(?:[ap]\.m|etc|e\.g|i\.e)\.$", re.IGNORECASE)
_HOW_TO = re.compile(
    r"^(?:how to|to) \w+|^(?:add|change|make|get|set|report|send|find|see|check|create|delete|cancel|turn)\b",
    re.IGNORECASE,
)


def cited(line: str, n: int) -> str:
    """The line with `[n]` before the final punctuation of each of its sentences."""
    return " ".join(_marked(sentence, n) for sentence in split_sentences(line))


def _marked(sentence: str, n: int) -> str:
    if _ABBREVIATION.search(sentence):
        return f"{sentence} [{n}]"  # its dot belongs to the word
    end = _END.search(sentence)
    if not end:
        return f"{sentence} [{n}]."
    return f"{sentence[: end.start()]} [{n}]{end.group(0)}"


def sentence_text(placed: PlacedFact, siblings: Sequence[PlacedFact] = ()) -> str:
    """A fact as running text with its marks, after the sentence it leans on."""
    fact = placed.fact
    if fact.kind in ("steps", "list"):
        return list_text(placed)
    line = fact.lines[0]
    if fact.kind == "row" and fact.lead:
        line = f"{fact.lead.rstrip(': ')} – {line}" if COLUMN.search(line) else f"{fact.lead} {line}"
    before = next((one for one in siblings if one.place == fact.before), None) if fact.before is not None else None
    text = cited(line, placed.n)
    return f"{sentence_text(before, siblings)} {text}" if before else text


def list_text(placed: PlacedFact, lead: str = "") -> str:
    """Steps numbered, other items with dashes, each with its mark, under the list's lead or the one given."""
    fact = placed.fact
    marker = "{}." if fact.kind == "steps" else "-"
    lines = [f"{marker.format(place)} {cited(line, placed.n)}" for place, line in enumerate(fact.lines, 1)]
    head = f"{fact.lead.rstrip(': ')} [{placed.n}]:" if fact.lead else lead
    return "\n".join([*([head] if head else []), *lines])


def steps_lead(placed: PlacedFact, wording: Wording) -> str:
    """What leads in to steps: the section's own heading where it says how to do what, else a phrase."""
    if placed.fact.lead or wording.language != "en":
        return placed.fact.lead or wording.draw("steps")
    heading = placed.snippet.section.split(" > ")[-1]
    plain = ";" not in heading and _HOW_TO.match(heading) and not grants(heading)
    return f"{heading}:" if plain else wording.draw("steps")


def bullet_text(placed: PlacedFact, siblings: Sequence[PlacedFact] = ()) -> str:
    """A fact as an item of a list: a table row needs no heading there."""
    line = placed.fact.lines[0]
    if placed.fact.kind == "row" and COLUMN.search(line):
        return cited(line[0].upper() + line[1:], placed.n)
    if placed.fact.kind in ("steps", "list"):
        return " ".join(
            [*([placed.fact.lead] if placed.fact.lead else []), *(cited(one, placed.n) for one in placed.fact.lines)]
        )
    return sentence_text(placed, siblings)


def bullets(facts: Sequence[str]) -> str:
    """One dash per fact."""
    return "\n".join(f"- {fact}" for fact in facts)


def paragraphs(*parts: str) -> str:
    """The parts that say something, a blank line between them."""
    return "\n\n".join(part for part in parts if part)
