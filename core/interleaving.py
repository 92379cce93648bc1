"""Team-draft interleaving: two rankings become one list, in which each side has as many places as the other.

Radlinski, Kurup and Joachims (2008), How Does Clickthrough Data Reflect Retrieval Quality?, section 5.2. In every
round a coin decides who picks first; each side then picks the best of its own that nobody has picked yet. What people
find helpful afterwards is to the credit of the side that picked it, and position favours neither.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Sequence
from typing import Literal, TypeVar

T = TypeVar("T")
Side = Literal["champion", "challenger"]
SIDES: tuple[Side, Side] = ("champion", "challenger")


def team_draft(
    champion: Sequence[T], challenger: Sequence[T], k: int, seed: int, key: Callable[[T], Hashable]
) -> list[tuple[Side, T]]:
    """The first k of both rankings, each once, with the side that picked it; fewer where both together hold fewer.

    `key`: two items with the same key are the same, and stand as the side that picked them has them.
    """
    coin = random.Random(f"{seed}:interleave")
    rankings = {"champion": champion, "challenger": challenger}
    picked: dict[Hashable, tuple[Side, T]] = {}
    while True:
        before = len(picked)
        for side in coin.sample(SIDES, 2):
            best = next((one for one in rankings[side] if key(one) not in picked), None)
            if best is not None and len(picked) < k:
                picked[key(best)] = (side, best)
        if len(picked) == before:
            return list(picked.values())
