"""A breach of Slack's rules makes a test run fail by itself, unless the test looks at it or expects it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import RulesBroken, Sandbox

ROOT = Path(__file__).parent.parent.parent.parent

TEST_FILE = """
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from bot.sandbox import Sandbox

@pytest.fixture
def slack():
    with Sandbox() as sandbox:
        yield sandbox

def break_a_rule(slack):
    with pytest.raises(SlackApiError):
        WebClient(token=slack.bot_token, base_url=slack.api_url).api_call("chat.shout")

def test_careless(slack):
    break_a_rule(slack)

def test_looking(slack):
    break_a_rule(slack)
    assert len(slack.violations) == 1

def test_expecting(slack):
    slack.expect_violations("unknown_method")
    break_a_rule(slack)

def test_keeping_to_the_rules(slack):
    WebClient(token=slack.bot_token, base_url=slack.api_url).auth_test()
"""


def break_a_rule(slack: Sandbox) -> None:
    with pytest.raises(SlackApiError):
        WebClient(token=slack.bot_token, base_url=slack.api_url).api_call("chat.shout")


@pytest.mark.slow
def test_a_careless_test_fails_by_itself(tmp_path: Path) -> None:
    (tmp_path / "test_app.py").write_text(TEST_FILE, "utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-q", "-rE", "."]

    answer = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )

    assert "4 passed, 1 error" in answer.stdout, answer.stdout
    assert "ERROR test_app.py::test_careless" in answer.stdout
    assert "unknown_method: chat.shout is no method that the sandbox knows" in answer.stdout


def test_what_comes_after_the_last_look_counts() -> None:
    with pytest.raises(RulesBroken, match="the app broke 1 of Slack's rules"), Sandbox() as slack:
        break_a_rule(slack)
        assert len(slack.violations) == 1
        break_a_rule(slack)


def test_only_the_expected_rules_are_forgiven() -> None:
    with pytest.raises(RulesBroken, match="unknown_method"), Sandbox() as slack:
        slack.expect_violations("unacked", "late_ack")
        break_a_rule(slack)


def test_a_failure_of_the_test_itself_is_what_is_told() -> None:
    with pytest.raises(ZeroDivisionError), Sandbox() as slack:
        break_a_rule(slack)
        raise ZeroDivisionError
