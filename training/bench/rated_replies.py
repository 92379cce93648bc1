"""Rated replies of a data set's conversations as preference rows, over the snippets that the product's search finds.

`passages.jsonl` {id, title, text}, `queries.jsonl` {id, turns, gold, group, split} and `preferences.jsonl`
{query_id, split, chosen, rejected, margin}. A title "Subject: question" is read as an article about the subject with
a section of that name, as a help centre has them. The right passages serve only to say how often the search finds one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.bootstrap import open_store
from core.exports import conversation
from core.ingest_command import ingest_paths
from core.knowledge_base import make_embedder, make_retriever
from core.ports import DraftRequest, Embedder
from core.retrieval.rerank import KeepOrderReranker
from core.retrieval.retriever import ConversationRetriever
from core.settings import Settings
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Turn
from training.lessons.ranking_rows import Row
from training.lessons.screens import screen_of

_STRONGEST = 5.0  # points of ten by which two mean ratings differ where a preference counts fully


@dataclass(frozen=True, slots=True)
class Rated:
    """Preference rows and, for each, its split, its group, and the place of the first right passage (0: none of 75)."""

    rows: list[Row]
    splits: list[str]
    places: list[int]


def read_rated(folder: Path, home: Path) -> tuple[Rated, Embedder]:
    """Ingests the passages into `home` (unchanged ones are skipped), searches for every rated conversation."""
    settings = Settings.from_environment({"AITL_HOME": str(home)})
    home.mkdir(parents=True, exist_ok=True)
    articles = home / "articles.jsonl"
    articles.write_text("".join(json.dumps(_article(row)) + "\n" for row in _read(folder / "passages.jsonl")), "utf-8")
    with open_store(settings) as store:
        embedder = make_embedder(settings)
        ingest_paths([articles], settings, store, embedder)
        return _searched(folder, make_retriever(settings, store.knowledge, embedder)), embedder


def _searched(folder: Path, retriever: ConversationRetriever) -> Rated:
    queries = {row["id"]: row for row in _read(folder / "queries.jsonl")}
    seen: dict[str, tuple[Row, int]] = {}
    rated = Rated([], [], [])
    for said in _read(folder / "preferences.jsonl"):
        query = queries[said["query_id"]]
        if said["query_id"] not in seen:
            seen[said["query_id"]] = _screen(query, retriever)
        shared, place = seen[said["query_id"]]
        margin = min(1.0, float(said["margin"]) / _STRONGEST)
        rated.rows.append({**shared, "chosen": said["chosen"], "rejected": said["rejected"], "margin": margin})
        rated.splits.append(said["split"])
        rated.places.append(place)
    return rated


def _screen(query: dict[str, Any], retriever: ConversationRetriever) -> tuple[Row, int]:
    turns = tuple(Turn("agent" if one.startswith("S:") else "customer", one[2:].strip()) for one in query["turns"])
    found = retriever.search(turns, SNIPPETS_RETRIEVED)
    gold = set(query["gold"])
    right = [one.rank for one in found.snippets if one.snippet.article_id in gold]
    shown = tuple(KeepOrderReranker().rerank(found.query, found.snippets, SNIPPETS_SHOWN))
    screen = screen_of(DraftRequest(turns, found.query, shown, (), 0))
    row = {"prompt": conversation(turns), "screen": screen, "weight": 1.0, "case_id": str(query["group"])}
    return row, min(right, default=0)


def _article(passage: dict[str, str]) -> dict[str, str]:
    subject, colon, question = passage["title"].partition(": ")
    text = f"## {question}\n\n{passage['text']}" if colon else passage["text"]
    return {"id": passage["id"], "title": subject, "text": text}


def _read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
