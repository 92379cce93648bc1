"""The retriever's loss: InfoNCE over judged snippets and those of other questions, as far as these can be negatives.

For a question q with its helpful snippet p, of weight w:

    loss = -w · log( e^{s·cos(q,p)} / (e^{s·cos(q,p)} + Σ e^{s·cos(q,n)}) )         (van den Oord et al. 2018, eq. 4)

n runs over the question's own irrelevant snippets and, in the batch, over all snippets of other questions except those
that helped with a like question: nobody said that they do not answer this one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

NOTHING = -1  # the number of a snippet that only fills a column


def make_ranking_loss(model: Any, scale: float, helpful: Mapping[int, frozenset[int]]) -> Module:
    """A loss module for rows (anchor, positive, negative_1, ..., negative_n) with the label of `row_label`.

    `helpful`: by group of like questions, the numbers of the snippets that helped with one of them.
    """
    import torch
    from sentence_transformers.base.losses.merged_forward import embed_columns
    from torch.nn.functional import normalize

    class RankingLoss(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
            columns = [normalize(one, dim=-1) for one in embed_columns(self.model, sentence_features)]
            weights, numbers = labels[:, 0], labels[:, 1:].long()
            logits = scale * columns[0] @ torch.cat(columns[1:]).T  # (batch, (1 + n) · batch)
            logits = logits.masked_fill(self._silent(numbers).to(logits.device), -torch.inf)
            own = torch.arange(len(numbers), device=logits.device)
            losses = torch.logsumexp(logits, dim=1) - logits[own, own]
            return (weights * losses).sum() / weights.sum()

        @staticmethod
        def _silent(numbers: Tensor) -> Tensor:
            """True where a snippet says nothing about a question. Shape as the logits."""
            groups, snippets = numbers[:, 0].tolist(), numbers[:, 1:].T.reshape(-1).tolist()
            rows = [
                [
                    snippet == NOTHING or (place != row and snippet in helpful[group])
                    for place, snippet in enumerate(snippets)
                ]
                for row, group in enumerate(groups)
            ]
            return torch.tensor(rows)

    return RankingLoss()


def row_label(weight: float, group: int, positive: int, negatives: Iterable[int]) -> list[float]:
    """What the loss is told of a row besides its texts: whole numbers below 2^24 survive as 32-bit floats."""
    return [weight, float(group), float(positive), *map(float, negatives)]
