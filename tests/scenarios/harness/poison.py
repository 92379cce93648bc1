"""Payloads that Slack should never send: something is missing, null, of the wrong type, or far too large."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

WRONG: tuple[Any, ...] = (
    *(None, "", 0, -1, 1e308, True, [], {}, [[]], {"": None}, "x" * 200_000, "\ud83d", "\x00", "<!channel>"),
    *("not-a-number", "9" * 400, "1e400", "-1.5", ["a", {"b": []}], {"type": {"type": {}}}, [None] * 1000),
)
_MISSING = object()


def spoiled(payload: Any, seed: int, count: int) -> Iterator[tuple[str, Any]]:
    """So many copies of a payload, each spoiled at one random place: where and how, and the copy."""
    chance = random.Random(seed)
    places = list(_places(payload))
    for _ in range(count):
        place = chance.choice(places)
        wrong = chance.choice([_MISSING, *WRONG])
        made = copy.deepcopy(payload)
        _spoil(made, place, wrong)
        yield f"{'.'.join(map(str, place))} = {'missing' if wrong is _MISSING else repr(wrong)[:30]}", made


def _places(part: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for name, value in items:
        yield (*at, name)
        yield from _places(value, (*at, name))


def _spoil(payload: Any, place: tuple[Any, ...], wrong: Any) -> None:
    for name in place[:-1]:
        payload = payload[name]
    if wrong is _MISSING:
        del payload[place[-1]]
    else:
        payload[place[-1]] = copy.deepcopy(wrong)
