"""Blocks that show figures: table, data_table and data_visualization."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.blockkit.objects import BLOCK_ID
from bot.blockkit.report import Report, Shape
from bot.blockkit.rich_text import RICH_TEXT
from bot.blockkit.values import anything, array, boolean, number, one_of, string, typed, whole_number

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

# The chart itself is checked loosely: its published limits differ between sources.
DATA_VISUALIZATION = Shape(
    {"chart": anything}, {"block_id": BLOCK_ID, "title": string(1, 50), "caption": string(1, 2000)}
)
