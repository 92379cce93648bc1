"""`aitl bench`: the measurements, each a command of its own."""

from __future__ import annotations

import click

from core.commands.lazy import LazyGroup

BENCHES: dict[str, tuple[str, str]] = {
    "flywheel": ("training.commands.bench_flywheel:flywheel", "Whether feedback alone makes it better, by round."),
    "train": ("training.commands.bench_train:train", "How long training takes beside the bare libraries."),
    "latency": ("bot.commands.bench_latency:latency", "How fast drafts and acknowledgements are, and why."),
}


@click.group(cls=LazyGroup, table=BENCHES)
def bench() -> None:
    """Measure the product on this machine; results go to --out."""
