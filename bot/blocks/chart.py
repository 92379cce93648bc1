"""A chart as a block, and the same figures in the forms for workspaces without such blocks: picture, table, words.

Whoever builds a message puts the chart block in; the sender turns it into what the workspace takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks.elements import Block, section
from bot.mrkdwn import shorten
from core.metrics.weekly import Trend

KIND = "data_visualization"
_TITLE_MAX, _LABEL_MAX, _ALT_MAX = 50, 20, 1000


def build_trend(trend: Trend) -> Block:
    """Shares by week, in percent."""
    labels = [f"{begin.day} {begin:%b}" for begin in trend.begins]
    lines = {line.name: [round(100 * share) for share in line.shares] for line in trend.lines}
    return build_chart("Week by week, in percent", labels, lines, "Week from", "%")


def build_chart(
    title: str, labels: Sequence[str], lines: Mapping[str, Sequence[float]], x_label: str, y_label: str
) -> Block:
    """Lines over the same 2 to 20 labels, all different. At most 6 lines, each with one value a label."""
    series = [
        {"name": name[:_LABEL_MAX], "data": [{"label": at, "value": one} for at, one in zip(labels, of, strict=True)]}
        for name, of in lines.items()
    ]
    axes = {"categories": list(labels), "x_label": x_label, "y_label": y_label}
    return {"type": KIND, "title": title[:_TITLE_MAX], "chart": {"type": "line", "series": series, "axis_config": axes}}


def is_chart(block: Mapping[str, Any]) -> bool:
    """True for what `build_chart` made."""
    return block.get("type") == KIND


def build_picture(chart: Block, file_id: str) -> Block:
    """The chart as an uploaded picture."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": chart_in_words(chart)}


def build_table(chart: Block) -> Block:
    """The chart as a table of plain text, one row a label."""
    series = chart["chart"]["series"]
    head = ["", *(one["name"] for one in series)]
    unit = chart["chart"]["axis_config"]["y_label"]
    rows = [
        [point["label"], *(f"{one['data'][place]['value']:g}{unit}" for one in series)]
        for place, point in enumerate(series[0]["data"])
    ]
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return section(f"*{chart['title']}*\n```{chr(10).join(lines)}```")


def chart_in_words(chart: Block) -> str:
    """For those who hear it: every value, at most 1,000 characters."""
    unit = chart["chart"]["axis_config"]["y_label"]
    told = [
        f"{one['name']}: " + ", ".join(f"{point['label']} {point['value']:g}{unit}" for point in one["data"])
        for one in chart["chart"]["series"]
    ]
    return shorten(f"Line chart. {chart['title']}. {'. '.join(told)}.", _ALT_MAX)
