"""Blocks that show figures: table, data_table and data_visualization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.blockkit.objects import BLOCK_ID
from bot.blockkit.report import Report, Shape
from bot.blockkit.rich_text import RICH_TEXT
from bot.blockkit.values import array, boolean, number, one_of, string, typed, whole_number

MAX_COLUMNS = 20

_CELLS: dict[str, Shape] = {
    "raw_text": Shape({"text": string(1)}),
    "raw_number": Shape({"value": number}, {"text": string(1)}),
    "rich_text": RICH_TEXT,
}
_HEADER_CELLS = ("raw_text", "raw_number")


def _equal_rows(value: Mapping[str, Any], at: str, report: Report) -> None:
    rows = value.get("rows")
    widths = [len(row) for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    if len(set(widths)) > 1:
        report.add(f"{at}/rows", "equal_row_length", widths[0])


def _data_table_rule(value: Mapping[str, Any], at: str, report: Report) -> None:
    _equal_rows(value, at, report)
    rows = value.get("rows")
    if isinstance(rows, list) and rows and isinstance(rows[0], list):
        for index, cell in enumerate(rows[0]):
            if isinstance(cell, Mapping) and cell.get("type") not in _HEADER_CELLS:
                report.add(f"{at}/rows/0/{index}/type", "enum", list(_HEADER_CELLS))


TABLE = Shape(
    {"rows": array(array(typed(_CELLS), 1, MAX_COLUMNS), 1, 100)},
    {
        "block_id": BLOCK_ID,
        "column_settings": array(
            Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean}), 0, MAX_COLUMNS
        ),
    },
    _equal_rows,
)

DATA_TABLE = Shape(
    {"caption": string(1), "rows": array(array(typed(_CELLS), 1, MAX_COLUMNS), 2, 101)},
    {"block_id": BLOCK_ID, "page_size": whole_number(1, 100), "row_header_column_index": whole_number(0, 19)},
    _data_table_rule,
)

_LABEL = string(1, 20)


def _positive(value: Any, at: str, report: Report) -> None:
    number(value, at, report)
    if isinstance(value, int | float) and value <= 0:
        report.add(at, "minimum", "above 0")


def _series_rule(value: Mapping[str, Any], at: str, report: Report) -> None:
    """Every series names itself, and has exactly one value for each category, in any order."""
    series = [one for one in _list(value.get("series")) if isinstance(one, Mapping)]
    names = [one.get("name") for one in series]
    if len(set(map(str, names))) < len(names):
        report.add(f"{at}/series", "unique_name", names)
    axis = value.get("axis_config")
    categories = sorted(map(str, _list(axis.get("categories")))) if isinstance(axis, Mapping) else []
    for index, one in enumerate(series):
        labels = sorted(str(point.get("label")) for point in _list(one.get("data")) if isinstance(point, Mapping))
        if labels != categories:
            report.add(f"{at}/series/{index}/data", "one_value_per_category", categories)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


# Where sources differ, the smaller number: series and segments at most 6, points at most 20.
_SERIES = Shape({"name": _LABEL, "data": array(Shape({"label": _LABEL, "value": number}), 1, 20)})
_AXES = Shape({"categories": array(_LABEL, 1, 20)}, {"x_label": string(1, 50), "y_label": string(1, 50)})
_LINES = Shape({"series": array(_SERIES, 1, 6), "axis_config": _AXES}, rule=_series_rule)
_CHARTS: dict[str, Shape] = {
    "line": _LINES,
    "bar": _LINES,
    "area": _LINES,
    "pie": Shape({"segments": array(Shape({"label": _LABEL, "value": _positive}), 1, 6)}),
}

DATA_VISUALIZATION = Shape({"title": string(1, 50), "chart": typed(_CHARTS)}, {"block_id": BLOCK_ID})
