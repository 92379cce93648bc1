"""The three sentences, as a lead reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.metrics.counted import Counted
from core.metrics.measures import figures_of
from core.metrics.summary import in_three_sentences, last_days
from core.registry.bundle import Aliases, Event
from core.registry.timeline import Served, timeline

NOW = datetime(2026, 5, 31, 9, 0, tzinfo=UTC)
SPAN = last_days(30, NOW)
ALONE = Aliases()


def counted(as_is, edited, rejected, helpful=0, marked=0, cases=0):
    adoptions = {("as_is", "a", None, None): as_is, ("edited", "a", None, None): edited,
                 ("rejected", None, None, None): rejected}  # fmt: skip
    return Counted(
        adoptions={key: times for key, times in adoptions.items() if times},
        marks={(1, 1): helpful, (0, 1): marked - helpful},
        drafted=cases,
    )


def sentences(now, before, log=(), aliases=ALONE):
    return in_three_sentences(figures_of(now, before), SPAN, timeline(log), aliases)


def test_used_and_surely_better_since_a_version():
    log = [Event(4, "promoted", datetime(2026, 5, 12, tzinfo=UTC), "U_LEA", "")]

    assert sentences(counted(120, 60, 20), counted(60, 60, 80), log, Aliases(4, 5, 0.2)) == (
        "Agents sent a draft in 90% of 200 decisions in the last 30 days, in 60% without a change.",
        "It is better than the 30 days before: "
        "drafts sent from 60% to 90%, drafts sent without a change from 30% to 60%.",
        "Version 4 has answered since 12 May 2026, version 0 before it. "
        "Version 5 is tried beside it on 20% of the cases.",
    )


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        (
            counted(30, 20, 50),
            counted(60, 20, 20),
            "It is worse than the 30 days before: "
            "drafts sent from 80% to 50%, drafts sent without a change from 60% to 30%.",
        ),
        (
            counted(30, 50, 20, 10, 100),
            counted(30, 20, 50, 50, 100),
            "Against the 30 days before it is mixed. "
            "Better: drafts sent from 50% to 80%. Worse: helpful snippets from 50% to 10%.",
        ),
        (
            counted(12, 5, 8),
            counted(11, 5, 9),
            "It is about as good as the 30 days before: no change is larger than chance alone would make it.",
        ),
        (
            counted(12, 5, 8),
            counted(3, 0, 0),
            "There is too little from the 30 days before to say whether it is better.",
        ),
    ],
)
def test_better_or_worse_is_said_only_where_it_is_sure(now, before, sentence):
    assert sentences(now, before)[1] == sentence


def test_little_and_nothing_are_said_as_such():
    assert sentences(counted(3, 2, 1, cases=9), Counted())[0] == (
        "Too early to say whether it is used: 9 cases got drafts in the last 30 days, and agents made 6 decisions; "
        "a share says something from 20 on."
    )
    assert sentences(Counted(), Counted())[0] == "No case came in the last 30 days."
    assert sentences(Counted(), Counted())[2] == (
        "All drafts are by version 0, which came with the product; no other was promoted yet."
    )


def test_champions_follow_one_another_and_a_rollback_goes_back():
    days = [datetime(2026, 5, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
    log = [
        Event(1, "registered", days[0], "gate", ""),
        Event(1, "promoted", days[1], "U_LEA", ""),
        Event(2, "promoted", days[2], "U_LEA", ""),
        Event(2, "rolled back", days[3], "U_LEA", ""),
    ]

    assert timeline(log) == [
        Served(0, None, days[1]),
        Served(1, days[1], days[2]),
        Served(2, days[2], days[3]),
        Served(1, days[3], None),
    ]
