"""What the doctor says of the schedule."""

from __future__ import annotations

import pytest

from bot.schedule_check import check_schedule
from core.store.leadership import SCHEDULER


def test_where_nothing_has_ever_run_it_says_how_to_begin(store, watch):
    assert check_schedule(store, watch()) == (
        "no scheduler runs; aitl run starts one, or aitl schedule; no retraining has ended yet"
    )


def test_the_last_retraining_is_told(store, watch):
    store.leases.take(SCHEDULER, "host:1", 10)
    store.retrainings.ask("k1", "cadence")
    store.retrainings.start("k1")
    store.retrainings.finish("k1", {"verdict": "insufficient data", "reason": "Skipped: 3 new annotations may teach."})

    assert check_schedule(store, watch()) == (
        "a scheduler runs; the last retraining ended at 2026-05-04 09:00 UTC: Skipped: 3 new annotations may teach."
    )


def test_a_scheduler_that_died_is_a_fault_and_one_that_was_stopped_is_none(store, watch):
    store.leases.take(SCHEDULER, "host:1", 10)
    watch.advance(60)
    with pytest.raises(ValueError, match="last heard of at 2026-05-04 09:00 UTC and did not stop by itself"):
        check_schedule(store, watch())

    store.leases.give_back(SCHEDULER, "host:1")
    watch.advance(60)

    assert check_schedule(store, watch()).startswith("no scheduler runs")


def test_a_retraining_that_failed_is_a_fault_until_another_one_is_done(store, watch):
    for key, state in (("k1", "failed"), ("k2", "done")):
        store.retrainings.ask(key, "cadence")
        store.retrainings.start(key)
        if state == "failed":
            store.retrainings.fail(key, "It broke (exit code 1): no memory.")
            with pytest.raises(ValueError, match=r"UTC failed: It broke \(exit code 1\): no memory. The champion"):
                check_schedule(store, watch())
        else:
            watch.advance(1)
            store.retrainings.finish(key, {"reason": "Better."})

    assert check_schedule(store, watch()).endswith("09:00 UTC: Better.")
