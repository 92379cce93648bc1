"""The circuit: an outage is found once, left alone for longer and longer, and over as soon as one try works."""

from __future__ import annotations

from core.circuit import FIRST_PAUSE_S, LONGEST_PAUSE_S, Circuit


class Seconds:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_while_all_is_well_everybody_may_try() -> None:
    circuit = Circuit()

    assert all(circuit.may_try() for _ in range(3))
    assert not circuit.is_open
    assert not circuit.succeeded()


def test_only_the_first_failure_begins_an_outage() -> None:
    circuit = Circuit(Seconds())

    assert circuit.failed()
    assert not circuit.failed()
    assert circuit.is_open


def test_in_an_outage_one_caller_tries_after_the_pause_and_the_others_do_not() -> None:
    clock = Seconds()
    circuit = Circuit(clock)
    circuit.failed()

    assert not circuit.may_try()
    clock.now += FIRST_PAUSE_S
    assert [circuit.may_try() for _ in range(3)] == [True, False, False]


def test_each_try_that_fails_doubles_the_pause_up_to_the_longest() -> None:
    clock = Seconds()
    circuit = Circuit(clock)
    circuit.failed()
    pauses = []
    for _ in range(7):
        pause = 0.0
        while not circuit.may_try():
            clock.now += 5.0
            pause += 5.0
        pauses.append(pause)
        circuit.failed()

    assert pauses == [15.0, 30.0, 60.0, 120.0, 240.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S]


def test_several_that_were_under_way_when_it_failed_count_as_one_failure() -> None:
    clock = Seconds()
    circuit = Circuit(clock)
    for _ in range(8):
        circuit.failed()

    clock.now += FIRST_PAUSE_S
    assert circuit.may_try()


def test_one_try_that_works_ends_the_outage() -> None:
    clock = Seconds()
    circuit = Circuit(clock)
    circuit.failed()
    clock.now += FIRST_PAUSE_S
    circuit.may_try()

    assert circuit.succeeded()
    assert circuit.may_try()
    assert not circuit.is_open
