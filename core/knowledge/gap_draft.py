"""A draft article from a gap: what its cases' replies state, and what agents described. A person reviews it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import frontmatter

from core.checker.speech import claim_of
from core.citations import without_marks
from core.judge.substance import orders_in
from core.knowledge.readers.markdown import read_markdown
from core.redaction import MASKS
from core.sentences import split_sentences
from core.words import overlap

SourceKind = Literal["reply", "description"]
SENTENCES_MOST = 20
# From this overlap of words on a sentence says what another one has said.
_SAID_BEFORE = 0.7
_TITLE_MOST = 120
_ASKED = "## What this answers"


@dataclass(frozen=True, slots=True)
class DraftSource:
    """A text that a draft is made of, by the annotation that holds it."""

    kind: SourceKind
    case_id: str
    annotation_id: str
    text: str


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """A title and a body in Markdown; the body is "" where no reply has stated anything yet.

    `sources`: what it was made of, without the texts. `flags`: what a reviewer has to look at, in sentences.
    `version`: from 1 on, 0 where it is not kept yet.
    """

    title: str
    body: str
    sources: tuple[DraftSource, ...]
    flags: tuple[str, ...]
    version: int = 0


def draft_article(title: str, sources: Sequence[DraftSource], redact: Callable[[str], str]) -> ArticleDraft:
    """The facts of the replies in their order, each once, and the other descriptions as what it answers.

    A sentence with personal data in it is left out, and so is one that gives the bot orders; both are flagged.
    """
    facts, flags = _facts([one for one in sources if one.kind == "reply"], redact)
    described = [one for one in sources if one.kind == "description"]
    flags += [flag for one in described for flag in order_flags(one.text, one.case_id)]
    asked = _distinct([redact(one.text) for one in described if not orders_in(one.text)], besides=title)
    parts = ["\n\n".join(facts), *([_ASKED, "\n".join(f"- {one}" for one in asked)] if asked else [])]
    used = tuple(DraftSource(one.kind, one.case_id, one.annotation_id, "") for one in sources)
    return ArticleDraft(_as_title(redact(title)), "\n\n".join(parts) if facts else "", used, tuple(flags))


def order_flags(text: str, where: str) -> list[str]:
    """One sentence for each place where a text gives the bot orders."""
    return [f"In {where}, “{words}” reads like an order to the bot." for words in orders_in(text)]


def as_markdown(draft: ArticleDraft, group_id: str) -> str:
    """For the reviewer: marked as a draft, with sources and flags on top."""
    fields = {
        "status": "draft",
        "gap": group_id,
        "title": draft.title,
        "sources": [f"{one.kind} in {one.case_id}" for one in draft.sources],
        "flags": list(draft.flags),
    }
    return str(frontmatter.dumps(frontmatter.Post(draft.body, **fields), sort_keys=False)) + "\n"


def as_article(article_id: str, title: str, body: str) -> str:
    """As it is published: Markdown that an ingest reads as this article."""
    return str(frontmatter.dumps(frontmatter.Post(body.strip(), id=article_id, title=title), sort_keys=False)) + "\n"


def read_edited(file: Path) -> tuple[str, str]:
    """Title and body of a draft that a person has edited in a file. Raises UnreadableSource."""
    [document] = read_markdown(file)
    body = document.text
    first, _, rest = body.partition("\n")
    return document.title, rest.strip() if first.lstrip("# ") == document.title and first.startswith("#") else body


def slug(title: str) -> str:
    """A short name for files and ids: lower case, words joined by hyphens, at most 40 characters; "" without words."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower())[:40].strip("-")


def _facts(replies: Sequence[DraftSource], redact: Callable[[str], str]) -> tuple[list[str], list[str]]:
    """The sentences to keep, and the flags about those left out."""
    kept: list[str] = []
    flags: list[str] = []
    for reply, sentence in _stated(replies):
        orders = order_flags(sentence, reply.case_id)
        if orders:
            flags += orders
        elif any(mask in redact(sentence) for mask in MASKS):
            flags.append(f"A sentence of the reply in {reply.case_id} was left out: it holds personal data.")
        elif len(kept) < SENTENCES_MOST and not _is_said(sentence, kept):
            kept.append(sentence)
    return kept, flags


def _stated(replies: Sequence[DraftSource]) -> Iterator[tuple[DraftSource, str]]:
    """What states a fact, without greeting and regret."""
    for reply in replies:
        for sentence in split_sentences(without_marks(reply.text)):
            claim = claim_of(sentence)
            if claim:
                yield reply, claim[0].upper() + claim[1:]


def _distinct(texts: Sequence[str], besides: str) -> list[str]:
    kept: list[str] = []
    for text in texts:
        line = " ".join(text.split())
        if line and not _is_said(line, [besides, *kept]):
            kept.append(line)
    return kept


def _is_said(sentence: str, before: Sequence[str]) -> bool:
    return any(overlap(sentence, one) >= _SAID_BEFORE for one in before)


def _as_title(text: str) -> str:
    """The first line, cut between words."""
    line = " ".join(text.split()).rstrip(".") or "Untitled"
    return line if len(line) <= _TITLE_MOST else line[:_TITLE_MOST].rsplit(" ", 1)[0]
