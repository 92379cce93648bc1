"""The Home and the weekly message: what an agent's own feedback changed, and nothing that the record does not prove."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import blockkit
from bot.blocks.help import build_help
from bot.blocks.home import HOME_MAX, MEASURES, build_home, build_news, told
from bot.blocks.notes import build_note
from core.own_feedback import Effect, Measure, OwnArticle, Taught
from core.settings import REACTIONS
from training.evaluation.verdict import MEASURES as GATE_MEASURES

AT = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
HIGHER = Measure("nDCG@10 of judged snippets", 0.61, 0.68, 0.02, 0.12, 84)
THREE = Taught(3, False, AT, {"preference": 7, "adoption": 1}, 240, [HIGHER])
WINTER = OwnArticle("U0ADA", "winter", "Winter <refunds>", "https://help.example/winter", was_missing=True, at=AT)
NOTHING = Effect([], [])
HELP = build_help(REACTIONS, is_lead=True)["blocks"]


def words(view: dict[str, Any]) -> str:
    return "\n".join(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


def actions_of(view: dict[str, Any]) -> list[str]:
    return [one["action_id"] for block in view["blocks"] if block["type"] == "actions" for one in block["elements"]]


def test_a_version_that_serves_says_what_of_it_was_taught_by_this_agent() -> None:
    assert told(Effect([THREE], [])) == [
        "• Version 3 has written the drafts since 2026-05-04. 8 of the 240 clicks it learned from are yours: 7 choices "
        "between drafts, 1 decision about a draft. Compared with the version before, helpful sources stand higher "
        "(0.61 → 0.68, 84 later cases)."
    ]
    tried = replace(THREE, version=4, is_challenger=True, own={"gap": 1}, measures=[])
    assert told(Effect([tried], [])) == [
        "• Version 4 has been tried on a part of the cases since 2026-05-04. 1 of the 240 clicks it learned from is "
        "yours: 1 report of missing knowledge."
    ]


@pytest.mark.parametrize(
    ("own", "lessons", "said"),
    [
        (1, 1, "The one click it learned from is"),
        (5, 5, "All 5 clicks it learned from are"),
        (2, 5, "2 of the 5 clicks"),
    ],
)
def test_whoever_taught_it_all_is_told_so(own: int, lessons: int, said: str) -> None:
    assert said in told(Effect([replace(THREE, own={"relevance": own}, lessons=lessons)], []))[0]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.01, 0.2, "helpful sources stand higher ("),
        (-0.01, 0.2, "helpful sources stand about as high ("),
        (-0.2, -0.01, "helpful sources stand lower ("),
    ],
)
def test_better_and_worse_are_said_only_where_the_whole_interval_says_so(low: float, high: float, said: str) -> None:
    [line] = told(Effect([replace(THREE, measures=[replace(HIGHER, low=low, high=high)])], []))

    assert said in line


def test_every_measure_that_a_part_is_judged_by_has_words() -> None:
    assert set(MEASURES) == {name for names in GATE_MEASURES.values() for name in names}


def test_articles_are_named_with_what_the_agent_had_reported() -> None:
    found = replace(WINTER, title="Pets", url=None, was_missing=False)

    assert told(Effect([], [WINTER, found])) == [
        "• Somebody wrote “<https://help.example/winter|Winter &lt;refunds&gt;>”, which you had reported as missing "
        "(2026-05-04).",
        "• “Pets” is found now; you had reported that it was not (2026-05-04).",
    ]
    assert told(Effect([], [WINTER] * 7))[-1] == "• and 2 more articles"


def test_without_anything_to_tell_the_home_says_when_there_will_be() -> None:
    view = build_home(NOTHING, True, [], HELP)

    assert blockkit.check(view, "home") == []
    assert "Nothing yet." in words(view)
    assert "What I do" in words(view)
    assert actions_of(view) == ["news.off"]
    assert actions_of(build_home(NOTHING, False, [], HELP)) == ["news.on"]


def test_a_home_with_far_too_much_on_it_is_cut_and_keeps_the_help() -> None:
    team = build_note("How the drafts did")["blocks"] * 300

    view = build_home(Effect([THREE], [WINTER] * 300), True, team, HELP)

    assert blockkit.check(view, "home") == []
    assert len(view["blocks"]) == HOME_MAX
    assert "For leads" in words(view)


def test_the_weekly_message_is_short_and_can_be_switched_off_in_itself() -> None:
    message = build_news(Effect([THREE], [WINTER] * 9))

    assert blockkit.check(message, "message") == []
    assert message["text"] == "Your feedback changed something"
    assert actions_of(message) == ["news.off"]
