"""What a training cycle says of itself while it runs, and for good once it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from core.registry.bundle import Part

Phase = Literal["data", "train", "index", "evaluate", "register", "challenge", "over"]
# registered: there is a version of it, refused ones too. skipped: there was not enough to learn from or to measure on.
# discarded: it was left unfinished, and what it rested on has changed since.
Ending = Literal["registered", "skipped", "failed", "discarded"]


@dataclass(frozen=True, slots=True)
class Cycle:
    """One retraining run. What was said after `started_at` teaches the next one.

    `progress`: {"doing": "retriever", "done": 12, "total": 80} while it runs. `outcome`: empty until the gate has
    decided; then what `aitl train --json` prints. `seen_at`: when its process was last heard of.
    """

    key: str
    parts: tuple[Part, ...]
    parent: int
    started_at: datetime
    phase: Phase
    host: str
    pid: int
    seen_at: datetime
    progress: Mapping[str, Any] = field(default_factory=dict)
    outcome: Mapping[str, Any] = field(default_factory=dict)
    finished_at: datetime | None = None
    ending: Ending | None = None
