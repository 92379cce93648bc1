"""The sandbox starts on a port of choice, reads a manifest, and says in one sentence what keeps it from that."""

from __future__ import annotations

import json
import signal
import socket
from pathlib import Path

import httpx
import pytest

from bot.sandbox import Sandbox, SandboxError
from bot.sandbox.manifest import load_manifest
from tests.programs import AITL, PATIENCE_S, end, running

ROOT = Path(__file__).parents[3]


def test_a_taken_port_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(SandboxError, match=f"cannot listen on port {port}"):
            Sandbox(port=port)


def test_an_impossible_port_is_named() -> None:
    with pytest.raises(SandboxError, match="cannot listen on port 70000"):
        Sandbox(port=70_000)


def test_a_chosen_port_is_used() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with Sandbox(port=port) as sandbox:
        assert sandbox.url == f"http://127.0.0.1:{port}"
        assert sandbox.api_url == f"http://127.0.0.1:{port}/api/"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("a: [", "is neither YAML nor JSON"),
        ("just words", "is not a Slack app manifest"),
        ("display_information: 7", "does not have the shape"),
        ("{display_information: {name: X}, features: {slash_commands: [{}]}}", "does not have the shape"),
    ],
)
def test_an_unreadable_manifest_is_named(tmp_path: Path, content: str, sentence: str) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(SandboxError, match=sentence) as refused:
        Sandbox(path)

    assert str(path) in str(refused.value)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match=r"cannot read the manifest .*nowhere\.yml"):
        Sandbox(tmp_path / "nowhere.yml")


def test_a_small_manifest_is_enough_for_any_app(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text('{"display_information": {"name": "Tea timer"}}', encoding="utf-8")

    manifest = load_manifest(path)

    assert (manifest.name, manifest.bot_name, manifest.scopes) == ("Tea timer", "Tea timer", frozenset())
    assert manifest.is_interactive is False


def test_the_projects_own_manifest_is_the_default() -> None:
    manifest = load_manifest(None)

    assert (manifest.name, manifest.commands[0].command, manifest.commands[0].should_escape) == ("AITL", "/aitl", True)


def test_a_sandbox_that_is_not_running_says_so() -> None:
    sandbox = Sandbox()
    try:
        with pytest.raises(SandboxError, match=r"not running; call start\(\) first"):
            sandbox.fail_next("chat.postMessage", error="fatal_error")
    finally:
        sandbox.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_how_to_connect_and_stops_with_zero(number: signal.Signals) -> None:
    with running([*AITL, "sandbox"], cwd=ROOT) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline().strip() for _ in range(5)]
        values = dict(line.removeprefix("export ").split("=", 1) for line in lines[1:])
        answer = httpx.post(
            f"{values['AITL_SLACK_API_URL']}auth.test",
            headers={"Authorization": f"Bearer {values['SLACK_BOT_TOKEN']}"},
            timeout=PATIENCE_S,
        )
        process.send_signal(number)
        ended = end(process)

    assert lines[0].startswith("# Page: http://127.0.0.1:")
    assert list(values) == ["AITL_SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"]
    assert answer.json()["ok"] is True
    assert ended == (0, "", "")


def test_the_command_prints_one_json_object_when_asked() -> None:
    with running([*AITL, "sandbox", "--json"], cwd=ROOT) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        process.terminate()
        ended = end(process)

    assert list(said) == ["url", "api_url", "bot_token", "app_token", "signing_secret"]
    assert said["api_url"] == f"{said['url']}/api/"
    assert ended == (0, "", "")
