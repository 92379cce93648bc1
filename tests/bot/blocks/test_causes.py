"""What to fix first in Slack: the first lines with their lever and their cases, within Slack's limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import blockkit
from bot.blocks.causes import build_causes, cause_blocks
from bot.blocks.metrics import build_metrics
from core.causes import CAUSES, Attribution, Cause, Line, Listed, lines_of
from core.metrics.figures import Figure
from core.metrics.measures import TITLES as METRICS

API = "https://slack.com/api/"
AT = datetime(2026, 5, 4, tzinfo=UTC)


def listed(
    number: int, cause: Cause = "ranking", topic: str = "Refunds", evidence: str = "It was not shown."
) -> Listed:
    said = Attribution(f"sug_{number}", "refused", cause, evidence, topic, f"id-{topic}", None, AT, "basis", 3)
    return Listed(said, f"case_{number}", "C1", f"170000000{number}.000100")


def lines(*some: Listed) -> list[Line]:
    return lines_of(some, {})


def texts(answer: dict[str, Any]) -> list[str]:
    return [
        block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"]
        for block in answer["blocks"]
    ]


def test_a_cause_says_how_often_what_to_do_and_where_to_look():
    told = texts(build_causes(lines(listed(1), listed(2), listed(3, "taste")), 7, API))

    assert told == [
        "*What to fix first* · 3 bad outcomes (ranking 2, taste 1) in the last 7 days",
        "*2 × Ranking* · Retrain the reranker: aitl train --only reranker\n"
        "• 2 × Refunds (<https://slack.com/archives/C1/p1700000002000100|case_2>, "
        "<https://slack.com/archives/C1/p1700000001000100|case_1>): It was not shown.",
        "*1 × Taste* · No fault of the models: agree on a tone, or let it be.\n"
        "• 1 × Refunds (<https://slack.com/archives/C1/p1700000003000100|case_3>): It was not shown.",
    ]


def test_topics_that_need_different_things_say_what():
    told = texts(build_causes(lines(listed(1, "query"), listed(2, "query", "Pets")), 7, API))

    assert told[1] == (
        "*2 × Query*\n"
        "• 1 × Pets (<https://slack.com/archives/C1/p1700000002000100|case_2>): "
        "Say in “Pets” what customers call it; the search finds it when it is asked plainly.\n"
        "• 1 × Refunds (<https://slack.com/archives/C1/p1700000001000100|case_1>): "
        "Say in “Refunds” what customers call it; the search finds it when it is asked plainly."
    )


def test_of_each_cause_the_first_topics_are_shown_and_the_rest_is_counted():
    told = texts(build_causes(lines(*(listed(n, topic=f"Topic {n}") for n in range(8))), 7, API))

    assert len(told) == 3
    assert told[1].count("•") == 2
    assert told[-1] == "6 more topics: `aitl causes --all` on the terminal."


def test_where_nothing_came_to_a_bad_end_there_is_nothing_to_put_in_a_home():
    assert cause_blocks([], 7, API) == []
    assert texts(build_causes([], 7, API)) == ["Nothing came to a bad end in the last 7 days."]


@pytest.mark.parametrize("surface", ["message", "home"])
@given(topic=st.text() | st.sampled_from(["<!channel>" * 400, "&" * 3000, "🙂" * 3000]))
def test_whatever_an_article_is_called_it_fits(surface: str, topic: str):
    some = [listed(n, cause, f"{topic}{n}", topic) for n, cause in enumerate((*CAUSES, *CAUSES, *CAUSES))]
    answer = build_causes(lines(*some), 7, API)

    assert "<!channel>" not in str(answer)
    if surface == "message":
        assert blockkit.check(answer, "message") == []
        figures = {name: Figure(name, "share", 1_000_000, 0.5, 0.4, 0.6, 0.5) for name in METRICS}
        beside = [*build_metrics(figures, 90)["blocks"], *cause_blocks(lines(*some), 90, API, topics=1)]
        assert blockkit.check({"text": "Both", "blocks": beside}, "message") == []
    else:
        assert blockkit.check({"type": "home", "blocks": answer["blocks"]}, "home") == []
