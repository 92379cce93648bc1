"""Which thread writes next."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from core.errors import StoreUnavailable
from core.store.turns import WriteTurns

WAITS_S = 20.0


def wait_in_line(turns: WriteTurns, name: str, done: list[str], *, hasty: bool) -> Thread:
    """A thread that notes its name in its turn; returns once it stands in line."""
    waiting = len(turns._hasty) + len(turns._others)

    def work() -> None:
        with turns.turn(hasty=hasty, timeout_s=WAITS_S):
            done.append(name)

    thread = Thread(target=work)
    thread.start()
    while len(turns._hasty) + len(turns._others) == waiting:
        Event().wait(0.005)
    return thread


def test_whom_somebody_waits_for_comes_first_and_the_others_in_their_order():
    turns, done = WriteTurns(), []

    with turns.turn(hasty=False, timeout_s=WAITS_S):
        line = [
            wait_in_line(turns, "first", done, hasty=False),
            wait_in_line(turns, "second", done, hasty=False),
            wait_in_line(turns, "click", done, hasty=True),
        ]
    for thread in line:
        thread.join(WAITS_S)

    assert done == ["click", "first", "second"]


def test_nobody_is_inside_with_another():
    turns, inside, most = WriteTurns(), [0], [0]

    def work() -> None:
        for _ in range(200):
            with turns.turn(hasty=False, timeout_s=WAITS_S):
                inside[0] += 1
                most[0] = max(most[0], inside[0])
                inside[0] -= 1

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAITS_S)

    assert most == [1]


def test_who_waits_too_long_hears_it_and_the_line_goes_on():
    turns, done = WriteTurns(), []

    with turns.turn(hasty=False, timeout_s=WAITS_S):
        with pytest.raises(StoreUnavailable, match=r"writing for 0\.05 s"), turns.turn(hasty=True, timeout_s=0.05):
            done.append("never")
        line = wait_in_line(turns, "next", done, hasty=False)
    line.join(WAITS_S)

    assert done == ["next"]


def test_an_error_inside_hands_the_turn_on():
    turns = WriteTurns()

    with pytest.raises(KeyError), turns.turn(hasty=False, timeout_s=WAITS_S):
        raise KeyError

    with turns.turn(hasty=False, timeout_s=0.05):
        pass
