"""Leases and leadership: one holder at a time, and another soon after it is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from core.clock import utc_now
from core.store import Store, make_engine
from core.store.leadership import SCHEDULER, Leadership

ROOT = Path(__file__).parents[3]
# Leads for ever once it can, and says so.
LEADER = """
import sys, time
from core.clock import utc_now
from core.store import Store, make_engine
from core.store.leadership import SCHEDULER, Leadership
store = Store(make_engine(sys.argv[1]), utc_now)
leadership = Leadership(store.engine, store.leases, SCHEDULER)
said = False
while True:
    if leadership.hold() and not said:
        print("leads", flush=True)
        said = True
    time.sleep(0.1)
"""


def test_a_lease_is_held_by_one_until_it_runs_out(store, watch):
    assert store.leases.take("house", "ann", 10)
    assert not store.leases.take("house", "bob", 10)
    assert store.leases.is_held("house")

    watch.advance(8)
    assert store.leases.take("house", "ann", 10)  # for longer
    watch.advance(8)
    assert not store.leases.take("house", "bob", 10)

    watch.advance(3)
    assert not store.leases.is_held("house")
    assert store.leases.take("house", "bob", 10)
    assert not store.leases.take("house", "ann", 10)
    assert store.leases.get("house").holder == "bob"


def test_a_lease_that_is_given_back_is_free_at_once(store):
    store.leases.take("house", "ann", 10)

    store.leases.give_back("house", "bob")  # who does not hold it
    assert store.leases.is_held("house")
    store.leases.give_back("house", "ann")

    assert not store.leases.is_held("house")
    assert store.leases.take("house", "bob", 10)
    assert store.leases.get("garden") is None


@pytest.fixture
def two_leaders(database_url):
    """Two processes' shares in one leadership, and the store of the first."""
    stores = [Store(make_engine(database_url), utc_now) for _ in range(2)]
    leaders = [Leadership(store.engine, store.leases, SCHEDULER) for store in stores]
    yield *leaders, stores[0]
    for leader, store in zip(leaders, stores, strict=True):
        leader.give_up()
        store.engine.dispose()


def test_only_one_of_two_leads_until_it_gives_up(two_leaders):
    one, two, store = two_leaders

    assert [one.hold(), two.hold(), one.hold()] == [True, False, True]
    assert (one.is_certain, two.is_certain) == (True, False)
    two.give_up()
    assert store.leases.is_held(SCHEDULER)
    one.give_up()

    assert not store.leases.is_held(SCHEDULER)
    assert [two.hold(), one.hold()] == [True, False]


def test_who_gives_up_lets_the_other_lead_at_once_each_time(two_leaders):
    one, two, _ = two_leaders

    for _ in range(20):
        assert one.hold()
        one.give_up()
        assert two.hold()
        two.give_up()


@pytest.mark.slow
def test_another_leads_within_seconds_after_the_leader_was_killed(database_url):
    leaders = [
        subprocess.Popen(
            [sys.executable, "-c", LEADER, database_url],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
    ]
    try:
        assert leaders[0].stdout.readline() == "leads\n"
        store = Store(make_engine(database_url), utc_now)
        follower = Leadership(store.engine, store.leases, SCHEDULER)
        assert not follower.hold()

        leaders[0].send_signal(signal.SIGKILL)
        killed_s = time.monotonic()
        while not follower.hold():
            assert time.monotonic() - killed_s < 20
            time.sleep(0.1)

        assert store.leases.get(SCHEDULER).holder == follower.holder
        follower.give_up()
        store.engine.dispose()
    finally:
        for leader in leaders:
            leader.kill()
            leader.communicate()
