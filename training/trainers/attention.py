"""How long a training step of an encoder takes with each attention: why `make_ready` (steps.py) chooses as it does."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.adapters.torch_cpu import computes_bfloat16, set_up_torch

ATTENTIONS = ("sdpa", "eager")  # torch's fused one, and the one that trains on a processor
TEXTS = 16


def measure_attention(folder: Path, lengths: Sequence[int], times: int) -> Mapping[str, list[float]]:
    """By attention the seconds of one step for each length; `times`: steps of which the quickest counts."""
    set_up_torch()
    from transformers import AutoModel

    models = {
        name: AutoModel.from_pretrained(
            folder, attn_implementation=name, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        ).train()
        for name in ATTENTIONS
    }
    best = {name: [float("inf")] * len(lengths) for name in models}
    for place, length in enumerate(lengths):
        for _ in range(times):
            for name, model in models.items():
                best[name][place] = min(best[name][place], _step_s(model, length))
    return best


def _step_s(model: Any, length: int) -> float:
    import torch

    ids = torch.randint(1, model.config.vocab_size, (TEXTS, length))
    since = time.process_time()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=computes_bfloat16()):
        loss = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state.float().mean()
    loss.backward()
    model.zero_grad()
    return time.process_time() - since
