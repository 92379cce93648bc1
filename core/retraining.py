"""A retraining as the product knows it: who asked for it, how far it is, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Cause = Literal["cadence", "annotations", "asked"]
# waiting -> running -> done or failed; back to waiting where its process was stopped; unanswered: no scheduler ran
State = Literal["waiting", "running", "done", "failed", "unanswered"]


@dataclass(frozen=True, slots=True)
class Retraining:
    """One retraining. `key` names it for good: the same key is never run twice to its end.

    `asked_by`, `asked_in`: the person and the channel where somebody asked, else "". `progress`: what it does now, in
    words. `outcome`: `verdict`, `reason`, `version` and `next` (what follows) of one that is done, `reason` of
    one that failed; else empty.
    `channel`, `ts`: the message that shows it, once it stands.
    """

    key: str
    cause: Cause
    asked_at: datetime
    state: State = "waiting"
    asked_by: str = ""
    asked_in: str = ""
    team: str | None = None
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    progress: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    channel: str | None = None
    ts: str | None = None
