"""Versions whose parts are real folders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from core.registry.bundle import Bundle, NewBundle, Part, PartRef, Registry
from core.registry.files import MANIFEST, content_hash
from core.values import Suggestion


@dataclass(frozen=True)
class Shelf:
    """A registry, and the folder where the files of its versions are."""

    registry: Registry
    models: Path

    def trained(self, *parts: Part, parent: int = 0, **more: str) -> Bundle:
        """A new version with these parts made anew, and those of its parent."""
        folder = f"bundle-{len(self.registry.bundles()):06}"
        made = {part: self._made(f"{folder}/{part}") for part in parts}
        inherited = self.registry.bundle(parent).parts
        verdict, reason = more.get("verdict", "superior"), more.get("reason", "It finds more.")
        new = NewBundle(parent, {**inherited, **made}, "9f00", {"nDCG@10": 0.5}, verdict, reason)
        return self.registry.register(new, ["ann_1", "ann_2"])

    def _made(self, folder: str) -> PartRef:
        path = self.models / folder
        path.mkdir(parents=True)
        (path / "weights.json").write_text(f'{{"made for": "{folder}"}}')
        sha256 = content_hash(path)
        (path / MANIFEST).write_text("{}")
        return PartRef(folder, sha256)


def drafted_by(suggestion: Suggestion, a: str, b: str | None = None) -> Suggestion:
    """As if these versions had written its candidates."""
    first, second = suggestion.candidates
    candidates = (replace(first, bundle=a), replace(second, bundle=b or a))
    return replace(suggestion, bundle=a, candidates=candidates)
