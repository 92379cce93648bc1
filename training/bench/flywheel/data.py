"""The data set of a flywheel run: passages as articles, conversations with what is right about them, rated replies.

    passages.jsonl     {id, title, text}
    queries.jsonl      {id, turns: ["U: ...", "S: ..."], gold: [passage ids], reply, group, split}
    preferences.jsonl  {query_id, split, chosen, rejected, margin}     optional

Passages are read as training/bench/rated_replies.py does. Every article gets an address besides, so that a report of
missing knowledge can name it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.errors import ConfigurationError
from core.values import Turn
from training.bench.rated_replies import RatedPair, article_lines, read_lines, read_pairs

SITE = "https://knowledge.example/"
SEED = "seed"
LIVE = ("live1", "live2", "live3", "live4", "live5")
SCORED = ("heldout", "dev")  # the first of these that the folder has is scored, and used for nothing else


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
    for row in _rows(folder / "queries.jsonl"):
        if row["gold"]:
            splits.setdefault(row["split"], []).append(_query(row))
    if SEED not in splits or not any(name in splits for name in SCORED):
        raise ConfigurationError(
            f"{folder / 'queries.jsonl'} has the splits {', '.join(sorted(splits))}; "
            f"it needs {SEED} and one of {', '.join(SCORED)}."
        )
    drawn = {name: tuple(_drawn(some, limit, f"{seed}:{name}")) for name, some in splits.items()}
    return DataSet(folder, drawn, _pairs(folder))


def write_articles(folder: Path, out: Path) -> Path:
    """The passages of the data set as JSON lines that `aitl ingest` reads, written to `out`."""
    articles = (json.loads(line) for line in article_lines(folder))
    out.write_text("".join(json.dumps({**one, "url": address_of(one["id"])}) + "\n" for one in articles), "utf-8")
    return out


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


def _pairs(folder: Path) -> dict[str, tuple[RatedPair, ...]]:
    pairs: dict[str, list[RatedPair]] = {}
    for pair in read_pairs(folder) if (folder / "preferences.jsonl").is_file() else ():
        pairs.setdefault(pair.query_id, []).append(pair)
    return {query_id: tuple(some) for query_id, some in pairs.items()}


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        return list(read_lines(path))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror}); give the folder of a data set.") from error
