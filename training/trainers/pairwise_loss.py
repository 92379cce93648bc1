"""The reranker's loss: of two snippets judged for one question, the helpful one is to have the higher logit.

    loss = w_i · w_j · log(1 + e^{-(s_i - s_j)})                                    (RankNet, Burges et al. 2005, eq. 3)

for each helpful i and irrelevant j of a question, with the weights of both verdicts; the mean by weight over a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from training.trainers.side_by_side import SideBySide

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


def make_pairwise_loss(model: Any, read: SideBySide) -> Module:
    """A loss module for rows (query, snippets) labelled with one weight per snippet, below 0 where irrelevant.

    `read`: how batches go through the model.
    """
    import torch
    from torch.nn.functional import softplus

    class PairwiseLoss(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, inputs: Sequence[Any], labels: Sequence[Tensor], **_: Any) -> Tensor:
            queries, lists = inputs
            logits = pair_logits(
                self.model, [(query, one) for query, some in zip(queries, lists, strict=True) for one in some], read
            )
            sums, weights = [], []
            for scores, signed in zip(torch.split(logits, [len(some) for some in lists]), labels, strict=True):
                helpful, irrelevant = signed.to(scores.device).clamp(min=0), (-signed.to(scores.device)).clamp(min=0)
                pairs = helpful[:, None] * irrelevant[None, :]  # (snippets, snippets)
                sums.append((pairs * softplus(scores[None, :] - scores[:, None])).sum())
                weights.append(pairs.sum())
            return torch.stack(sums).sum() / torch.stack(weights).sum().clamp(min=1e-6)

    return PairwiseLoss()


def pair_logits(model: Any, pairs: Sequence[tuple[str, str]], read: SideBySide) -> Tensor:
    """One logit per pair, shape (len(pairs),); those of a like length go through the model together."""

    def batch_of(some: Sequence[int]) -> dict[str, Any]:
        tokens = model.preprocess([pairs[place] for place in some])
        return {name: one.to(model.device) if hasattr(one, "to") else one for name, one in tokens.items()}

    return read(model, [len(query) + len(text) for query, text in pairs], batch_of, "scores").view(-1).float()
