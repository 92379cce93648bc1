"""What a check found: one violation per broken limit, with a JSON pointer to the place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Violation:
    """One limit that a payload breaks.

    pointer: where, as a JSON pointer into the payload, such as "/blocks/0/text/text".
    constraint: which limit, such as "max_length"; expected: its value.
    """

    pointer: str
    constraint: str
    expected: object

    def __str__(self) -> str:
        return f"{self.constraint} at {self.pointer or '/'}: expected {self.expected!r}"


@dataclass
class Report:
    """Collects violations while a payload is walked.

    surface: "message", "modal" or "home": some blocks are not allowed everywhere.
    """

    surface: str
    violations: list[Violation] = field(default_factory=list)

    def add(self, pointer: str, constraint: str, expected: object) -> None:
        """Note one violation."""
        self.violations.append(Violation(pointer, constraint, expected))


# Looks at one value, at one place, and notes what is wrong with it.
Check = Callable[[Any, str, Report], None]


@dataclass(frozen=True)
class Shape:
    """The fields of one kind of object: those it must have, those it may have, and a rule across them."""

    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    rule: Check | None = None

    def __call__(self, value: Any, at: str, report: Report) -> None:
        """Check an object against this shape."""
        if not isinstance(value, Mapping):
            report.add(at, "type", "object")
            return
        known = {**self.required, **self.optional}
        for name in self.required:
            if name not in value:
                report.add(f"{at}/{name}", "required", True)
        for name, item in value.items():
            if name in known:
                known[name](item, f"{at}/{name}", report)
            elif name != "type":
                report.add(f"{at}/{name}", "additional_property", sorted(known))
        if self.rule is not None:
            self.rule(value, at, report)
