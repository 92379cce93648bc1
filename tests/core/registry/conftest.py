"""A registry over real files: versions with parts whose folders hold what was registered."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from core.store import Store, make_engine
from tests.core.registry.shelf import Shelf


@pytest.fixture
def shelf(sqlite_template: Path, watch: Callable[[], datetime], tmp_path: Path) -> Iterator[Shelf]:
    """A registry in a fresh home that knows only what ships with the product."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'aitl.db'}")
    models = tmp_path / "models"
    yield Shelf(Store(engine, watch, models=models).registry, models)
    engine.dispose()
