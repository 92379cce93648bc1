"""LoRA (Hu et al. 2021) for an encoder: few weights are learned, and folded into the others when that is done.

So what is saved is an encoder like any other: serving it needs neither the adapter's library nor its base.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_STRENGTH = 2  # alpha / rank


def add_adapter(model: SentenceTransformer, rank: int, seed: int) -> None:
    """From here on only an adapter of that rank beside every linear layer learns. It starts without effect."""
    import torch
    from peft import LoraConfig, TaskType

    config = LoraConfig(
        task_type=TaskType.FEATURE_EXTRACTION, r=rank, lora_alpha=_STRENGTH * rank, target_modules="all-linear"
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # half of its weights are drawn
        model.add_adapter(config)


def merge_adapter(model: SentenceTransformer) -> None:
    """The adapter's weights become part of those beside it: the model answers as before, and knows of no adapter."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    encoder = model.transformers_model
    layers = [(name, one) for name, one in encoder.named_modules() if isinstance(one, BaseTunerLayer)]
    for name, layer in layers:
        layer.merge()
        encoder.set_submodule(name, layer.get_base_layer())
    model.delete_adapter("default")
