"""What threads show while their cases wait: who is told first, and when again."""

from __future__ import annotations

from bot.queue import CALLS_PER_LOOK, Shown, build_status, plan


def test_a_status_says_how_many_cases_come_first() -> None:
    assert [build_status(before) for before in (0, 1, 2, 57)] == [
        "is drafting…",
        "is drafting…",
        "is drafting other cases first: 2 before this one",
        "is drafting other cases first: 57 before this one",
    ]


def test_threads_that_show_nothing_yet_come_first_then_those_longest_without_news() -> None:
    shown = {
        "a": Shown("is drafting…", 10.0),
        "b": Shown(build_status(7), 60.0),
        "c": Shown(build_status(8), 50.0),
    }

    told = plan(["a", "b", "c", "d", "e"], shown, now_s=80.0)

    assert told == [
        ("d", build_status(3)),
        ("e", build_status(4)),
        ("c", build_status(2)),
        ("b", "is drafting…"),
    ]


def test_a_status_is_renewed_before_slack_takes_it_away() -> None:
    shown = {"a": Shown("is drafting…", 10.0)}

    assert plan(["a"], shown, now_s=99.0) == []
    assert plan(["a"], shown, now_s=101.0) == [("a", "is drafting…")]


def test_news_wait_a_little_so_that_a_moving_queue_floods_nobody() -> None:
    shown = {"a": Shown(build_status(9), 10.0)}

    assert plan(["a"], shown, now_s=24.0) == []
    assert plan(["a"], shown, now_s=26.0) == [("a", "is drafting…")]


def test_one_look_makes_so_many_calls_at_most() -> None:
    waiting = [f"case_{number}" for number in range(100)]

    assert [case for case, _ in plan(waiting, {}, now_s=1.0)] == waiting[:CALLS_PER_LOOK]
