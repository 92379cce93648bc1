"""The data set of a flywheel run: passages as articles, conversations with what is right about them, rated replies.

    passages.jsonl     {id, title, text}
    queries.jsonl      {id, turns: ["U: ...", "S: ..."], gold: [passage ids], reply, group, split}
    preferences.jsonl  {query_id, split, chosen, rejected, margin}     optional

A title "Subject: question" is read as an article about the subject with a section of that name, as a help centre has
them. Every article gets an address, so that a report of missing knowledge can name it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.errors import ConfigurationError
from core.values import Turn

SITE = "https://knowledge.example/"
SEED = "seed"
LIVE = ("live1", "live2", "live3", "live4", "live5")
SCORED = ("heldout", "dev")  # the first of these that the folder has is scored, and used for nothing else
_STRONGEST = 5.0  # points of ten by which two mean ratings differ where a preference counts fully


@dataclass(frozen=True, slots=True)
class Query:
    """A conversation whose last turn is the question. `gold`: ids of the passages that answer it.

    `group`: conversations of one group are not independent. `reply`: what a person answered.
    """

    id: str
    turns: tuple[Turn, ...]
    gold: frozenset[str]
    reply: str
    group: str
    split: str


@dataclass(frozen=True, slots=True)
class RatedPair:
    """Two replies to one query, the better one first. `margin`: by how much, in (0, 1]."""

    chosen: str
    rejected: str
    margin: float


@dataclass(frozen=True, slots=True)
class DataSet:
    """`splits`: queries in the order in which they are asked. `pairs`: by query id, of those that were rated."""

    folder: Path
    splits: Mapping[str, tuple[Query, ...]]
    pairs: Mapping[str, tuple[RatedPair, ...]]

    @property
    def scored(self) -> str:
        """The name of the split that is scored."""
        return next(name for name in SCORED if self.splits.get(name))


def read_data(folder: Path, limit: int | None = None, seed: int = 0) -> DataSet:
    """The queries of each split in an order drawn by `seed`, at most `limit` of each.

    Raises ConfigurationError where a file or a split is missing.
    """
    splits: dict[str, list[Query]] = {}
    for row in _read(folder / "queries.jsonl"):
        if row["gold"]:
            splits.setdefault(row["split"], []).append(_query(row))
    if SEED not in splits or not any(name in splits for name in SCORED):
        raise ConfigurationError(
            f"{folder / 'queries.jsonl'} has the splits {', '.join(sorted(splits))}; "
            f"it needs {SEED} and one of {', '.join(SCORED)}."
        )
    drawn = {name: tuple(_drawn(some, limit, f"{seed}:{name}")) for name, some in splits.items()}
    return DataSet(folder, drawn, _pairs(folder / "preferences.jsonl"))


def write_articles(folder: Path, out: Path) -> Path:
    """The passages of the data set as JSON lines that `aitl ingest` reads, written to `out`."""
    rows = (article_of(row) for row in _read(folder / "passages.jsonl"))
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return out


def article_of(passage: Mapping[str, str]) -> dict[str, str]:
    """A passage as a line that `aitl ingest` reads."""
    subject, colon, question = passage["title"].partition(": ")
    text = f"## {question}\n\n{passage['text']}" if colon else passage["text"]
    return {"id": passage["id"], "title": subject, "text": text, "url": address_of(passage["id"])}


def address_of(passage_id: str) -> str:
    """Where the article of that passage would be read."""
    return SITE + quote(passage_id)


def sample_of(queries: Sequence[Query], size: int, seed: int) -> list[Query]:
    """A fixed sample, in the order of the queries; all where there are no more."""
    if len(queries) <= size:
        return list(queries)
    places = sorted(random.Random(f"{seed}:sample").sample(range(len(queries)), size))
    return [queries[place] for place in places]


def _query(row: Mapping[str, Any]) -> Query:
    turns = tuple(Turn("agent" if one.startswith("S:") else "customer", one[2:].strip()) for one in row["turns"])
    return Query(str(row["id"]), turns, frozenset(row["gold"]), row["reply"], str(row["group"]), row["split"])


def _drawn(queries: Sequence[Query], limit: int | None, seed: str) -> list[Query]:
    shuffled = random.Random(seed).sample(list(queries), len(queries))
    return shuffled if limit is None else shuffled[:limit]


def _pairs(path: Path) -> dict[str, tuple[RatedPair, ...]]:
    pairs: dict[str, tuple[RatedPair, ...]] = {}
    for row in _read(path) if path.is_file() else ():
        pair = RatedPair(row["chosen"], row["rejected"], min(1.0, float(row["margin"]) / _STRONGEST))
        pairs[row["query_id"]] = (*pairs.get(row["query_id"], ()), pair)
    return pairs


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror}); give the folder of a data set.") from error
