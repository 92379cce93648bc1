"""PDF files by pypdf: the text of their pages, without running heads and page numbers."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.errors import UnreadableSource
from core.knowledge.document import Document
from core.knowledge.readers.text_file import text_document

_PAGE_NUMBER = re.compile(r"^\W*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*$", re.IGNORECASE)
_REPEATED_FROM = 3  # pages: a line on at least this many, and on most, is a running head
_SPLIT_WORD = re.compile(r"([a-z])-\n([a-z])")


def read_pdf(path: Path) -> list[Document]:
    """One document. Title: the file's own title, else a short first line, else the file's name.

    Raises UnreadableSource for a file that is damaged, locked by a password, or only holds images.
    """
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every flaw it then reads around
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableSource(path, "it is locked by a password; save it without one")
        pages = [page.extract_text() for page in reader.pages]
        title = str((reader.metadata or {}).get("/Title") or "").strip()
    except (PyPdfError, OSError, ValueError, KeyError, RecursionError) as error:
        if isinstance(error, UnreadableSource):
            raise
        raise UnreadableSource(path, f"it is not a readable PDF ({error})") from error
    text = _joined(pages)
    if not text.strip():
        raise UnreadableSource(path, "it holds no text; if it is a scan, run text recognition on it first")
    document = text_document(text, path)
    return [replace(document, title=title) if title else document]


def _joined(pages: Sequence[str]) -> str:
    """The pages' lines in one text, paragraphs apart where a line ends a sentence early."""
    seen = Counter(line for page in pages for line in {line.strip() for line in page.splitlines()})
    repeated = {line for line, count in seen.items() if count >= max(_REPEATED_FROM, len(pages) / 2)}
    lines = [
        line.strip()
        for page in pages
        for line in page.splitlines()
        if line.strip() not in repeated and not _PAGE_NUMBER.match(line.strip())
    ]
    return _SPLIT_WORD.sub(r"\1\2", "\n".join(_with_paragraphs(lines)))


def _with_paragraphs(lines: Sequence[str]) -> list[str]:
    """A blank line after each line that ends a sentence well short of the usual width."""
    full = max((len(line) for line in lines), default=0)
    spaced: list[str] = []
    for line in lines:
        spaced.append(line)
        if line.endswith((".", "!", "?", ":")) and len(line) < 0.8 * full:
            spaced.append("")
    return spaced
