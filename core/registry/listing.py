"""The registry as people read it: each version with its alias, whether its files are there, and what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.registry.bundle import PARTS, Action, Aliases, Bundle, Event, Registry
from core.registry.files import removed_parts

Alias = Literal["champion", "challenger"]

# What happened to a version, in words.
DONE: Mapping[Action, str] = {
    "registered": "registered",
    "refused": "refused",
    "challenger": "made challenger",
    "withdrawn": "withdrawn as challenger",
    "promoted": "made champion",
    "rolled back": "rolled back",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One version. `files_removed`: those of one of its parts are not on this machine, so it cannot serve."""

    bundle: Bundle
    alias: Alias | None
    files_removed: bool

    @property
    def verdict(self) -> str:
        """The gate's, with its sentence; what it is where no gate has judged it."""
        return ": ".join(said for said in (self.bundle.verdict, self.bundle.reason) if said)

    @property
    def trained(self) -> str:
        """The parts that differ from version 0, in words."""
        return ", ".join(part for part in PARTS if part in self.bundle.parts)


@dataclass(frozen=True, slots=True)
class Listing:
    """All versions, newest first, who serves, and the log, oldest first."""

    lines: Sequence[Line]
    aliases: Aliases
    log: Sequence[Event]

    def described(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "champion": self.aliases.champion,
            "challenger": self.aliases.challenger,
            "share": self.aliases.share,
            "bundles": [_described(line) for line in self.lines],
            "history": [
                {"version": one.version, "action": one.action, "at": one.at.isoformat(), "by": one.by, "why": one.why}
                for one in self.log
            ],
        }


def list_versions(registry: Registry) -> Listing:
    """What stands in the registry now; looks at no file's content."""
    aliases = registry.aliases()
    lines = [
        Line(bundle, _alias(bundle.version, aliases), bool(removed_parts(registry, bundle)))
        for bundle in registry.bundles()
    ]
    return Listing(lines, aliases, registry.log())


def _alias(version: int, aliases: Aliases) -> Alias | None:
    if version == aliases.champion:
        return "champion"
    return "challenger" if version == aliases.challenger else None


def _described(line: Line) -> dict[str, Any]:
    bundle = line.bundle
    return {
        "version": bundle.version,
        "alias": line.alias,
        "created_at": bundle.created_at.isoformat() if bundle.created_at else None,
        "parent": bundle.parent,
        "metrics": dict(bundle.metrics),
        "parts": list(bundle.parts),
        "verdict": bundle.verdict,
        "reason": bundle.reason,
        "data_hash": bundle.data_hash,
        "files_removed": line.files_removed,
    }
