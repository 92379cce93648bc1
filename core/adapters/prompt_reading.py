"""Prompts as `generate` takes them: what the prompts of one call have in common is read once, for all of them.

Two styles of a reply are asked for with the same snippets and the same conversation: on a CPU, reading those is most of
the work. Each row is padding, the common part, padding, its own end; what is padding is masked, and positions are
counted without it.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class ReadPrompts:
    """What `generate` is handed. `start`: where in each row the answer begins."""

    arguments: Mapping[str, Any]
    start: int


def read_prompts(
    model: Any, prompts: Sequence[Sequence[int]], calls: Sequence[int], pad: int, adapters: Sequence[Any] | None
) -> ReadPrompts:
    """`prompts`: tokens of each row, `calls`: to which call it belongs, counted from 0 in order; `pad`: a token.

    `adapters`: peft's name for each row, the same for all rows of a call; None for a model without adapters.
    """
    members = [[row for row, call in enumerate(calls) if call == place] for place in range(max(calls) + 1)]
    common = [_in_common([prompts[row] for row in rows]) for rows in members]
    if len(members) < len(calls) and all(common) and _can_share(model):
        names = {} if adapters is None else {"adapter_names": [adapters[rows[0]] for rows in members]}
        return _read_once(model, prompts, calls, common, pad, names)
    ids, mask = _padded(prompts, pad, model.device)
    return ReadPrompts({"input_ids": ids, "attention_mask": mask}, ids.shape[1])


def _read_once(
    model: Any,
    prompts: Sequence[Sequence[int]],
    calls: Sequence[int],
    common: Sequence[Sequence[int]],
    pad: int,
    names: Mapping[str, Any],
) -> ReadPrompts:
    """`common`: of each call, at least one token. `names`: peft's argument with the adapter of each call."""
    import torch
    from transformers import DynamicCache

    ids, mask = _padded(common, pad, model.device)
    cache = DynamicCache(config=model.config)
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    read = {"input_ids": ids, "attention_mask": mask, "position_ids": positions, "past_key_values": cache}
    model(**read, use_cache=True, logits_to_keep=1, **names)  # what it would say after each token is not asked
    order = torch.tensor(calls, device=ids.device)
    cache.batch_select_indices(order)
    ends = [prompt[len(common[call]) :] for prompt, call in zip(prompts, calls, strict=True)]
    end_ids, end_mask = _padded(ends, pad, model.device)
    arguments = {
        "input_ids": torch.cat([ids[order], end_ids], dim=1),
        "attention_mask": torch.cat([mask[order], end_mask], dim=1),
        "past_key_values": cache,
    }
    return ReadPrompts(arguments, ids.shape[1] + end_ids.shape[1])


def _in_common(prompts: Sequence[Sequence[int]]) -> Sequence[int]:
    """The tokens that all begin with; each keeps at least one of its own."""
    most = min(map(len, prompts)) - 1
    return prompts[0][: next((n for n in range(most) if len({prompt[n] for prompt in prompts}) > 1), most)]


def _padded(rows: Sequence[Sequence[int]], pad: int, device: Any) -> tuple[Tensor, Tensor]:
    """Tokens and mask, shape (rows, longest), padded on the left: what follows a row follows its last token."""
    import torch

    longest = max(map(len, rows))
    ids = [[pad] * (longest - len(row)) + list(row) for row in rows]
    mask = [[0] * (longest - len(row)) + [1] * len(row) for row in rows]
    return torch.tensor(ids, device=device), torch.tensor(mask, device=device)


def _can_share(model: Any) -> bool:
    """True for models that keep every token they have read, and are told where each one stands."""
    from transformers import DynamicCache

    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    if getattr(base, "_is_stateful", False):
        return False
    if not {"position_ids", "logits_to_keep"} <= inspect.signature(base.forward).parameters.keys():
        return False
    layers = DynamicCache(config=base.config).layers
    return bool(layers) and all(type(layer).__name__ == "DynamicLayer" for layer in layers)
