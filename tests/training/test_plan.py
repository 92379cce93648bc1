"""`aitl train --dry-run`: what would be learned from, counted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.feedback import Feedback
from core.judge.judge import Judge
from core.redaction import redact
from core.values import Turn
from tests.conftest import a_suggestion
from training.plan import make_plan

TOPICS = ("refund", "deposit", "dog", "wifi", "key", "tax", "towel", "garage", "kitchen", "garden")


@pytest.fixture
def taught(store, watch):
    """Ten cases of ten topics, an hour apart, each with a preference by one of two agents a minute later."""
    feedback = Feedback(store, watch, redact)
    for number, topic in enumerate(TOPICS):
        turn = Turn("customer", f"What about the {topic} please?", f"{number}.0", watch())
        case, _ = store.cases.open("T1", "C1", f"{number}.0", "U_CUSTOMER", turn)
        suggestion = store.suggestions.add(a_suggestion(case, watch()))
        store.suggestions.mark_posted(suggestion.id, "C1", f"{number}.1", watch())
        watch.advance(60)
        feedback.prefer(suggestion.id, "U_ANN" if number % 2 else "U_BOB", "a2", "button", f"k{number}")
        watch.advance(3540)
    return feedback


def test_the_plan_counts_kinds_agents_and_what_is_left_out(taught, store):
    judged = Judge(store)
    judged.round()
    taught.withdraw("k0")

    plan = make_plan(store)

    assert (plan.cases, plan.held_out_cases, plan.leaked) == (7, 2, 0)
    assert plan.rows["preference"] == {"train": 7, "held_out": 2}
    assert plan.rows["relevance"] == {"train": 0, "held_out": 0}
    assert plan.agents == {"U_ANN": 5, "U_BOB": 4}
    assert plan.excluded == {"taken back": 1}


def test_nothing_said_is_a_plan_of_nothing(store):
    plan = make_plan(store)

    assert (plan.cases, plan.held_out_cases, plan.agents, plan.excluded) == (0, 0, {}, {})


def aitl(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-W", "error", "-c", "from core.cli import main; main()", "train", *arguments]
    environment = {"PATH": "/usr/bin:/bin", "AITL_HOME": str(home), "PYTHONPATH": ":".join(sys.path)}
    return subprocess.run(program, cwd=home, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_the_command_prints_one_object_or_plain_words(tmp_path):
    said = aitl(tmp_path, "--dry-run", "--json")
    words = aitl(tmp_path, "--dry-run")

    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["data"]["preference"] == {"train": 0, "held_out": 0}
    assert words.stdout.startswith("0 cases to learn from, 0 later ones to measure on")
