"""How each row of a batch draws its next token, and when it has to stop: the hooks of `generate` in transformers.

Every row has a random stream of its own, so that what it draws does not depend on the rows beside it.
Nucleus sampling: Holtzman et al., arXiv:1904.09751.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.ports import Sampling

if TYPE_CHECKING:
    from torch import Generator, Tensor

_LIKELIEST = 64  # the nucleus is looked for among these: sorting a whole vocabulary would cost more than the draw


class RowSampler:
    """A logits processor after which the likeliest token of each row is the one that was drawn."""

    def __init__(self, rows: Sequence[Sampling]) -> None:
        """`rows`: how each row of the batch samples."""
        self._rows = rows
        self._generators: list[Generator] = []

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Scores of shape (rows, vocabulary) with all but the drawn tokens at minus infinity; those of greedy rows
        as they came."""
        import torch

        if not self._generators:
            self._generators = [torch.Generator().manual_seed(row.seed % 2**63) for row in self._rows]
        for n, (row, generator) in enumerate(zip(self._rows, self._generators, strict=True)):
            if row.temperature > 0:
                drawn = _draw(scores[n], row, generator)
                scores[n] = torch.full_like(scores[n], -torch.inf)
                scores[n, drawn] = 0.0
        return scores


def _draw(scores: Tensor, row: Sampling, generator: Generator) -> int:
    import torch

    best = torch.topk(scores.float() / row.temperature, min(_LIKELIEST, scores.shape[0]))
    chances = torch.softmax(best.values.cpu(), dim=0)
    before = torch.cumsum(chances, dim=0) - chances
    chances[before >= row.top_p] = 0.0  # the first always stays
    return int(best.indices[int(torch.multinomial(chances, 1, generator=generator))])


class RowLimits:
    """A stopping criterion: each row ends at its own length or deadline."""

    def __init__(self, max_new_tokens: Sequence[int], deadlines_s: Sequence[float], start: int) -> None:
        """`deadlines_s` on the monotonic clock; `start`: how many tokens the prompts have, padding included."""
        self._most, self._deadlines_s, self._start = max_new_tokens, deadlines_s, start
        self.is_late = [False] * len(deadlines_s)

    def __call__(self, input_ids: Tensor, scores: Tensor, **_: object) -> Tensor:
        """Shape (rows,), True where a row is to end."""
        import torch

        now_s, length = time.monotonic(), input_ids.shape[1] - self._start
        ends = []
        for n, (most, deadline_s) in enumerate(zip(self._most, self._deadlines_s, strict=True)):
            self.is_late[n] = self.is_late[n] or (now_s >= deadline_s and length < most)
            ends.append(self.is_late[n] or length >= most)
        return torch.tensor(ends, device=input_ids.device)
