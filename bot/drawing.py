"""A chart block drawn as a picture, for workspaces that do not show such blocks themselves."""

from __future__ import annotations

from io import BytesIO

from bot.blocks.elements import Block

# Told apart by those who see no colours, too: another mark for each line.
_COLORS = ("#1264a3", "#2bac76", "#e8912d", "#8d5bb8", "#cc4b6b", "#4a8fa8")
_MARKS = ("o", "s", "^", "D", "v", "P")
_INCHES = (7.0, 3.2)
_DPI = 160
_QUIET = "#616061"


def draw(chart: Block) -> bytes:
    """A PNG of some 1,100 by 500 pixels."""
    from matplotlib.figure import Figure  # here: it takes half a second, and most workspaces never need it

    figure = Figure(figsize=_INCHES, layout="constrained")
    field = figure.subplots()
    unit = chart["chart"]["axis_config"]["y_label"]
    for number, one in enumerate(chart["chart"]["series"]):
        labels, values = zip(*((point["label"], point["value"]) for point in one["data"]), strict=True)
        field.plot(labels, values, color=_COLORS[number], marker=_MARKS[number], linewidth=2.2, label=one["name"])
        place = (0, 9)
        field.annotate(
            f"{values[-1]:g}{unit}", (labels[-1], values[-1]), place, textcoords="offset points", ha="center"
        )
    field.set_ylim(0, 100 if unit == "%" else None)
    field.yaxis.set_major_formatter(lambda value, _: f"{value:g}{unit}")
    field.set_title(chart["title"], loc="left", fontweight="bold", fontsize=11)
    field.set_xlabel(chart["chart"]["axis_config"]["x_label"], color=_QUIET)
    field.grid(axis="y", color="#dddddd")
    field.tick_params(colors=_QUIET, length=0)
    field.spines[["top", "right", "left"]].set_visible(False)
    figure.legend(loc="outside lower center", frameon=False, ncols=3)
    picture = BytesIO()
    figure.savefig(picture, format="png", dpi=_DPI)
    return picture.getvalue()
