"""Markdown as blocks: markdown-it reads it, here its tokens become plain lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.knowledge.document import Block

_WITH_TEXT = ("text", "code_inline")


def markdown_blocks(text: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text (CommonMark with tables), in order; blank text gives ()."""
    walk = _Walk()
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        walk.take(token)
    return tuple(walk.blocks)


@dataclass
class _Walk:
    """Where in the document the reading stands."""

    blocks: list[Block] = field(default_factory=list)
    markers: list[str] = field(default_factory=list)  # of the lists that are open, outermost first
    fresh_item: bool = False  # the next paragraph is the item's own line
    heading: int = 0
    header: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    in_table: bool = False

    def take(self, token: Token) -> None:
        """Read one token."""
        if token.type == "inline":
            self._take_text(_plain(token.children or []))
        elif token.type in ("fence", "code_block"):
            self._take_text(" ".join(token.content.split()))
        elif token.type == "html_block":
            self._take_text(" ".join(BeautifulSoup(token.content, "lxml").get_text(" ").split()))
        elif token.type == "heading_open":
            self.heading = int(token.tag[1:])
        elif token.type.startswith(("bullet_list", "ordered_list", "list_item")):
            self._take_list(token)
        elif token.type in ("table_open", "table_close", "thead_close", "tr_open", "tr_close"):
            self._take_table(token)

    def _take_list(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.markers.append("-")
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.markers.pop()
        elif token.type == "list_item_open":
            self.markers[-1] = f"{token.info}." if token.info else "-"
            self.fresh_item = True

    def _take_table(self, token: Token) -> None:
        if token.type == "tr_open":
            self.cells = []
        elif token.type == "thead_close":
            self.header = self.cells
        elif token.type == "tr_close" and self.header:
            self.blocks.append(Block("row", table_row(self.header, self.cells)))
        elif token.type in ("table_open", "table_close"):
            self.in_table, self.header = token.type == "table_open", []

    def _take_text(self, text: str) -> None:
        if self.in_table:
            self.cells.append(text)
        elif not text:
            return
        elif self.heading:
            self.blocks.append(Block("heading", text, self.heading))
            self.heading = 0
        elif self.markers and self.fresh_item:
            self.blocks.append(Block("item", text, len(self.markers) - 1, self.markers[-1]))
            self.fresh_item = False
        else:
            self.blocks.append(Block("paragraph", text))


def table_row(header: Sequence[str], cells: Sequence[str]) -> str:
    """One row that can be read alone: "Under 2: Infant", or "Under 2 – Counted as: Infant; Fee: never"."""
    named = [(name, cell) for name, cell in zip(header, cells, strict=False) if cell]
    if not named:
        return ""
    if len(header) == 2 and len(named) == 2:
        return f"{named[0][1]}: {named[1][1]}"
    rest = "; ".join(f"{name}: {cell}" if name else cell for name, cell in named[1:])
    return f"{named[0][1]} – {rest}" if rest else named[0][1]


def _plain(children: Sequence[Token]) -> str:
    """The words, line by line: links keep their text, images and inline HTML tags go."""
    words = [
        child.content if child.type in _WITH_TEXT else "\n" if child.type in ("softbreak", "hardbreak") else ""
        for child in children
    ]
    return "\n".join(" ".join(line.split()) for line in "".join(words).strip().split("\n"))
