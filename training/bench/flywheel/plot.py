"""A picture of every metric by round, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from training.bench.flywheel.results import METRICS, Measurement
from training.bench.flywheel.rounds import Round

_COLUMNS = 4
_INCHES = 3.0  # of one metric's field


def write_plot(measured: Measurement, file: Path) -> None:
    """One field per metric, as PNG; a control is a dot at its last round."""
    rounds = measured.main.rounds
    names = [name for name in METRICS if any(name in one.scores for one in rounds)]
    rows = ceil(len(names) / _COLUMNS)
    figure = Figure(figsize=(_COLUMNS * _INCHES, rows * _INCHES), layout="constrained")
    fields = figure.subplots(rows, _COLUMNS, squeeze=False).flat
    for name, field in zip(names, fields, strict=False):
        _draw(field, name, rounds)
        for control, kept in measured.controls.items():
            last = kept.rounds[-1]
            if name in last.scores:
                field.plot(last.number, last.scores[name].value, "o", label=control)
    for field in list(fields)[len(names) :]:
        field.set_axis_off()
    if measured.controls:
        figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=_COLUMNS)
    figure.savefig(file, dpi=150)


def _draw(field: Axes, name: str, rounds: Sequence[Round]) -> None:
    found = [(one.number, one.scores[name]) for one in rounds if name in one.scores]
    numbers = [number for number, _ in found]
    field.plot(numbers, [one.value for _, one in found], marker=".")
    field.fill_between(numbers, [one.low for _, one in found], [one.high for _, one in found], alpha=0.2)
    field.set_title(name)
    field.set_xlabel("round")
    field.set_xticks(numbers)
