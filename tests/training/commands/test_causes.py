"""`aitl causes`: what is new is replayed, and the list is told in words and as JSON."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.bootstrap import open_store
from core.cli import aitl
from core.clock import utc_now
from core.feedback import Feedback
from core.judge.ruling import Ruling
from core.program import Program
from core.values import Turn
from tests.conftest import a_suggestion, publish


@pytest.fixture
def program(tmp_path: Path, sqlite_template: Path) -> Program:
    """A home in which two drafts were refused for their tone, and one thing is reported as missing."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(sqlite_template, home / "aitl.db")
    program = Program({"AITL_HOME": str(home)}, tmp_path / ".env")
    with open_store(program.settings()) as store:
        publish(store, 1, 2, 3, 4)
        feedback = Feedback(store, utc_now, str)
        for number in range(3):
            turn = Turn("customer", "When?", f"{number}.0", utc_now())
            case, _ = store.cases.open("T1", "C1", f"{number}.0", "U", turn)
            of = store.suggestions.add(a_suggestion(case, utc_now())).id
            store.suggestions.mark_posted(of, "C1", f"{number}.1", utc_now())
            if number:
                feedback.reject(of, f"U{number}", ["tone"], None, None, "modal", f"k{number}")
            else:
                feedback.reject(of, "U_ANN", ["missed_question"], None, None, "modal", "k0")
                feedback.report_gap(of, "U_ANN", "Paying in cash", "missing", None, "modal", "g0")
        for one in (*store.annotations.all("adoption"), *store.annotations.all("gap")):
            store.rulings.add(one.id, Ruling("accepted", 1.0), "test")
    return program


@pytest.fixture
def invoke(program: Program) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        result = CliRunner().invoke(aitl, ["causes", *arguments], obj=program, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_what_is_new_is_replayed_and_what_to_fix_comes_before_taste(invoke):
    said = invoke().splitlines()

    assert said[0] == "3 bad outcomes (knowledge gap 1, taste 2) in the last 7 days. What to fix first:"
    assert said[1] == "   1  Knowledge gap: Article 1"
    assert said[2] == "      Write what is missing, here or beside it; aitl gaps lists what was reported."
    assert said[3].endswith(": An agent reported it as missing.  https://slack.com/archives/C1/p01")
    assert said[4] == "   2  Taste: Article 1"
    assert len(said) == 8


def test_as_json_it_holds_every_line_with_its_examples(invoke):
    answer = json.loads(invoke("--json"))

    assert {name: answer[name] for name in ("days", "found", "left")} == {"days": 7, "found": 3, "left": 0}
    gap, taste = answer["causes"]
    assert (gap["cause"], gap["topic"], gap["article_id"], gap["count"]) == (
        "knowledge_gap",
        "Article 1",
        "article-1",
        1,
    )
    assert [one["outcome"] for one in taste["examples"]] == ["refused", "refused"]
    assert json.loads(invoke("--json"))["found"] == 0


def test_a_bounded_run_says_what_is_left_and_one_without_replays_only_lists(invoke):
    assert invoke("--most", "0") == "Not replayed yet: 3. The next run goes on with them.\n"
    assert invoke("--most", "2").endswith("Not replayed yet: 1. The next run goes on with them.\n")
    assert invoke().startswith("3 bad outcomes")
