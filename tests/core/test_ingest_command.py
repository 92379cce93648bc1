"""What `aitl ingest` prints and with which code it ends; the embedder is the packaged MiniLM."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from filelock import FileLock

from core.errors import ConfigurationError
from core.ingest_command import ingest_command
from core.knowledge.turn import LOCK_FILE
from core.settings import Settings

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def settings(tmp_path):
    return Settings.from_environment({"AITL_HOME": str(tmp_path / "home")})


@pytest.fixture
def articles(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "refunds.md").write_text("# Refund times\n\nA refund to a card takes five days.")
    (folder / "pets.md").write_text("# Pets\n\nDogs are welcome.")
    return folder


def test_json_is_one_object_with_the_counts(settings, articles, capsys):
    code = ingest_command([articles], settings, as_json=True)

    assert code == 0
    expected = {"added": 2, "updated": 0, "unchanged": 0, "retired": 0, "failed": [], "lost": [], "left": {}}
    assert json.loads(capsys.readouterr().out) == expected


def test_a_bad_file_is_named_and_the_rest_is_there(settings, articles, capsys):
    (articles / "bad.txt").write_bytes(b"\xff")

    code = ingest_command([articles], settings, as_json=False)

    out, err = capsys.readouterr()
    assert code == 1
    assert out == "2 added, 0 updated, 0 unchanged, 0 retired, 1 skipped\n"
    assert err.startswith(f"skipped {articles / 'bad.txt'}: it is not UTF-8 text")


def test_json_names_the_bad_file(settings, articles, capsys):
    (articles / "bad.jsonl").write_text("{")

    code = ingest_command([articles / "bad.jsonl"], settings, as_json=True)

    [failure] = json.loads(capsys.readouterr().out)["failed"]
    assert code == 1
    assert failure == {"path": str(articles / "bad.jsonl"), "reason": failure["reason"]}
    assert failure["reason"].startswith("line 1 is not JSON")


def test_a_path_that_is_not_there_is_a_usage_error(settings, tmp_path):
    with pytest.raises(ConfigurationError, match="no file or folder"):
        ingest_command([tmp_path / "nowhere"], settings, as_json=True)


def test_a_second_ingest_waits_for_the_first_and_says_so(settings, articles, capsys):
    settings.home.mkdir(parents=True)
    first = FileLock(settings.home / LOCK_FILE)
    first.acquire()
    said: list[str] = []
    second = threading.Thread(target=lambda: said.append(str(ingest_command([articles], settings, as_json=True))))

    second.start()
    time.sleep(1.0)
    waited = second.is_alive()
    first.release()
    second.join(timeout=120)

    assert waited
    assert said == ["0"]
    assert "Another ingest is running" in capsys.readouterr().err


@pytest.mark.slow
def test_an_ingest_killed_at_its_work_changes_nothing_and_the_next_one_succeeds(settings, articles, capsys):
    ingest_command([articles], settings, as_json=True)
    index = settings.home / "index"
    [live] = index.iterdir()
    rows = [
        {"id": f"r{n}", "title": f"Rule {n}", "text": f"Rule number {n} holds everywhere. " * 9} for n in range(3000)
    ]
    (articles / "rules.jsonl").write_text("\n".join(map(json.dumps, rows)))
    program = "from core.cli import main; main()"
    environ = {**os.environ, "AITL_HOME": str(settings.home), "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen(
        [sys.executable, "-c", program, "ingest", str(articles)], env=environ, cwd=articles, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 120
    while len(list(index.iterdir())) < 2 and time.monotonic() < until and worker.poll() is None:
        time.sleep(0.1)
    worker.kill()
    worker.wait()
    assert worker.returncode < 0
    assert len(list(index.iterdir())) == 2
    (articles / "rules.jsonl").unlink()
    capsys.readouterr()

    code = ingest_command([articles], settings, as_json=True)

    assert code == 0
    assert json.loads(capsys.readouterr().out)["unchanged"] == 2
    assert list(index.iterdir()) == [live]
