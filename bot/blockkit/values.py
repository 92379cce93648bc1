"""Checks of single values: strings, numbers, lists, and objects told apart by their type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.blockkit.report import Check, Report, Shape


def string(shortest: int = 0, longest: int | None = None) -> Check:
    """A string of so many Unicode code points."""

    def check_string(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, str):
            report.add(at, "type", "string")
        elif len(value) < shortest:
            report.add(at, "min_length", shortest)
        elif longest is not None and len(value) > longest:
            report.add(at, "max_length", longest)

    return check_string


def pattern(expression: str) -> Check:
    """A string that matches as a whole."""

    def check_pattern(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, str) or not re.fullmatch(expression, value):
            report.add(at, "pattern", expression)

    return check_pattern


def one_of(*allowed: str) -> Check:
    """One of a few strings."""

    def check_enum(value: Any, at: str, report: Report) -> None:
        if value not in allowed:
            report.add(at, "enum", list(allowed))

    return check_enum


def whole_number(smallest: int, largest: int) -> Check:
    """An integer in a range."""

    def check_number(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            report.add(at, "type", "integer")
        elif not smallest <= value <= largest:
            report.add(at, "range", [smallest, largest])

    return check_number


def boolean(value: Any, at: str, report: Report) -> None:
    """true or false."""
    if not isinstance(value, bool):
        report.add(at, "type", "boolean")


def number(value: Any, at: str, report: Report) -> None:
    """Any number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        report.add(at, "type", "number")


def anything(value: Any, at: str, report: Report) -> None:
    """Whatever it is."""


def array(item: Check, fewest: int = 0, most: int | None = None) -> Check:
    """A list of so many items, each of which passes `item`."""

    def check_array(value: Any, at: str, report: Report) -> None:
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            report.add(at, "type", "array")
            return
        if len(value) < fewest:
            report.add(at, "min_items", fewest)
        if most is not None and len(value) > most:
            report.add(at, "max_items", most)
        for index, entry in enumerate(value):
            item(entry, f"{at}/{index}", report)

    return check_array


def typed(shapes: Mapping[str, Shape], allowed: Sequence[str] | None = None) -> Check:
    """An object whose "type" picks its shape; `allowed` narrows the types that may stand here."""
    names = sorted(allowed if allowed is not None else shapes)

    def check_typed(value: Any, at: str, report: Report) -> None:
        if not isinstance(value, Mapping):
            report.add(at, "type", "object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in names:
            report.add(f"{at}/type", "enum", names)
            return
        shapes[kind](value, at, report)

    return check_typed
