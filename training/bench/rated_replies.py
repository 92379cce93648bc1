"""Rated replies of a data set's conversations as preference rows, over the snippets that a pipeline shows.

`passages.jsonl` {id, title, text}, `queries.jsonl` {id, turns, gold, group, split} and `preferences.jsonl`
{query_id, split, chosen, rejected, margin}. A title "Subject: question" is read as an article about the subject with
a section of that name, as a help centre has them. The right passages serve only to say where a pair belongs when it
is counted: what a ranker is handed never holds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.exports import conversation
from core.ports import DraftRequest, Embedder, Reranker
from core.response_ranker.ranker import supporting_places
from core.retrieval.rerank import KeepOrderReranker
from core.retrieval.retriever import ConversationRetriever
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, RankedSnippet, Turn
from training.lessons.ranking_rows import Row
from training.lessons.screens import screen_of

STRONGEST = 5.0  # points of ten by which two mean ratings differ where a preference counts fully


@dataclass(frozen=True, slots=True)
class RatedPair:
    """Two replies to one conversation, the better one named. `gold`: ids of the articles that answer it.

    `group`: pairs of one conversation have the same. `margin`: by how many points of ten the mean ratings differ.
    """

    query_id: str
    turns: tuple[Turn, ...]
    gold: frozenset[str]
    group: str
    split: str
    chosen: str
    rejected: str
    margin: float


@dataclass(frozen=True, slots=True)
class Rated:
    """A preference row, the place of the first right passage (0: none of 75), and whether both rest on the same."""

    row: Row
    place: int
    same_passage: bool


def read_pairs(folder: Path) -> list[RatedPair]:
    """All pairs of the folder, in the order of its preferences.jsonl."""
    queries = {row["id"]: row for row in read_lines(folder / "queries.jsonl")}
    return [_pair(said, queries[said["query_id"]]) for said in read_lines(folder / "preferences.jsonl")]


def rate(
    pairs: Sequence[RatedPair],
    retriever: ConversationRetriever,
    embedder: Embedder,
    reranker: Reranker | None = None,
) -> list[Rated]:
    """Each pair as a row over what this pipeline shows for its conversation; each conversation is searched once.

    `embedder`: the one that drafts are written with.
    """
    together: dict[str, list[int]] = {}
    for number, pair in enumerate(pairs):
        together.setdefault(pair.query_id, []).append(number)
    rated: dict[int, Rated] = {}
    for numbers in together.values():
        some = [pairs[number] for number in numbers]
        rated.update(zip(numbers, _rated(some, retriever, embedder, reranker or KeepOrderReranker()), strict=True))
    return [rated[number] for number in range(len(pairs))]


def _rated(
    pairs: Sequence[RatedPair], retriever: ConversationRetriever, embedder: Embedder, reranker: Reranker
) -> list[Rated]:
    """Those of one conversation."""
    shared, place, request = _screen(pairs[0], retriever, reranker)
    texts = list(dict.fromkeys(text for pair in pairs for text in (pair.chosen, pair.rejected)))
    rests_on = dict(zip(texts, supporting_places(request, texts, embedder), strict=True))
    return [
        Rated(
            row={
                **shared,
                "chosen": pair.chosen,
                "rejected": pair.rejected,
                "margin": min(1.0, pair.margin / STRONGEST),
            },
            place=place,
            same_passage=rests_on[pair.chosen] == rests_on[pair.rejected],
        )
        for pair in pairs
    ]


def _pair(said: dict[str, Any], query: dict[str, Any]) -> RatedPair:
    turns = tuple(Turn("agent" if one.startswith("S:") else "customer", one[2:].strip()) for one in query["turns"])
    return RatedPair(
        query_id=said["query_id"],
        turns=turns,
        gold=frozenset(query["gold"]),
        group=str(query["group"]),
        split=said["split"],
        chosen=said["chosen"],
        rejected=said["rejected"],
        margin=float(said["margin"]),
    )


def _screen(pair: RatedPair, retriever: ConversationRetriever, reranker: Reranker) -> tuple[Row, int, DraftRequest]:
    """The row's shared part, the place of the first right passage, and the screen with the right passages added."""
    found = retriever.search(pair.turns, SNIPPETS_RETRIEVED)
    shown = tuple(reranker.rerank(found.query, found.snippets, SNIPPETS_SHOWN))
    request = DraftRequest(pair.turns, found.query, shown, (), 0)
    row = {"prompt": conversation(pair.turns), "screen": screen_of(request), "weight": 1.0, "case_id": pair.group}
    ranked = [*shown, *(one for one in found.snippets if one.snippet not in {some.snippet for some in shown})]
    places = [place for place, one in enumerate(ranked, 1) if one.snippet.article_id in pair.gold]
    missing = [one for one in retriever.live().snippets if one.article_id in pair.gold]
    added = tuple(
        RankedSnippet(one, SNIPPETS_SHOWN + number, 0.0)
        for number, one in enumerate(missing, 1)
        if one not in {some.snippet for some in shown}
    )
    return row, min(places, default=0), replace(request, shown=shown + added)


def article_lines(folder: Path) -> Iterator[str]:
    """The passages as articles, one JSON line each, to be ingested."""
    for row in read_lines(folder / "passages.jsonl"):
        yield json.dumps(_article(row)) + "\n"


def _article(passage: dict[str, str]) -> dict[str, str]:
    subject, colon, question = passage["title"].partition(": ")
    text = f"## {question}\n\n{passage['text']}" if colon else passage["text"]
    return {"id": passage["id"], "title": subject, "text": text}


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
