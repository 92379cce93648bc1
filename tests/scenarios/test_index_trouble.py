"""The vector index is gone and comes back: drafts wait for it, clicks do not."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.bootstrap import make_suggester
from core.hashed_words import HashedWordsEmbedder
from core.ingest_command import ingest_paths
from tests.scenarios.conftest import payload_of
from tests.scenarios.harness.word_overlap import ARTICLES


class ChromaServer:
    """A real one in a folder of its own, to be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("chroma", path=str(Path(sys.executable).parent))
        if program is None:
            pytest.skip("the chroma program is not installed beside Python")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        where = ("--path", str(folder), "--host", "127.0.0.1", "--port", str(self._port))
        self._command = [program, "run", *where]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port), timeout=1):
                return
            time.sleep(0.1)
        pytest.fail("the Chroma server did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "chroma")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def play_with_index(play: Callable[..., Any], open_parts: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Starts a bot that drafts from a real index; the first start fills it."""
    files = tmp_path / "articles"

    def start(**changes: Any) -> Any:
        parts = open_parts(**changes)
        embedder = HashedWordsEmbedder()
        if not files.exists():
            files.mkdir()
            for title, text in ARTICLES.items():
                (files / f"{title}.md").write_text(f"# {title}\n\n{text}\n", "utf-8")
            ingest_paths([files], parts.settings, parts.store, embedder)
        return play(make_suggester(parts.settings, parts.store, parts.clock, embedder), **changes)

    return start


@pytest.mark.slow
def test_drafts_wait_for_an_index_folder_that_is_away_and_clicks_do_not(
    play_with_index: Callable[..., Any], tmp_path: Path, caplog: Any
) -> None:
    first = play_with_index()
    _, message = first.post_case()
    first.quiet()
    first.bot.stop()
    (tmp_path / "index").rename(tmp_path / "index-away")

    scene = play_with_index()
    thread_ts = scene.person("ben").post("support-cases", "How do I cancel a booking?")
    scene.eventually(lambda: "IndexBroken" in caplog.text, "the draft to fail")
    scene.click("ada", message, "preference.a3")
    scene.eventually(lambda: list(scene.store.annotations.all("preference")), "the preference")
    (tmp_path / "index-away").rename(tmp_path / "index")

    _drafts_come(scene, thread_ts)


@pytest.mark.slow
def test_drafts_wait_for_an_index_server_that_is_away_and_clicks_do_not(
    play_with_index: Callable[..., Any], server: ChromaServer, caplog: Any
) -> None:
    first = play_with_index(chroma_url=server.url)
    _, message = first.post_case()
    first.quiet()
    first.bot.stop()
    server.stop()

    scene = play_with_index(chroma_url=server.url)
    thread_ts = scene.person("ben").post("support-cases", "How do I cancel a booking?")
    scene.eventually(lambda: "IndexBroken" in caplog.text, "the draft to fail")
    scene.click("ada", message, "preference.a3")
    scene.eventually(lambda: list(scene.store.annotations.all("preference")), "the preference")
    server.start()

    _drafts_come(scene, thread_ts)


def _drafts_come(scene: Any, thread_ts: str) -> None:
    """By themselves; where the index came back so late that drafting was given up, by the button in the thread."""

    def drafts_or_regret(message: dict[str, Any]) -> bool:
        return bool(payload_of(message, "aitl_suggestion")) or "I couldn't" in message["text"]

    found = scene.reply(thread_ts, drafts_or_regret)
    if not payload_of(found, "aitl_suggestion"):
        scene.click("ada", found, "again")
        scene.suggestion(thread_ts)
    scene.quiet()
