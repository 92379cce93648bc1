"""JSON lines: one article a line, `{"id", "title", "text", "url"}`; text may be plain, Markdown or HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from bs4 import BeautifulSoup

from core.errors import UnreadableSource
from core.knowledge.document import Block, Document
from core.knowledge.readers.html import html_as_markdown
from core.knowledge.readers.markdown_blocks import markdown_blocks
from core.knowledge.readers.text_file import read_text, text_blocks

_OWN_FIELDS = ("id", "title", "text", "url")
_HTML = re.compile(r"</?(?:p|br|div|ul|ol|li|h[1-6]|table|strong|em|span|a)\b[^>]*>", re.IGNORECASE)
_MARKDOWN = re.compile(r"^#{1,6} \S|^\|.*\|\s*$|\[[^\]]+\]\([^)]+\)|\*\*\S", re.MULTILINE)


def read_jsonl(path: Path) -> list[Document]:
    """One document per line that is not blank. Raises UnreadableSource, naming the line, if any cannot be used."""
    return [_document(path, number, line) for number, line in enumerate(read_text(path).split("\n"), 1) if line.strip()]


def _document(path: Path, number: int, line: str) -> Document:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UnreadableSource(path, f"line {number} is not JSON ({error.msg})") from error
    if not isinstance(row, Mapping):
        raise UnreadableSource(path, f'line {number} is not an object such as {{"id": ..., "text": ...}}')
    for name in ("id", "text"):
        if not isinstance(row.get(name), str | int) or not str(row[name]).strip():
            raise UnreadableSource(path, f"line {number} has no {name}")
    text = str(row["text"]).strip()
    extra = {str(name): str(value) for name, value in row.items() if name not in _OWN_FIELDS and value is not None}
    title = str(row.get("title") or "").strip() or str(row["id"])
    url = str(row.get("url") or "").strip() or None
    return Document(str(row["id"]).strip(), title, url, _blocks(text), text, extra)


def _blocks(text: str) -> tuple[Block, ...]:
    if _HTML.search(text):
        return markdown_blocks(html_as_markdown(BeautifulSoup(text, "lxml")))
    return markdown_blocks(text) if _MARKDOWN.search(text) else text_blocks(text)
