"""Markdown files, front matter respected."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import frontmatter
import yaml

from core.errors import UnreadableSource
from core.knowledge.document import Document
from core.knowledge.readers.markdown_blocks import markdown_blocks
from core.knowledge.readers.text_file import read_text, title_from_name

_OWN_FIELDS = ("id", "title", "url")


def read_markdown(path: Path) -> list[Document]:
    """One document. Title: front matter, else the first heading, else the file's name.

    Every other front matter field becomes an attribute. Raises UnreadableSource.
    """
    try:
        fields, body = frontmatter.parse(read_text(path))
    except yaml.YAMLError as error:
        raise UnreadableSource(path, f"its front matter is not YAML ({_where(error)})") from error
    if not isinstance(fields, Mapping):
        raise UnreadableSource(path, "its front matter is not a list of fields such as `title: ...`")
    blocks = markdown_blocks(body)
    headings = [block.text for block in blocks if block.kind == "heading"]
    own = {name: str(fields[name]).strip() for name in _OWN_FIELDS if fields.get(name) not in (None, "")}
    document = Document(
        id=own.get("id"),
        title=own.get("title") or (headings[0] if headings else title_from_name(path)),
        url=own.get("url"),
        blocks=blocks,
        text=body.strip(),
        attributes={
            str(name): str(value) for name, value in fields.items() if name not in _OWN_FIELDS and value is not None
        },
    )
    return [document]


def _where(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 2}" if mark else "see its first lines"
