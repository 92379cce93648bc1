"""The local Slack, and the environment of a program that talks to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox import Sandbox


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def environ(slack: Sandbox, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AITL_HOME": str(tmp_path / "home"),
        "AITL_SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "AITL_CASE_CHANNELS": slack.channel("support-cases").id,
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
    }
