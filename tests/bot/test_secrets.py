"""No secret is said by a program that runs, fails, or is looked over: not on its outputs, not in its files."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.sandbox import Sandbox, wait_for
from tests.programs import end, running

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-c", "from core.cli import main; main()"]
PASSWORD, AS_WRITTEN = "pass@word-s3cret", "pass%40word-s3cret"
UNREACHABLE = f"postgresql://bot:{AS_WRITTEN}@127.0.0.1:9/aitl"
BY_QUERY = f"postgresql://bot@127.0.0.1:9/aitl?password={AS_WRITTEN}"


@pytest.fixture
def environ(environ: dict[str, str], slack: Sandbox) -> dict[str, str]:
    secret = {"SLACK_SIGNING_SECRET": slack.signing_secret, "AITL_OPENAI_API_KEY": "sk-my-own-s3cret-key"}
    return {**environ, **secret, "AITL_LEADS": slack.user("lea").id, "AITL_LOG_LEVEL": "debug"}


def secrets_of(environ: dict[str, str]) -> list[str]:
    names = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "AITL_OPENAI_API_KEY")
    return [PASSWORD, AS_WRITTEN, *(environ[name] for name in names if environ[name])]


def leaks(said: str, environ: dict[str, str]) -> list[str]:
    """The secrets found in what was said and in all files of the home."""
    home = Path(environ["AITL_HOME"])
    kept = [path.read_bytes() for path in home.rglob("*") if path.is_file()] if home.exists() else []
    return [one for one in secrets_of(environ) if one in said or any(one.encode() in held for held in kept)]


@pytest.mark.slow
@pytest.mark.parametrize("command", [["run"], ["doctor", "--json"]])
@pytest.mark.parametrize(
    "changes",
    [
        {"SLACK_BOT_TOKEN": "xoxb-1-refused-s3cret"},
        {"SLACK_APP_TOKEN": "xapp-1-A1-refused-s3cret"},
        {"SLACK_BOT_TOKEN": "xapp-1-A1-misplaced-s3cret"},
        {"AITL_LEADS": "xoxb-1-misplaced-s3cret"},
        {"AITL_DATABASE_URL": UNREACHABLE},
        {"AITL_DATABASE_URL": BY_QUERY},
        {"AITL_DATABASE_URL": UNREACHABLE.replace("postgresql", "mysql")},
        {"AITL_DATABASE_URL": BY_QUERY.replace(":9/", ":port/")},
        {"AITL_CHROMA_URL": f"ftp://bot:{AS_WRITTEN}@127.0.0.1"},
    ],
    ids=lambda changes: next(iter(changes)) if isinstance(changes, dict) else None,
)
def test_what_cannot_work_is_said_without_its_secrets(
    command: list[str], changes: dict[str, str], environ: dict[str, str], tmp_path: Path
) -> None:
    given = environ | changes

    answer = subprocess.run(
        [*PROGRAM, *command], env=given, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )

    assert answer.returncode in (1, 2), answer.stderr
    said = answer.stdout + answer.stderr
    assert said.strip()
    assert leaks(said, {**given, "AITL_LEADS": ""}) == []
    assert "s3cret" not in said


@pytest.mark.slow
def test_a_bot_that_tells_every_detail_tells_no_secret(slack: Sandbox, environ: dict[str, str], tmp_path: Path) -> None:
    with running([*PROGRAM, "run"], cwd=tmp_path, env=environ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        slack.person("guest").command("config all", channel="random")
        slack.person("lea").command("config all")
        wait_for(lambda: "SLACK_BOT_TOKEN = '***'" in str(slack.person("lea").messages("support-cases")), 60, "config")
        process.terminate()
        code, output, errors = end(process)

    assert code == 0, errors
    said = output + errors
    tickets = re.findall(r"ticket=([\w-]{8,})", str([call.response for call in slack.calls]))
    addresses = [str(one.payload["response_url"]) for one in slack.deliveries if "response_url" in one.payload]
    assert "refused /aitl config to" in said
    assert "DEBUG slack" in said
    assert len(tickets) >= 2
    assert len(addresses) == 2
    assert leaks(said, environ) == []
    assert [one for one in (*tickets, *addresses) if one in said] == []


def test_a_crash_tells_no_secret(environ: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "crash.py").write_text(
        "import click, os, threading\n"
        "@click.command()\n"
        "def crash():\n"
        "    thread = threading.Thread(target=lambda: [][len(os.environ['SLACK_SIGNING_SECRET'])])\n"
        "    thread.start(); thread.join()\n"
        "    url, secret = os.environ['AITL_DATABASE_URL'], os.environ['SLACK_SIGNING_SECRET']\n"
        "    raise RuntimeError(f'at {url} with {secret}')\n"
    )
    program = "from core import cli; cli.COMMANDS['crash'] = ('crash:crash', ''); cli.main()"
    given = {**environ, "AITL_DATABASE_URL": UNREACHABLE, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}

    answer = subprocess.run(
        [sys.executable, "-c", program, "crash"], env=given, cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 1
    assert "RuntimeError: at postgresql://bot:***@127.0.0.1:9/aitl with ***" in answer.stderr
    assert "IndexError" in answer.stderr
    assert leaks(answer.stdout + answer.stderr, given) == []
