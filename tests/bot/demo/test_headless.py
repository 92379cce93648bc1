"""The whole loop as a stranger starts it: one command, real sockets, real model, all four kinds of feedback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PROGRAM = [sys.executable, "-c", "from core.cli import main; main()"]


def aitl(home: Path, *arguments: str) -> str:
    """What the real program prints, in a process and a home of its own."""
    environment = {"PATH": "/usr/bin:/bin", "AITL_HOME": str(home), "PYTHONPATH": ":".join(sys.path)}
    answer = subprocess.run(
        [*PROGRAM, *arguments], cwd=home, env=environment, capture_output=True, text=True, timeout=580, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def summary(home: Path) -> dict[str, Any]:
    return dict(json.loads(aitl(home, "demo", "--headless", "--cases", "6", "--json")))


def test_every_case_gets_a_suggestion_and_feedback_of_all_four_kinds(summary: dict[str, Any]) -> None:
    assert summary["cases"] == 6
    assert summary["suggestions"] >= 6
    assert summary["annotations"]["preferences"] >= 6
    assert summary["annotations"]["adoptions"] >= 6
    assert summary["annotations"]["relevance"] >= 6
    assert summary["annotations"]["gaps"] >= 1


def test_it_breaks_none_of_slacks_rules(summary: dict[str, Any]) -> None:
    assert summary["violations"] == 0


def test_the_home_is_the_one_that_was_given(summary: dict[str, Any], home: Path) -> None:
    assert summary["home"] == str(home)


@pytest.mark.usefixtures("summary")
def test_what_the_agents_said_can_be_exported(home: Path) -> None:
    rows = json.loads(aitl(home, "export", "adoptions", "--out", str(home / "adoptions.jsonl"), "--json"))["rows"]

    written = [json.loads(line) for line in (home / "adoptions.jsonl").read_text("utf-8").splitlines()]
    assert len(written) == rows >= 6
    assert {"as_is", "edited", "rejected"} >= {row["decision"] for row in written}


@pytest.mark.usefixtures("summary")
def test_a_case_on_the_terminal_is_answered_from_the_same_knowledge(home: Path) -> None:
    answer = json.loads(aitl(home, "suggest", "I lost my front door key and the host does not answer", "--json"))

    assert [candidate["slot"] for candidate in answer["candidates"]] == ["a", "b"]
    assert len(answer["snippets"]) == 8
