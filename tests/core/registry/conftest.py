"""A registry over real files: versions with parts whose folders hold what was registered."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.registry.bundle import Bundle, NewBundle, Part, PartRef, Registry
from core.registry.files import MANIFEST, content_hash
from core.store import Store, make_engine


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


@pytest.fixture
def make_shelf(sqlite_template: Path, watch: Callable[[], object]) -> Iterator[Callable[[Path], Shelf]]:
    """A registry in a fresh home."""
    engines = []

    def make(home: Path) -> Shelf:
        home.mkdir(exist_ok=True)
        shutil.copy(sqlite_template, home / "aitl.db")
        engines.append(make_engine(f"sqlite:///{home / 'aitl.db'}"))
        return Shelf(Store(engines[-1], watch, models=home / "models").registry, home / "models")

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def shelf(make_shelf: Callable[[Path], Shelf], tmp_path: Path) -> Shelf:
    """A registry that knows only what ships with the product."""
    return make_shelf(tmp_path / "home")
