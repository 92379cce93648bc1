"""Work of killed processes: handed back at the next start where it is certain that they are gone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from bot.predecessors import abandon_what_the_dead_held, is_dead, worker_name
from core.settings import Settings
from core.store import Store

HOST = socket.gethostname()


def a_pid_that_is_gone() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_a_killed_process_held_can_be_claimed_at_once(store: Store) -> None:
    store.inbox.put("k", "draft", "drafts", {})
    store.outbox.put("k", "chat.postMessage", {})
    gone = f"{HOST}:{a_pid_that_is_gone()}"
    store.inbox.claim("drafts", f"{gone}:drafts", 300)
    store.outbox.claim(f"{gone}:out", 60)

    assert abandon_what_the_dead_held(store) == 2

    assert [work.key for work in store.inbox.claim("drafts", "next", 300)] == ["k"]
    (sending,) = store.outbox.claim("next", 60)
    assert (sending.key, sending.unknown_outcome) == ("k", True)


def test_what_somebody_alive_or_elsewhere_holds_stays_theirs(store: Store) -> None:
    for worker in (f"{HOST}:{os.getpid()}:drafts", f"elsewhere:{a_pid_that_is_gone()}:drafts", "bot:drafts"):
        store.inbox.put(worker, "draft", "drafts", {})
        store.inbox.claim("drafts", worker, 300)

    assert abandon_what_the_dead_held(store) == 0
    assert store.inbox.claim("drafts", "next", 300) == []


def test_a_process_of_somebody_else_is_alive() -> None:
    assert not is_dead(f"{HOST}:1:drafts")


def test_on_sqlite_every_bot_has_one_name_and_elsewhere_each_its_own(tmp_path: Path) -> None:
    sqlite = Settings(home=tmp_path, database_url="sqlite:///x.db")

    assert worker_name(sqlite, "T1") == "bot@T1"
    assert worker_name(replace(sqlite, database_url="postgresql://x"), "T1") == f"{HOST}:{os.getpid()}"
