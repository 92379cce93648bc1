"""What the registry talks about: bundles, the aliases that point to them, and what happened to them.

A bundle is everything that answers a case, deployed and rolled back as a whole. Version 0 is what ships with the
product; a part that no version has trained yet is that of version 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

Part = Literal["retriever", "reranker", "ranker", "generator"]
Action = Literal["registered", "refused", "challenger", "withdrawn", "promoted", "rolled back"]

PARTS: tuple[Part, ...] = ("retriever", "reranker", "ranker", "generator")
BASE = 0
MODELS_FOLDER = "models"  # under AITL_HOME


@dataclass(frozen=True, slots=True)
class PartRef:
    """One trained part: its folder under `AITL_HOME/models`, such as "bundle-000003/retriever", and what it holds.

    `sha256`: of all files in it but the manifest, 64 hexadecimal digits.
    """

    folder: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NewBundle:
    """What a training run hands over. `parts`: those that differ from version 0, the parent's own among them."""

    parent: int
    parts: Mapping[Part, PartRef]
    data_hash: str
    metrics: Mapping[str, Any]
    verdict: str  # the gate's
    reason: str  # the gate's sentence, for a lead
    cycle: str = ""  # the key of the run that made it: registering the same cycle twice registers once


@dataclass(frozen=True, slots=True)
class Bundle:
    """One version. Never changes once registered."""

    version: int
    parent: int | None  # None for version 0 alone
    created_at: datetime | None  # None for version 0, which came with the product
    parts: Mapping[Part, PartRef] = field(default_factory=dict)
    data_hash: str = ""
    metrics: Mapping[str, Any] = field(default_factory=dict)
    verdict: str = ""
    reason: str = "what ships with the product"
    cycle: str = ""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Which versions serve. `share`: of the cases, in (0, 1], on which the challenger stands beside the champion; 0
    without a challenger. Two equal values mean that nothing has changed in between.
    """

    champion: int = BASE
    challenger: int | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log, which only grows. `by`: "gate", "agents' preferences", a Slack user id, "command line"."""

    version: int
    action: Action
    at: datetime
    by: str
    why: str


class Registry(Protocol):
    """Versions, aliases and their log. Safe for many threads and processes; every change is one transaction."""

    def bundles(self) -> list[Bundle]:
        """All versions, newest first; version 0 last, so it is never empty."""
        ...

    def bundle(self, version: int) -> Bundle:
        """One version. Raises UnknownBundle."""
        ...

    def aliases(self) -> Aliases:
        """Who serves now: one small read, made for every suggestion."""
        ...

    def register(self, new: NewBundle, lessons: Sequence[str], by: str = "gate") -> Bundle:
        """A new version, not serving yet; the log says `registered`, or `refused` where the verdict is "inferior".

        `lessons`: ids of the annotations that taught it. The same `cycle` again gives the version it gave before.
        """
        ...

    def challenge(self, version: int, share: float, by: str, why: str) -> None:
        """Put it beside the champion on that share of the cases, in place of any other challenger (withdrawn).

        Raises UnknownBundle, and NotPossible for the champion itself or a refused version.
        """
        ...

    def withdraw(self, by: str, why: str) -> bool:
        """No challenger any more; False where there was none."""
        ...

    def promote(self, version: int, by: str, why: str) -> bool:
        """Make it the champion; a challenger of another version is withdrawn. False where it is the champion already.

        Raises UnknownBundle.
        """
        ...

    def rollback(self, by: str, why: str, leaving: int | None = None) -> int:
        """Back to the champion before, which it returns; a challenger is withdrawn.

        Again and again it goes further back, as far as version 0. `leaving`: only from this champion, so that two who
        ask for the same go back once. Raises NotPossible where version 0 serves and none was before, or where another
        version than `leaving` serves.
        """
        ...

    def log(self, version: int | None = None) -> list[Event]:
        """What happened, oldest first, to all or to one version."""
        ...

    def lessons(self, version: int) -> list[str]:
        """The ids of the annotations that taught it, ascending."""
        ...

    def previous_champion(self) -> int | None:
        """Where `rollback` would go; None where it cannot."""
        ...

    def folder(self, part: PartRef) -> Path:
        """Where its files are on this machine."""
        ...
