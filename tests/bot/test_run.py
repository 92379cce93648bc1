"""`aitl run` as a process: it says `ready`, stops when told, and names the setting that is wrong."""

from __future__ import annotations

import signal
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import yaml

from bot.sandbox import Sandbox, wait_for
from tests.programs import AITL, PATIENCE_S, end, running


def started(environ: dict[str, str], folder: Path, *options: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return running([*AITL, "run", *options], cwd=folder, env=environ)


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_is_ready_without_models_acknowledges_and_stops_cleanly(
    slack: Sandbox, environ: dict[str, str], tmp_path: Path, told: signal.Signals
) -> None:
    with started(environ, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        slack.person("ada").post("support-cases", "When will I get my refund?")
        wait_for(lambda: any(one.acked_ms is not None for one in slack.deliveries), PATIENCE_S, "the acknowledgement")

        process.send_signal(told)
        code, output, errors = end(process)

    assert code == 0, errors
    assert output == ""
    assert slack.violations == []


@pytest.mark.slow
def test_ready_is_one_json_object_when_asked_and_nothing_else_is_said(environ: dict[str, str], tmp_path: Path) -> None:
    with started(environ, tmp_path, "--json") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == '{"ready": true}\n'
        process.terminate()
        ended = end(process)

    assert ended == (0, "", "")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set."),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN is not set."),
        ({"SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN does not start with xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "SLACK_BOT_TOKEN was refused by Slack (invalid_auth)."),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "SLACK_APP_TOKEN was refused by Slack (invalid_auth)."),
        ({"AITL_SLACK_API_URL": "http://127.0.0.1:9/api/"}, "AITL_SLACK_API_URL is 'http://127.0.0.1:9/api/'"),
        ({"AITL_SLACK_API_URL": "{page}/nothing/api/"}, "what answers there is not Slack's Web API"),
        ({"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s"}, "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET are set"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(
    slack: Sandbox, environ: dict[str, str], tmp_path: Path, changes: dict[str, str], words: str
) -> None:
    given = environ | {name: value.format(page=slack.url) for name, value in changes.items()}

    with started(given, tmp_path) as process:
        code, output, errors = end(process)

    assert code == 2, errors
    assert output == ""
    assert len(errors.splitlines()) == 1
    assert words in errors
    assert "xoxb-wrong" not in errors


def test_a_missing_scope_is_named(tmp_path: Path, environ: dict[str, str]) -> None:
    manifest = yaml.safe_load((Path(__file__).parent.parent.parent / "manifest.yml").read_text("utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove("users:read")
    with Sandbox(manifest) as poor:
        tokens = {
            "AITL_SLACK_API_URL": poor.api_url, "SLACK_BOT_TOKEN": poor.bot_token, "SLACK_APP_TOKEN": poor.app_token
        }  # fmt: skip
        with started(environ | tokens, tmp_path) as process:
            code, _, errors = end(process)

    assert code == 2, errors
    assert "SLACK_BOT_TOKEN lacks the scopes users:read." in errors


@pytest.mark.slow
def test_an_app_that_is_uninstalled_ends_it_with_one_sentence_and_the_next_start_goes_on(
    slack: Sandbox, environ: dict[str, str], tmp_path: Path
) -> None:
    with started(environ, tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        slack.uninstall_app(error="token_revoked")
        code, _, errors = end(process)

    assert code == 1, errors
    assert [line for line in errors.splitlines() if "SLACK_BOT_TOKEN (token_revoked)" in line] == [errors.strip()]
    assert slack.violations == []

    with started(environ, tmp_path) as again:
        code, _, errors = end(again)
    assert (code, len(errors.splitlines())) == (2, 1), errors
    assert "SLACK_BOT_TOKEN was refused by Slack (token_revoked)" in errors
