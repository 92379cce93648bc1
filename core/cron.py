"""When something is due, in the five fields of cron(5): minute, hour, day of month, month, day of week.

As cron(5) has it: Sunday is 0 and 7; months and weekdays may be named by three letters; where both the day of the month
and the day of the week are restricted (neither begins with `*`), a day that matches either of them counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Cron:
    """Each field as its numbers, ascending and never empty. `weekdays`: 0 is Sunday, 6 Saturday.

    `either_day`: both days are restricted, and a match of one of them is enough.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either_day: bool


def parse_cron(text: str) -> Cron:
    """The moments that such a text names. Raises ValueError, saying which field cannot be read."""
    fields = text.split()
    if len(fields) != 5:
        raise ValueError(f"it has {len(fields)} fields, not 5")
    minute, hour, day, month, weekday = fields
    return Cron(
        minutes=_numbers("minute", minute, 0, 59),
        hours=_numbers("hour", hour, 0, 23),
        days=_numbers("day of the month", day, 1, 31),
        months=_numbers("month", month, 1, 12, {name: number for number, name in enumerate(MONTHS, 1)}),
        weekdays=_weekdays(weekday),
        either_day=not day.startswith("*") and not weekday.startswith("*"),
    )


def _weekdays(field: str) -> tuple[int, ...]:
    """0..7 with both ends meaning Sunday; a range may go over the end of the week, such as fri-mon."""
    names = {name: number for number, name in enumerate(WEEKDAYS)}
    last = 6 if field.startswith("*") else 7
    return tuple(sorted({number % 7 for number in _numbers("day of the week", field, 0, last, names, is_round=True)}))


def _numbers(
    name: str, field: str, low: int, high: int, names: Mapping[str, int] | None = None, *, is_round: bool = False
) -> tuple[int, ...]:
    found: set[int] = set()
    for part in field.lower().split(","):
        try:
            found |= _part(part, low, high, names or {}, is_round)
        except ValueError as error:
            raise ValueError(f"the {name} cannot be {field!r}") from error
    return tuple(sorted(found))


def _part(part: str, low: int, high: int, names: Mapping[str, int], is_round: bool) -> set[int]:
    """`*`, `5`, `5-9`, each perhaps with `/step`; `5/15` is not of cron(5). Raises ValueError."""
    span, slash, step_text = part.partition("/")
    step = int(step_text) if slash else 1
    first_text, dash, last_text = span.partition("-")
    if span == "*":
        first, last = low, high
    else:
        first = _number(first_text, names)
        last = _number(last_text, names) if dash else first
    if step < 1 or (slash and span != "*" and not dash) or not (low <= first <= high and low <= last <= high):
        raise ValueError(part)
    if last < first:
        if not is_round:
            raise ValueError(part)
        last += 7
    return set(range(first, last + 1, step))


def _number(text: str, names: Mapping[str, int]) -> int:
    if text in names:
        return names[text]
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(text)
    return int(text)
