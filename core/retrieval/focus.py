"""A conversation seen from its last question: the focus, and what was said before it by age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import EmptyText
from core.values import Turn

_TURNS_MOST = 10  # older turns weigh next to nothing and cost an embedding each
_ABOUT_MOST = 3


@dataclass(frozen=True, slots=True)
class Earlier:
    """A turn other than the focus; age 1 stands next to it."""

    text: str
    by_customer: bool
    age: int


@dataclass(frozen=True, slots=True)
class Focus:
    """The last customer turn with words, and the turns around it, nearest first."""

    text: str
    earlier: tuple[Earlier, ...]


def focus_of(turns: Sequence[Turn]) -> Focus:
    """Raises EmptyText if no turn has words. Where no customer spoke, the last turn is the focus."""
    spoken = [turn for turn in turns if any(character.isalnum() for character in turn.text)]
    if not spoken:
        raise EmptyText(max(len(turns) - 1, 0))
    place = max((n for n, turn in enumerate(spoken) if turn.role == "customer"), default=len(spoken) - 1)
    earlier = [
        Earlier(turn.text, turn.role == "customer", abs(place - n)) for n, turn in enumerate(spoken) if n != place
    ]
    nearest = sorted(earlier, key=lambda turn: turn.age)[:_TURNS_MOST]
    return Focus(spoken[place].text, tuple(nearest))


def turns_of(focus: Focus) -> list[Turn]:
    """A conversation with this focus: what `focus_of` makes of it is the same again."""
    before: list[Turn] = []
    after: list[Turn] = []
    ages: set[int] = set()
    for earlier in focus.earlier:
        # At each age one turn stands before the focus and at most one behind it, which no customer said.
        side = after if earlier.age in ages else before
        side.append(Turn("customer" if earlier.by_customer else "agent", earlier.text))
        ages.add(earlier.age)
    return [*reversed(before), Turn("customer", focus.text), *after]


def as_words(focus: Focus, named: Sequence[str]) -> str:
    """The query as one text: the question, then what it is about.

    `named`: titles that the conversation names, best first; without any, the customer's earlier turns stand for them.
    """
    about = list(named[:_ABOUT_MOST]) or [turn.text for turn in focus.earlier if turn.by_customer][:_ABOUT_MOST]
    return "\n".join([focus.text.strip(), *(text.strip() for text in about)])
