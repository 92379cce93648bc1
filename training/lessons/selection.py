"""Which cases to learn from where there are more than there is time for: the difficult and well-judged, and old wins.

Star-Agents (arXiv:2411.14497, section 3.3) keeps what a weak model finds hard and a strong one does not. Departures:

1. The weak model compares words, and the strong one is the agent who judged: two models over all rows would cost more
   than what is saved. A row is hard where words alone would have judged otherwise.
2. How much a row can be trusted is the judge's weight and the strength that the agent gave, not another model's score.
3. The n-th case that asks the same counts one n-th: a hundred copies teach little more than one.
4. A share is kept for adopted replies drawn evenly over all of the past, however easy, so that new cases do not push
   out what was once won (replay).

A case is taken whole or not at all: its rows lean on each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from core.words import content_stems, coverage
from training.lessons.weighted_draws import weighted_draws

Row = dict[str, Any]
REPLAY_SHARE = 0.3
_EASY_COUNTS = 0.5  # beside 1.5 for the hardest: what is easy still tells how good replies read


def selected(rows: Sequence[Row], most: int, seed: int = 0) -> list[Row]:
    """At most that many of the rows, in their order; all of them where they are no more.

    Rows of any kind of training/datasets.py, those of each kind oldest first.
    """
    if len(rows) <= most:
        return list(rows)
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_case[row["case_id"]].append(row)
    taken: set[str] = set()
    for_replay = int(most * REPLAY_SHARE)
    unused = _take(_replayed(by_case, for_replay, seed), by_case, taken, for_replay)
    _take(_by_worth(by_case), by_case, taken, most - for_replay + unused)
    return [row for row in rows if row["case_id"] in taken]


def difficulty(row: Row) -> float:
    """How far a judge who only compares words would be from the agent's verdict, in [0, 1]."""
    if "text" in row:  # relevance
        return abs(float(row["label"]) - coverage(content_stems(row["query"]), content_stems(row["text"])))
    if "chosen" in row:
        asked = content_stems(_question(row))
        ahead = coverage(asked, content_stems(row["chosen"])) - coverage(asked, content_stems(row["rejected"]))
        return (1 - ahead) / 2
    shown = row["screen"]["shown"]
    copied = coverage(content_stems(row["completion"]), content_stems(shown[0]["text"])) if shown else 0.0
    return 1 - copied if row.get("label", True) else copied


def _question(row: Row) -> str:
    return str(row["query"] if "query" in row else row["screen"]["query"])


def _replayed(by_case: dict[str, list[Row]], room: int, seed: int) -> list[str]:
    """Adopted cases, evenly over the past: about as many as fit."""
    adopted = [case for case, some in by_case.items() if any(_is_adopted(row) for row in some)]
    rows = sum(len(by_case[case]) for case in adopted)
    count = min(len(adopted), round(room * len(adopted) / rows)) if rows else 0
    return [adopted[place] for place in weighted_draws([1.0] * len(adopted), count, seed)]


def _is_adopted(row: Row) -> bool:
    return "completion" in row and bool(row.get("label", True))


def _by_worth(by_case: dict[str, list[Row]]) -> list[str]:
    """The best first; of equal ones the newer, and of those that ask the same the newest counts in full."""
    asked: Counter[frozenset[str]] = Counter()
    worth: dict[str, float] = {}
    for case in reversed(by_case):
        some = by_case[case]
        question = frozenset(content_stems(_question(some[0])))
        asked[question] += 1
        worth[case] = sum(_worth(row) for row in some) / len(some) / asked[question]
    return sorted(worth, key=lambda case: -worth[case])


def _worth(row: Row) -> float:
    return float(row["weight"] * row.get("margin", 1.0) * (_EASY_COUNTS + difficulty(row)))


def _take(cases: Sequence[str], by_case: dict[str, list[Row]], taken: set[str], room: int) -> int:
    """Add to `taken` each case that still fits; what is left of the room."""
    for case in cases:
        if case not in taken and len(by_case[case]) <= room:
            taken.add(case)
            room -= len(by_case[case])
    return room
