"""How often a preference points the wrong way, measured where several agents judged the same two drafts.

If each label is wrong with probability e, independently, two agents disagree with probability d = 2e(1-e), so

    e = (1 - sqrt(1 - 2d)) / 2

which is what robust DPO takes as its label smoothing (arXiv:2403.00409, eq. 12).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from math import sqrt
from typing import Any

# At .5 a label says nothing and the loss divides by zero.
MOST_NOISE = 0.4
# Disagreements that stand for what is believed before any is seen: 2 in 10, a noise of .11.
_PRIOR_DISAGREEMENTS, _PRIOR_PAIRS = 2.0, 10.0


def label_noise(preferences: Iterable[Mapping[str, Any]]) -> float:
    """The share of preference rows that point the wrong way, in [0, MOST_NOISE]; .11 where nothing was judged twice.

    Rows of one case with the same two texts are judgements of different agents, because a later choice of one agent
    replaces the earlier. Shrunk towards the prior, so that the first disagreement does not turn everything over.
    """
    directions: dict[tuple[str, frozenset[str]], list[str]] = defaultdict(list)
    for row in preferences:
        directions[row["case_id"], frozenset((row["chosen"], row["rejected"]))].append(row["chosen"])
    pairs = [one != other for chosen in directions.values() for one, other in combinations(chosen, 2)]
    disagreement = (sum(pairs) + _PRIOR_DISAGREEMENTS) / (len(pairs) + _PRIOR_PAIRS)
    return min(MOST_NOISE, (1 - sqrt(max(0.0, 1 - 2 * disagreement))) / 2)
