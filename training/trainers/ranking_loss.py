"""The retriever's loss: InfoNCE over judged snippets and those of other questions, as far as these can be negatives.

For a question q and each snippet p that helped with it, of weight w:

    loss = -w · log( e^{s·cos(q,p)} / (e^{s·cos(q,p)} + Σ e^{s·cos(q,n)}) )         (van den Oord et al. 2018, eq. 4)

n runs over the question's own irrelevant snippets and, in the batch, over all snippets of other questions except those
that helped with a like question: nobody said that they do not answer this one. Irrelevant snippets carry their weight
as log w, added to their logit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from training.trainers.side_by_side import SideBySide

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

NOTHING = -1  # the number of a snippet that only fills a column
_NO_RIVAL = -1e4  # not -inf: a question without any rival would have no gradient but "not a number"


def make_ranking_loss(model: Any, scale: float, helpful: Mapping[int, frozenset[int]], read: SideBySide) -> Module:
    """A loss module for rows (anchor, snippet_1, ..., snippet_n) with the label of `row_label`.

    `helpful`: by group of like questions, the numbers of the snippets that helped with one of them. `read`: how batches
    go through the model.
    """
    import torch
    from torch.nn.functional import normalize, softplus

    class RankingLoss(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, sentence_features: Iterable[dict[str, Tensor]], labels: Tensor) -> Tensor:
            columns = [normalize(one, dim=-1) for one in embed_columns(self.model, list(sentence_features), read)]
            snippets = torch.stack(columns[1:], dim=1).flatten(0, 1)  # (batch · n, dim), row by row
            logits = scale * columns[0].float() @ snippets.float().T  # (batch, batch · n)
            verdicts = labels[:, 1:].reshape(len(labels), -1, 2)  # (batch, n, 2): number, signed weight
            numbers, weights = verdicts[..., 0].long(), verdicts[..., 1]
            against = self._against(labels[:, 0].long().tolist(), numbers, weights).to(logits.device)
            rivals = torch.logsumexp(logits + against, dim=1, keepdim=True)  # (batch, 1)
            own = logits.reshape(len(numbers), *numbers.shape).diagonal(dim1=0, dim2=1).T  # (batch, n)
            counted = weights.clamp(min=0)
            return (counted * softplus(rivals - own)).sum() / counted.sum().clamp(min=1e-6)

        @staticmethod
        def _against(groups: Sequence[int], numbers: Tensor, weights: Tensor) -> Tensor:
            """What is added to the logit of a snippet as a rival of the helpful ones: almost -inf where it is none."""
            flat = numbers.reshape(-1).tolist()
            rows = []
            for row, group in enumerate(groups):
                added = [_NO_RIVAL if one == NOTHING or one in helpful.get(group, ()) else 0.0 for one in flat]
                start = row * numbers.shape[1]
                for place, weight in enumerate(weights[row].tolist(), start):
                    if weight < 0:
                        added[place] = torch.log(torch.tensor(-weight)).item()
                rows.append(added)
            return torch.tensor(rows)

    return RankingLoss()


def embed_columns(model: Any, columns: Sequence[dict[str, Tensor]], read: SideBySide) -> list[Tensor]:
    """The embeddings of each column, shape (batch, dim), with each different text going through the model once.

    The library pads all texts of a batch to the longest; here those of a like length go together.
    """
    import torch

    rows: dict[tuple[int, ...], int] = {}
    places = [[rows.setdefault(one, len(rows)) for one in _token_ids(column)] for column in columns]
    texts = list(rows)

    def batch_of(some: Sequence[int]) -> dict[str, Tensor]:
        return _padded([texts[place] for place in some], model)

    embeddings = read(model, [len(text) for text in texts], batch_of, "sentence_embedding")
    return [embeddings[torch.tensor(some, device=embeddings.device)] for some in places]


def _token_ids(column: dict[str, Tensor]) -> list[tuple[int, ...]]:
    """Those of each text, without its padding."""
    kept = column["attention_mask"].bool()
    return [tuple(ids[mask].tolist()) for ids, mask in zip(column["input_ids"], kept, strict=True)]


def _padded(texts: Sequence[tuple[int, ...]], model: Any) -> dict[str, Tensor]:
    return {
        name: values.to(model.device)
        for name, values in model.tokenizer.pad(
            {"input_ids": [list(one) for one in texts]}, return_tensors="pt"
        ).items()
    }


def row_label(group: int, verdicts: Iterable[tuple[int, float]]) -> list[float]:
    """What the loss is told of a row besides its texts: per snippet its number and its weight, below 0 if irrelevant.

    Whole numbers below 2^24 survive as 32-bit floats.
    """
    return [float(group), *(value for number, weight in verdicts for value in (float(number), weight))]
