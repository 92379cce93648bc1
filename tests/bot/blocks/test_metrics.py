"""The answer to `/aitl metrics`: what has a value with its change, and what has none by name."""

from __future__ import annotations

import pytest

from bot import blockkit
from bot.blocks.metrics import build_metrics
from core.metrics.counted import Counted
from core.metrics.figures import Figure
from core.metrics.measures import TITLES, figures_of


def texts(answer):
    return [
        block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"]
        for block in answer["blocks"]
    ]


def test_a_figure_stands_with_its_interval_its_count_and_its_change():
    figures = {
        "adoption.as_is": Figure("adoption.as_is", "share", 120, 0.62, 0.55, 0.69, 0.57),
        "reply_s": Figure("reply_s", "seconds", 3),
    }

    shown = texts(build_metrics(figures, 30))

    assert shown[0] == "*How the drafts did in the last 30 days*"
    assert shown[1] == "• Draft sent as it is: *62% (55% to 69%, n = 120)* · +5 points"
    assert shown[-1] == "Fewer than 20 answers, or all alike: From case to reply."


def test_without_any_answers_it_names_what_it_could_tell():
    answer = build_metrics(figures_of(Counted(), Counted()), 7)

    assert len(answer["blocks"]) == 2
    assert all(title in texts(answer)[1] for title in TITLES.values())


@pytest.mark.parametrize("value", [None, 0.5])
def test_all_figures_fit_into_a_message(value):
    figures = {name: Figure(name, "share", 1_000_000, value, value, value, value) for name in TITLES}

    assert blockkit.check(build_metrics(figures, 90), "message") == []
