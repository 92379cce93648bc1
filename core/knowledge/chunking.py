"""Cut an article into snippets that follow its headings and sentences.

A snippet is what one model window holds: about 120 to 200 tokens, never across two chapters. Small sections are
merged with the next one under the same heading; a long one is cut between sentences, list items or table rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.knowledge.boilerplate import without_boilerplate
from core.knowledge.document import Block
from core.sentences import split_sentences
from core.values import Article, Snippet

CountTokens = Callable[[str], int]

TOKENS_ENOUGH = 120  # a section this long stands alone
TOKENS_MOST = 200  # text of one snippet; with title and section it still fits the model's window of 256
_PATH = " > "
_TOGETHER = "; "


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that must not be cut apart, and their length in tokens."""

    text: str
    tokens: int
    starts_line: bool  # the first sentence of a paragraph, a list item or a table row


@dataclass(frozen=True, slots=True)
class Section:
    """A heading path and the pieces under it."""

    path: tuple[str, ...]
    pieces: tuple[Piece, ...]

    @property
    def tokens(self) -> int:
        """The length of its text."""
        return sum(piece.tokens for piece in self.pieces)


def snippets_of(article: Article, blocks: Iterable[Block], count_tokens: CountTokens) -> list[Snippet]:
    """The article's snippets in reading order, each text once; [] where nothing but boilerplate is left."""
    made: dict[str, Snippet] = {}
    sections = _sections(without_boilerplate(blocks), article.title, count_tokens)
    for path, pieces in _packed(_merged(sections)):
        text = _joined(pieces)
        one = Snippet(
            id=snippet_id(article.id, path, text),
            article_id=article.id,
            article_version=article.version,
            title=article.title,
            section=path,
            url=article.url,
            text=text,
        )
        made.setdefault(one.id, one)
    return list(made.values())


def snippet_id(article_id: str, section: str, text: str) -> str:
    """Stable over re-ingestion: 20 hex digits of a hash of article id, section and text."""
    return hashlib.sha256("\x1f".join((article_id, section, text)).encode()).hexdigest()[:20]


def embedding_text(snippet: Snippet) -> str:
    """What is embedded: title, section path and text."""
    return ". ".join(part for part in (snippet.title, snippet.section, snippet.text) if part)


def _sections(blocks: Sequence[Block], title: str, count_tokens: CountTokens) -> list[Section]:
    """One per heading with text under it. The first heading, if it only repeats the title, is none."""
    sections: list[Section] = []
    headings: list[tuple[int, str]] = []
    under: list[Block] = []
    for block in (*blocks, Block("heading", "", 1)):
        if block.kind != "heading":
            under.append(block)
            continue
        if under:
            path = tuple(text for _, text in headings)
            sections.append(Section(path, tuple(_pieces(under, count_tokens))))
            under = []
        headings = [(level, text) for level, text in headings if level < block.level]
        if block.text.casefold() != title.casefold():
            headings.append((block.level, block.text))
    return sections


def _pieces(blocks: Sequence[Block], count_tokens: CountTokens) -> Iterator[Piece]:
    """Sentences, items and rows; a line that leads in to a list goes with the list's first item."""
    lead = ""
    for place, block in enumerate(blocks):
        listed = block.kind in ("item", "row")
        line = _line(block)
        following = blocks[place + 1].kind if place + 1 < len(blocks) else "paragraph"
        if listed:
            yield from _fitting(f"{lead}\n{line}" if lead else line, True, count_tokens)
            lead = ""
            continue
        sentences = split_sentences(line)
        if sentences and following in ("item", "row") and line.endswith(":"):
            lead = sentences.pop()
        for number, sentence in enumerate(sentences):
            yield from _fitting(sentence, number == 0, count_tokens)


def _line(block: Block) -> str:
    if block.kind == "item":
        return f"{block.marker} {block.text}"
    return f"- {block.text}" if block.kind == "row" else block.text


def _fitting(text: str, starts_line: bool, count_tokens: CountTokens) -> Iterator[Piece]:
    """The text as one piece; in halves, cut between words, where even that is more than a snippet holds."""
    tokens = count_tokens(text)
    words = text.split(" ")
    if tokens <= TOKENS_MOST or len(words) == 1:
        yield Piece(text, tokens, starts_line)
        return
    half = len(words) // 2
    yield from _fitting(" ".join(words[:half]), starts_line, count_tokens)
    yield from _fitting(" ".join(words[half:]), False, count_tokens)


def _merged(sections: Sequence[Section]) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Section path and pieces, small neighbours under one parent put together."""
    group: list[Section] = []
    for section in sections:
        if group and not _fits(group, section):
            yield _label(group), tuple(piece for one in group for piece in one.pieces)
            group = []
        group.append(section)
    if group:
        yield _label(group), tuple(piece for one in group for piece in one.pieces)


def _fits(group: Sequence[Section], section: Section) -> bool:
    tokens = sum(one.tokens for one in group)
    parents = {one.path[:-1] for one in (*group, section)}
    return tokens < TOKENS_ENOUGH and tokens + section.tokens <= TOKENS_MOST and len(parents) == 1


def _label(group: Sequence[Section]) -> str:
    """The common parent's path and the names of the sections in it."""
    parent = group[0].path[:-1]
    names = _TOGETHER.join(dict.fromkeys(one.path[-1] for one in group if one.path))
    return _PATH.join((*parent, *([names] if names else [])))


def _packed(merged: Iterable[tuple[str, tuple[Piece, ...]]]) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Each section in parts that fit, about equally long: a piece goes where its middle falls."""
    for path, pieces in merged:
        total = _tokens(pieces) or 1
        shares = -(-total // TOKENS_MOST)
        part: list[Piece] = []
        share = before = 0
        for piece in pieces:
            here = int((before + piece.tokens / 2) * shares / total)
            if part and (here != share or _tokens(part) + piece.tokens > TOKENS_MOST):
                yield path, tuple(part)
                part = []
            part.append(piece)
            share, before = here, before + piece.tokens
        if part:
            yield path, tuple(part)


def _tokens(pieces: Iterable[Piece]) -> int:
    return sum(piece.tokens for piece in pieces)


def _joined(pieces: Sequence[Piece]) -> str:
    """The pieces as text, one line per paragraph, item or row."""
    lines: list[str] = []
    for piece in pieces:
        if piece.starts_line or not lines:
            lines.append(piece.text)
        else:
            lines[-1] += f" {piece.text}"
    return "\n".join(lines)
