"""One annotated home for all tests of cycles; each works on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.training.cycles import Home, make_home, open_home

CASES = 80


@pytest.fixture(scope="session")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sample knowledge and 80 cases that simulated agents have answered."""
    folder = tmp_path_factory.mktemp("annotated") / "home"
    make_home(folder, CASES)
    return folder


@pytest.fixture(scope="session")
def cycled(annotated: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, Any]]:
    """Such a home after its first cycle, "sunday", and what came of it."""
    folder = Path(shutil.copytree(annotated, tmp_path_factory.mktemp("cycled") / "home"))
    with open_home(folder) as home:
        return folder, home.cycle(key="sunday")


@pytest.fixture
def home_folder(annotated: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(annotated, tmp_path / "home"))


@pytest.fixture
def home(home_folder: Path) -> Iterator[Home]:
    """It, open, three months later."""
    with open_home(home_folder) as opened:
        yield opened
