"""One Web API call, ready to go, and what all our calls have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# No live link out of anybody's words, no preview that shows more than we do.
POST_QUIETLY = {"unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none"}
UPDATE_QUIETLY = {"link_names": False, "parse": "none"}


@dataclass(frozen=True, slots=True)
class Call:
    """One Web API call, ready to go."""

    method: str
    arguments: Mapping[str, Any]

    @property
    def channel(self) -> str:
        """Where it goes, "" where that is nowhere."""
        return str(self.arguments.get("channel", ""))


def digest(key: str) -> str:
    """A short mark by which a message of ours is known again."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]
