"""The `[n]` marks by which a draft cites what is on the screen."""

from __future__ import annotations

import re

_MARK = re.compile(r"[ \t]*\[(\d{1,2})\]")


def without_marks(text: str) -> str:
    """The words alone, as a customer may read them: no `[n]` marks and no space left behind by one."""
    return _MARK.sub("", text).strip()


def cited_numbers(text: str) -> frozenset[int]:
    """The numbers in its marks; empty where it has none."""
    return frozenset(int(number) for number in _MARK.findall(text))
