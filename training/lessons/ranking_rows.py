"""Preference and adoption rows as the response ranker reads them: the features of the drafts that they compare.

Rows of one screen are read together: its snippets are looked at once, and a draft that stands in several rows too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checker.lexical import LexicalChecker
from core.ports import DraftRequest, Embedder, Ranker
from core.response_ranker.features import FEATURES
from core.response_ranker.lookup import Lookup
from core.response_ranker.ranker import describe
from core.values import Draft
from training.lessons.kept_features import KeptFeatures
from training.lessons.screens import DraftValue, draft_of, foreign_draft, request_of

Row = dict[str, Any]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Screenful:
    """One screen with the drafts that rows compare on it; `places` says which row compares which.

    They are read only where somebody asks for them.
    """

    screen: Row
    values: tuple[DraftValue, ...]
    places: tuple[tuple[int, tuple[int, ...]], ...]  # (row, drafts of it): chosen and rejected, or one alone

    @cached_property
    def request(self) -> DraftRequest:
        """What the drafts were written for."""
        return request_of(self.screen)

    @cached_property
    def drafts(self) -> list[Draft]:
        """Checked against the screen."""
        return [draft_of(value, self.request, LexicalChecker()) for value in self.values]


def screenfuls(rows: Sequence[Row]) -> Iterator[Screenful]:
    """The rows gathered by screen, in the order of their first row; drafts in the order in which they were written."""
    together: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        together.setdefault(json.dumps(row["screen"], sort_keys=True), []).append(place)
    for places in together.values():
        values = sorted((value for place in places for value in drafts_in(rows[place])), key=_as_written)
        numbers = {key: number for number, key in enumerate(dict.fromkeys(map(_key, values)))}
        first = {_key(value): value for value in reversed(values)}
        yield Screenful(
            screen=rows[places[0]]["screen"],
            values=tuple(first[key] for key in numbers),
            places=tuple((place, tuple(numbers[_key(one)] for one in drafts_in(rows[place]))) for place in places),
        )


def _as_written(value: DraftValue) -> tuple[int, str]:
    return value["place"], value["text"]


def _key(value: DraftValue) -> tuple[str, str]:
    return value["text"], value["style"]


def drafts_in(row: Row) -> list[DraftValue]:
    """The drafts of a preference, the chosen one first; or the one that was used or refused."""
    if "chosen" not in row:
        return [row.get("draft") or foreign_draft(row["completion"])]
    return [row.get(f"{side}_draft") or foreign_draft(row[side]) for side in ("chosen", "rejected")]


def described_rows(
    rows: Sequence[Row],
    embedder: Embedder,
    lookup: Lookup | None,
    kept: KeptFeatures,
    after: Callable[[int], None],
) -> Floats:
    """The features of both drafts of each row: shape (rows, 2, features); a row with one draft has zeros in the second.

    What is not in `kept` is read and added. `after` is called after each screen with the number of rows read, and may
    raise.
    """
    table, done = np.zeros((len(rows), 2, len(FEATURES))), 0
    for one in screenfuls(rows):
        keys = kept.keys(one.screen, one.values)
        new = [number for number, key in enumerate(keys) if kept.get(key) is None]
        if new:
            found = describe(one.request, [one.drafts[number] for number in new], embedder, lookup)
            for number, features in zip(new, found, strict=True):
                kept.add(keys[number], features)
        for place, numbers in one.places:
            for side, number in enumerate(numbers):
                table[place, side] = kept.get(keys[number])
        done += len(one.places)
        after(done)
    return table


def preferred_shares(ranker: Ranker, rows: Sequence[Row]) -> list[float]:
    """Per preference 1.0 where the ranker puts the chosen draft first, 0.0 where last, 0.5 where it cannot tell.

    Their mean is the pairwise accuracy. Works with any ranker.
    """
    shares = [0.5] * len(rows)
    for screenful in screenfuls(rows):
        scores = ranker.score(screenful.request, screenful.drafts)
        for place, (chosen, rejected) in screenful.places:
            shares[place] = 0.5 + 0.5 * float(np.sign(scores[chosen] - scores[rejected]))
    return shares
