"""Lint, format and types, so that one test command says everything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*arguments: str) -> str:
    """What the tool says: an empty text where it is content."""
    answer = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )
    return "" if answer.returncode == 0 else answer.stdout + answer.stderr


def test_the_linter_finds_nothing() -> None:
    assert run("ruff", "check", "bot", "core", "training", "tests") == ""


def test_the_code_is_formatted() -> None:
    assert run("ruff", "format", "--check", "bot", "core", "training", "tests") == ""


@pytest.mark.slow
def test_the_types_hold() -> None:
    assert run("mypy") == ""
