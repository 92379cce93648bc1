"""What every reader makes of a source: a document of plain-text blocks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

BlockKind = Literal["heading", "paragraph", "item", "row"]

# Part of every content hash: raising it makes the next ingest read everything anew.
READING_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, one item of a list or one row of a table, without markup.

    A reader keeps the line breaks of its source; `without_boilerplate` makes one line of them.
    """

    kind: BlockKind
    text: str
    level: int = 0  # heading: 1..6; item: depth from 0
    marker: str = "-"  # item: "-" or "3."


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it was read."""

    id: str | None  # None where the source names none: then its path does
    title: str
    url: str | None
    blocks: tuple[Block, ...]
    text: str  # Markdown
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def content_hash(self) -> str:
        """Changes when anything a reader of the article could see has changed."""
        content = [READING_VERSION, self.title, self.url, self.text, sorted(self.attributes.items())]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()

    @property
    def superseded_by(self) -> str | None:
        """The article that replaces this one, if it is kept only so that old links explain themselves."""
        return self.attributes.get("superseded_by") or None


def render(blocks: Iterable[Block]) -> str:
    """The blocks as Markdown."""
    lines: list[str] = []
    before: Block | None = None
    for block in blocks:
        if before is not None and not (before.kind == block.kind and block.kind in ("item", "row")):
            lines.append("")
        lines.append(_line(block))
        before = block
    return "\n".join(lines)


def _line(block: Block) -> str:
    if block.kind == "heading":
        return f"{'#' * block.level} {block.text}"
    if block.kind == "item":
        return f"{'  ' * block.level}{block.marker} {block.text}"
    return f"- {block.text}" if block.kind == "row" else block.text
