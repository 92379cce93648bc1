"""The sample knowledge base and cases of a fictional home-rental marketplace, shipped with the package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.values import Turn

_FOLDER = Path(__file__).parent
_URL = "https://help.maplekey.example/articles/{id}"


@dataclass(frozen=True, slots=True)
class SampleCase:
    """One conversation, the articles that answer it (none where nothing does), and a good human reply."""

    id: str
    turns: tuple[Turn, ...]  # the last is the customer's
    articles: tuple[str, ...]
    reply: str
    tags: frozenset[str]
    language: str  # ISO 639-1
    persona: str  # "guest" or "host"

    @property
    def urls(self) -> tuple[str, ...]:
        """The addresses of the articles that answer it."""
        return tuple(_URL.format(id=article) for article in self.articles)


def sample_articles_dir() -> Path:
    """The folder of Markdown articles, for `ingest`."""
    return _FOLDER / "articles"


def sample_cases() -> list[SampleCase]:
    """All sample cases, in a stable order."""
    return [_case(row) for row in _rows()]


def _rows() -> Iterator[dict[str, Any]]:
    for path in sorted(_FOLDER.glob("cases-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def _case(row: dict[str, Any]) -> SampleCase:
    turns = tuple(Turn(turn["role"], turn["text"], key=str(place)) for place, turn in enumerate(row["turns"]))
    return SampleCase(
        id=row["id"],
        turns=turns,
        articles=tuple(row["articles"]),
        reply=row["reply"],
        tags=frozenset(row["tags"]),
        language=row["language"],
        persona=row["persona"],
    )
