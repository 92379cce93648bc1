"""Several processes on one database: each row once, and what a killed one held comes back."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from core.clock import utc_now
from core.errors import StoreUnavailable
from core.store import Store
from core.values import Turn

ROOT = Path(__file__).parent.parent.parent.parent
ROWS = 120
PROCESSES = 4

CLAIMER = """
import sys
from core.clock import utc_now
from core.store import Store, make_engine
url, queue, worker = sys.argv[1:]
store = Store(make_engine(url), utc_now)
print("ready", flush=True)
sys.stdin.readline()
while True:
    claimed = store.inbox.claim("clicks", worker, 60, 3) if queue == "inbox" else store.outbox.claim(worker, 60, 3)
    if not claimed:
        pending = store.inbox.pending("clicks") if queue == "inbox" else store.outbox.pending()
        if not pending:
            break
    for one in claimed:
        print(one.key, flush=True)
        (store.inbox if queue == "inbox" else store.outbox).finish(one.id)
"""

HOLDER = """
import sys, time
from core.clock import utc_now
from core.store import Store, make_engine
store = Store(make_engine(sys.argv[1]), utc_now)
store.inbox.claim("clicks", "doomed", 2)
store.outbox.claim("doomed", 2)
with store.transaction():
    store.inbox.put("half-done", "click", "clicks", {})
    print("holding", flush=True)
    time.sleep(600)
"""

OPENER = """
import sys
from core.clock import utc_now
from core.store import Store, make_engine
from core.values import Turn
store = Store(make_engine(sys.argv[1]), utc_now)
print("ready", flush=True)
sys.stdin.readline()
for number in range(20):
    case, new = store.cases.open("T1", "C1", f"{number}.0", "U", Turn("customer", "Hello", f"{number}.0"))
    if new:
        print("opened", case.id, flush=True)
    if store.cases.answer(case.id, sys.argv[2], f"click-{sys.argv[2]}"):
        print("answered", case.id, flush=True)
"""


@pytest.fixture
def start():
    """Starts a program; whatever still runs at the end is killed."""
    running: list[subprocess.Popen[str]] = []

    def launch(program, *arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        running.append(process)
        assert process.stdout.readline() in ("ready\n", "holding\n")
        return process

    yield launch
    for process in running:
        process.kill()
        process.communicate()


def outputs(processes):
    """Lets all go at once, and gives the lines of each."""
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    lines = [process.communicate(timeout=120)[0].split("\n")[:-1] for process in processes]
    assert [process.returncode for process in processes] == [0] * len(processes)
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("queue", ["inbox", "outbox"])
def test_every_row_is_claimed_by_exactly_one_process(start, store, database_url, queue):
    with store.transaction():
        for number in range(ROWS):
            store.inbox.put(f"k{number}", "click", "clicks", {})
            store.outbox.put(f"k{number}", "chat.update", {}, order_key=f"C{number % 10}")

    lines = outputs([start(CLAIMER, database_url, queue, f"w{number}") for number in range(PROCESSES)])

    claimed = [key for of_one in lines for key in of_one]
    assert sorted(claimed) == sorted(f"k{number}" for number in range(ROWS))


@pytest.mark.slow
def test_a_thread_becomes_one_case_with_one_answer_whoever_comes_first(start, store, database_url):
    lines = outputs([start(OPENER, database_url, f"U{number}") for number in range(PROCESSES)])

    said = sorted(line for of_one in lines for line in of_one)
    cases = sorted(store.cases.ids())
    assert len(cases) == 20
    assert said == sorted([f"opened {case}" for case in cases] + [f"answered {case}" for case in cases])


@pytest.mark.slow
def test_a_killed_process_loses_its_claims_after_the_lease_and_its_open_transaction_at_once(
    start, engine, database_url
):
    store = Store(engine, utc_now)
    store.inbox.put("k1", "click", "clicks", {"text": "kept"})
    store.outbox.put("p1", "chat.postMessage", {"text": "kept"})
    process = start(HOLDER, database_url)

    process.kill()
    process.wait()

    work, sending = wait_for(lambda: store.inbox.claim("clicks", "next", 60)), None
    sending = wait_for(lambda: store.outbox.claim("next", 60))
    assert (work.key, work.payload, work.attempts) == ("k1", {"text": "kept"}, 2)
    assert (sending.key, sending.unknown_outcome) == ("p1", True)
    assert store.inbox.put("half-done", "click", "clicks", {})


def wait_for(claim):
    for _ in range(300):
        if found := claim():
            return found[0]
        time.sleep(0.1)
    raise AssertionError("nothing came back in 30 s")


def test_threads_that_choose_at_one_moment_leave_one_choice_standing(world, store):
    barrier = threading.Barrier(8)
    errors: list[BaseException] = []

    def click(number):
        try:
            barrier.wait(timeout=60)
            world.feedback.prefer(world.suggestion.id, "U_ANN", "a2", "button", f"k{number}")
        except BaseException as error:  # noqa: BLE001 (told to the thread that asserts)
            errors.append(error)

    threads = [threading.Thread(target=click, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert errors == []
    assert [one.key for one in store.annotations.standing(world.suggestion.id)] == ["k7"]
    assert len(store.annotations.of_case(world.case.id, everything=True)) == 8


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_database_that_stays_locked_acknowledges_nothing(store, engine):
    with closing(sqlite3.connect(engine.url.database, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreUnavailable, match="database is locked"):
            store.inbox.put("k1", "click", "clicks", {})

        somebody.execute("ROLLBACK")
    assert store.inbox.put("k1", "click", "clicks", {})


def test_a_broken_transaction_stores_nothing(store):
    with pytest.raises(RuntimeError, match="stop"), store.transaction():
        store.inbox.put("k1", "click", "clicks", {})
        store.cases.open("T1", "C1", "1.0", "U", Turn("customer", "Hello", "1.0"))
        raise RuntimeError("stop")

    assert store.inbox.pending("clicks") == 0
    assert store.cases.count() == 0
