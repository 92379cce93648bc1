"""What a language model wrote, read as a reply: made plain, its marks put right, or refused with a reason.

Models think aloud, decorate, cite what is not there, repeat themselves and repeat the prompt. Nothing of that reaches
an agent; whether the facts hold is the checker's question.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.conversation import said_by_customer
from core.drafting.generator import LONGEST_DRAFT, DetectsLanguage
from core.drafting.marking import with_marks, with_right_marks
from core.ports import DraftRequest, Written
from core.prompting import RULES
from core.sentences import split_sentences
from core.values import RankedSnippet
from core.words import words


def _mark_or_words(link: re.Match[str]) -> str:
    """A link's words; of a linked mark the mark."""
    return f"[{link.group(1)}]" if link.group(1).isdigit() else link.group(1)


_THOUGHT = re.compile(r"^.*</think(?:ing)?>|<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_DECORATIONS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^[ \t]*```.*$", re.MULTILINE), ""),
    (re.compile(r"\A\s*(?:subject|re)\s*:.*\n", re.IGNORECASE), ""),
    (re.compile(r"\A\s*(?:the |my |here is (?:a|the) )?(?:\w+ )?(?:reply|answer|response|agent)\s*:\s*", re.I), ""),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^([ \t]*)[*•][ \t]+", re.MULTILINE), r"\1- "),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]*)`"), r"\1"),
    (re.compile(r"!?\[([^\]\n]{1,200})\]\([^)\n]*\)"), _mark_or_words),
    (re.compile(r"[ \t]*\(?(?:https?://|www\.)[^\s)]*\)?", re.IGNORECASE), ""),
    (re.compile(r"</?[a-zA-Z_!@#|][^<>\n]{0,200}>"), ""),
)
_OTHER_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"【(\d{1,3})[^】\n]{0,30}】"), r"[\1]"),
    (re.compile(r"\((?:see )?(?:snippets?|sources?) (\d{1,3})\)", re.IGNORECASE), r"[\1]"),
    (re.compile(r"\[\^(\d{1,3})\]"), r"[\1]"),
)
_MARK_LIST = re.compile(r"\[(?:(?:snippets?|sources?|see)\s*)?#?(\d{1,3}(?:\s*(?:,|;|&|and)\s*#?\d{1,3})*)\]", re.I)
_MARK = re.compile(r"[ \t]*\[(\d{1,3})\]")
_TWICE = re.compile(r"(\[\d{1,3}\])(?:\s*\1)+")
_PLACEHOLDER_LINE = re.compile(r"^.{0,40}\[(?!\d{1,3}\])[^\]\n]{1,60}\][,.!]?[ \t]*$", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\[(?!\d{1,3}\])[^\]\n]{1,60}\]|\{\{[^}\n]{1,60}\}\}")
_SENTENCE_END = re.compile(r"[.!?…](?:[\"”’)]*(?:\s*\[\d{1,3}\])*)(?=\s|$)")
_ECHO_LENGTH = 40  # characters of a rule that nobody writes by chance
_TAGS = ("<snippets>", "</snippets>", "<conversation>", "</conversation>", "<replies_sent_in_similar_cases>")
_SAID_SO_OFTEN = 3
_WORDS_OF_A_SENTENCE = 4
_DISTINCT_WORDS = 0.25
_ENOUGH_WORDS = 40
_READABLE = 0.8  # of the characters: letters, digits, spaces and ordinary signs
_ORDINARY_SIGNS = frozenset(".,;:!?'\"()[]-–—%$€£/&+…’‘“”¿¡«»„°#·")
_SURE_OF_LANGUAGE = 0.95
_LETTERS_TO_TELL = 60


@dataclass(frozen=True, slots=True)
class Received:
    """A reply that may be shown, or `fault`: why it may not be, and then no text."""

    text: str
    fault: str = ""


def received(written: Written, request: DraftRequest, languages: DetectsLanguage) -> Received:
    """The reply in it, as plain text with [n] marks for what is shown, at most 2,800 characters; or what is wrong."""
    text = _THOUGHT.sub("", written.text)
    if "<think" in text.lower():
        return Received("", "it thinks aloud and does not come to an answer")
    if _echoes(text):
        return Received("", "it repeats its instructions")
    text = _plain(text)
    text = with_right_marks(with_marks(_with_known_marks(text, request.shown), request.shown), request.shown)
    if not written.finished:
        text = _up_to_a_sentences_end(text)
    fault = _fault(text) or _wrong_language(text, request, languages)
    return Received("", fault) if fault else Received(text)


def _plain(text: str) -> str:
    """Without Markdown, links, tags, labels and lines to be filled in."""
    for pattern, replacement in (*_DECORATIONS, *_OTHER_MARKS):
        text = pattern.sub(replacement, text)
    text = _MARK_LIST.sub(lambda match: "".join(f"[{n}]" for n in re.findall(r"\d+", match.group(1))), text)
    text = _PLACEHOLDER_LINE.sub("", text)
    lines = [re.sub(r"[ \t]+", " ", line).rstrip() for line in text.strip().strip('"').splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _with_known_marks(text: str, shown: Sequence[RankedSnippet]) -> str:
    """Marks of what is not on the screen are taken out, and of several equal ones in a row all but one."""
    known = {ranked.rank for ranked in shown}
    text = _MARK.sub(lambda match: match.group(0) if int(match.group(1)) in known else "", text)
    return _TWICE.sub(r"\1", text)


def _up_to_a_sentences_end(text: str) -> str:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


def _fault(text: str) -> str:
    said = words(_MARK.sub("", text))
    if not said:
        return "it says nothing"
    if len(text) > LONGEST_DRAFT:
        return f"it has {len(text)} characters, {LONGEST_DRAFT} are the most"
    if _PLACEHOLDER.search(text):
        return "it has a gap to be filled in"
    if _unreadable(text):
        return "it is no readable text"
    return "it repeats itself" if _repeats(text, said) else ""


def _echoes(text: str) -> bool:
    lowered = " ".join(text.lower().split())
    rules = [rule.removeprefix("- ").lower() for rule in RULES.splitlines()]
    return any(tag in lowered for tag in _TAGS) or any(
        rule[:_ECHO_LENGTH] in lowered for rule in rules if len(rule) >= _ECHO_LENGTH
    )


def _unreadable(text: str) -> bool:
    readable = sum(one.isalnum() or one.isspace() or one in _ORDINARY_SIGNS for one in text)
    broken = any(one == "\ufffd" or (ord(one) < ord(" ") and one not in "\n\t") for one in text)
    return broken or readable < _READABLE * len(text)


def _repeats(text: str, said: Sequence[str]) -> bool:
    sentences = [tuple(words(_MARK.sub("", one))) for one in split_sentences(text)]
    counts = Counter(one for one in sentences if len(one) >= _WORDS_OF_A_SENTENCE)
    if max(counts.values(), default=0) >= _SAID_SO_OFTEN:
        return True
    return len(said) >= _ENOUGH_WORDS and len(set(said)) < _DISTINCT_WORDS * len(said)


def _wrong_language(text: str, request: DraftRequest, languages: DetectsLanguage) -> str:
    """Only where both are long enough to tell, and plainly differ; a language that was asked for is the right one."""
    asked = said_by_customer(request.turns[-1:]) or said_by_customer(request.turns)
    theirs, sure = (request.language, 1.0) if request.language else _language_of(asked, languages)
    ours, also_sure = _language_of(text, languages)
    if theirs != ours and min(sure, also_sure) >= _SURE_OF_LANGUAGE:
        wanted = "asked for is" if request.language else "the customer writes"
        return f"it is written in {ours!r}, {wanted} {theirs!r}"
    return ""


def _language_of(text: str, languages: DetectsLanguage) -> tuple[str, float]:
    """Nothing is sure about a short text."""
    is_short = sum(letter.isalpha() for letter in text) < _LETTERS_TO_TELL
    return ("und", 0.0) if is_short else languages.detect(text)
