"""What to fix first in Slack: the first lines with their lever and their cases, within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import blockkit
from bot.blocks.causes import cause_blocks
from core.causes import Attribution, Cause, Line, Listed, lines_of

AT = datetime(2026, 5, 4, tzinfo=UTC)


def listed(
    number: int, cause: Cause = "ranking", topic: str = "Refunds", evidence: str = "It was not shown."
) -> Listed:
    said = Attribution(f"sug_{number}", "refused", cause, evidence, topic, f"id-{topic}", None, AT, "basis", 3)
    return Listed(said, f"case_{number}", "C1", f"170000000{number}.000100")


def lines(*some: Listed) -> list[Line]:
    return lines_of(some, {})


def link_to(channel: str, ts: str) -> str:
    return f"https://team.slack.example/archives/{channel}/p{ts.replace('.', '')}"


def texts(blocks: Sequence[dict[str, Any]]) -> list[str]:
    return [block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"] for block in blocks]


def test_a_line_says_how_often_what_to_do_and_where_to_look():
    told = texts(cause_blocks(lines(listed(1), listed(2), listed(3, "taste")), link_to))

    assert told == [
        "*Fix first* · 3 bad outcomes (ranking 2, taste 1)",
        "*2 × Ranking: Refunds*\nRetrain the reranker: aitl train --only reranker\n"
        "<https://team.slack.example/archives/C1/p1700000002000100|case_2> · "
        "<https://team.slack.example/archives/C1/p1700000001000100|case_1>: It was not shown.",
        "*1 × Taste: Refunds*\nNo fault of the models: agree on a tone, or let it be.\n"
        "<https://team.slack.example/archives/C1/p1700000003000100|case_3>: It was not shown.",
    ]


def test_only_the_first_lines_are_shown_and_the_rest_is_counted():
    told = texts(cause_blocks(lines(*(listed(n, topic=f"Topic {n}") for n in range(8))), link_to))

    assert len(told) == 5
    assert told[-1] == "5 more: `aitl causes --all` on the terminal lists all."


def test_where_nothing_came_to_a_bad_end_there_is_nothing_to_show():
    assert cause_blocks([], link_to) == []


def test_a_case_that_stands_nowhere_in_slack_is_named_without_a_link():
    [_, told] = texts(cause_blocks(lines(replace(listed(1), channel="", ts="")), link_to))

    assert told.endswith("\ncase_1: It was not shown.")


@pytest.mark.parametrize("surface", ["message", "home"])
@given(topic=st.text() | st.sampled_from(["<!channel>" * 400, "&" * 3000, "🙂" * 3000]))
def test_whatever_an_article_is_called_it_fits(surface: str, topic: str):
    some = [listed(n, cause, topic, topic) for n, cause in enumerate(("query", "drafting", "knowledge_gap", "unknown"))]
    blocks = cause_blocks(lines(*some), link_to)

    assert "<!channel>" not in str(blocks)
    if surface == "message":
        assert blockkit.check({"text": "What to fix first", "blocks": blocks}, "message") == []
    else:
        assert blockkit.check({"type": "home", "blocks": blocks}, "home") == []
