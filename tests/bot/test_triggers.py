"""A trigger opens one form."""

from __future__ import annotations

from bot.triggers import Triggers


def test_a_trigger_is_taken_once() -> None:
    triggers = Triggers()

    assert [triggers.take("1.a"), triggers.take("1.a"), triggers.take("2.b")] == [True, False, True]


def test_only_the_newest_thousand_are_remembered() -> None:
    triggers = Triggers()

    for number in range(1001):
        triggers.take(str(number))

    assert triggers.take("1000") is False
    assert triggers.take("0") is True
