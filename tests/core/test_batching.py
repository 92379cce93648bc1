"""The worker: one thread at a time, batches of what has gathered, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.batching import BatchWorker


def test_every_caller_gets_the_answer_to_what_it_asked() -> None:
    worker = BatchWorker[int, int](lambda numbers: [number * 2 for number in numbers], most=4, name="doubling")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: worker.ask(number, 30.0), range(100)))

    assert answers == [number * 2 for number in range(100)]


def test_what_is_asked_meanwhile_is_answered_together_and_never_at_the_same_time() -> None:
    batches: list[int] = []
    at_work = threading.Lock()

    def work(numbers: Sequence[int]) -> Sequence[int]:
        assert at_work.acquire(blocking=False), "two threads are at work"
        time.sleep(0.02)
        batches.append(len(numbers))
        at_work.release()
        return list(numbers)

    worker = BatchWorker[int, int](work, most=4, name="slow")
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda number: worker.ask(number, 30.0), range(12)))

    assert answers == list(range(12))
    assert max(batches) == 4
    assert sum(batches) == 12


def test_one_that_fails_does_not_spoil_the_others() -> None:
    def work(numbers: Sequence[int]) -> Sequence[int | BaseException]:
        return [ValueError("seven") if number == 7 else number for number in numbers]

    worker = BatchWorker[int, int](work, most=4, name="picky")

    assert worker.ask(6, 30.0) == 6
    with pytest.raises(ValueError, match="seven"):
        worker.ask(7, 30.0)
    assert worker.ask(8, 30.0) == 8


def test_work_that_breaks_fails_its_callers_and_not_the_next_ones() -> None:
    broken = [True]

    def work(numbers: Sequence[int]) -> Sequence[int]:
        if broken:
            broken.clear()
            raise RuntimeError("out of memory")
        return list(numbers)

    worker = BatchWorker[int, int](work, most=4, name="fragile")

    with pytest.raises(RuntimeError, match="out of memory"):
        worker.ask(1, 30.0)
    assert worker.ask(2, 30.0) == 2


def test_who_has_waited_long_enough_goes_and_is_not_answered_later() -> None:
    goes_on = threading.Event()
    seen: list[int] = []

    def work(numbers: Sequence[int]) -> Sequence[int]:
        seen.extend(numbers)
        goes_on.wait(60)
        return list(numbers)

    worker = BatchWorker[int, int](work, most=1, name="stuck", gather_s=0.0)
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(worker.ask, 1, 30.0)
        while not seen:
            time.sleep(0.01)
        with pytest.raises(TimeoutError, match="no answer within"):
            worker.ask(2, 0.05)
        goes_on.set()

        assert first.result() == 1
        assert worker.ask(3, 30.0) == 3
    assert seen == [1, 3]
