"""Draw rows in proportion to their weights, so that trainers without weights of their own respect them.

TRL's trainers ignore every column but their own. Changing their losses would tie this project to their insides, which
move with every release; rows drawn in proportion to a weight give, on average, the gradient of the weighted loss, for
SFT, DPO, KTO and ORPO alike, and a checkpoint of such a run resumes like any other.
"""

from __future__ import annotations

import random
from collections.abc import Sequence


def weighted_draws(weights: Sequence[float], count: int, seed: int) -> list[int]:
    """`count` places of rows, shuffled; row i comes floor or ceil of count * weights[i] / sum(weights) times.

    Systematic resampling (Kitagawa 1996): the least spread that is unbiased. Equal weights and a count of one, two ...
    times the rows give each row once, twice ... Weights are not negative; with none above 0 nothing is drawn.
    """
    total = sum(weights)
    if total <= 0:
        return []
    chance = random.Random(seed)
    # Each row owns a stretch of the line as long as its weight; evenly spaced needles with one random offset hit them.
    order = list(range(len(weights)))
    chance.shuffle(order)
    step = total / count if count else total
    needle, reached = chance.random() * step, 0.0
    drawn: list[int] = []
    for place in order:
        reached += weights[place]
        while needle < reached and len(drawn) < count:
            drawn.append(place)
            needle += step
    while len(drawn) < count:  # the last needle may fall off the end by rounding
        drawn.append(next(place for place in reversed(order) if weights[place] > 0))
    chance.shuffle(drawn)
    return drawn
