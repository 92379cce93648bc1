"""Text files: UTF-8, paragraphs between blank lines, list items by their markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from core.errors import UnreadableSource
from core.knowledge.document import Block, Document

_ITEM = re.compile(r"^\s*(?:[-*•‣]|(?P<number>\d{1,3})[.)])\s+(?P<text>\S.*)$")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_TITLE_MOST = 100


def read_text_file(path: Path) -> list[Document]:
    """One document. Title: a short first line that stands alone, else the file's name. Raises UnreadableSource."""
    return [text_document(read_text(path), path)]


def text_document(text: str, path: Path) -> Document:
    """A document from plain text."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    alone = bool(rest) and not rest.split("\n", 1)[0].strip()
    titled = alone and len(first) <= _TITLE_MOST and first[-1:] not in ".!?:;,"
    return Document(
        id=None,
        title=first if titled else title_from_name(path),
        url=None,
        blocks=text_blocks(rest if titled else text),
        text=text.strip(),
    )


def text_blocks(text: str) -> tuple[Block, ...]:
    """Paragraphs and list items of plain text; nothing in it is markup."""
    return tuple(block for paragraph in _BLANK_LINES.split(text.strip()) for block in _blocks(paragraph))


def _blocks(paragraph: str) -> Iterator[Block]:
    lines: list[str] = []
    for line in paragraph.splitlines():
        item = _ITEM.match(line)
        if item and lines:
            yield Block("paragraph", "\n".join(lines))
            lines = []
        if item:
            number = item["number"]
            yield Block("item", " ".join(item["text"].split()), marker=f"{number}." if number else "-")
        elif line.strip():
            lines.append(" ".join(line.split()))
    if lines:
        yield Block("paragraph", "\n".join(lines))


def read_text(path: Path) -> str:
    """The file's text, read as UTF-8. Raises UnreadableSource."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise UnreadableSource(path, f"it is not UTF-8 text (byte {error.start + 1}); save it as UTF-8") from error
    except OSError as error:
        raise UnreadableSource(path, f"it cannot be opened ({error.strerror})") from error


def title_from_name(path: Path) -> str:
    """ "cancel-a_booking.md" gives "Cancel a booking"."""
    words = re.sub(r"[-_\s]+", " ", path.stem).strip() or path.name
    return words[:1].upper() + words[1:]
