"""All figures: what has a value with its change, what has none by name, every reason, and the last retrainings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import blockkit
from bot.blocks.metrics import GROUPS, build_metrics
from core.annotations import REASONS
from core.metrics.figures import Figure
from core.metrics.measures import TITLES
from core.metrics.reasons import Example, RankedReason
from tests.bot.blocks.overviews import GATE, a_cycle, empty, full, link_to


def texts(answer):
    return [
        block["elements"][0]["text"] if block["type"] == "context" else block["text"]["text"]
        for block in answer["blocks"]
    ]


def test_every_figure_stands_in_one_group():
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(TITLES)


def test_a_figure_stands_with_its_interval_its_count_and_its_change():
    figures = dict(empty().figures)
    figures["adoption.as_is"] = Figure("adoption.as_is", "share", 120, 0.62, 0.55, 0.69, 0.57)

    shown = texts(build_metrics(full(figures=figures), link_to))

    assert shown[0] == "All figures in the last 30 days"
    assert shown[1] == "*Used*\n• Draft sent as it is: *62% (55% to 69%, n = 120)* · +5 points"
    assert shown[3].startswith("Fewer than 20 answers, or all alike: Draft sent, as it is or edited, Draft sent after")


def test_reasons_and_retrainings_are_told_at_the_end():
    shown = texts(build_metrics(full(), link_to))

    assert shown[-2] == (
        "*Why drafts are refused or changed*\n"
        "1. *Outdated* · 9 refusals, 5 edits · <https://team.slack.example/archives/C1/p15|example>"
        " · <https://team.slack.example/archives/C1/p25|another>\n"
        "2. *Tone* · 1 edit · <https://team.slack.example/archives/C1/p35|example>"
    )
    assert shown[-1] == (
        "*Models*\nversion 0 → *version 4 (31 May 2026)*\n"
        f"*Last retrainings*\n• 2026-05-31 09:00 UTC · version 4 · {GATE}"
    )


def test_without_any_answers_it_names_what_it_could_tell():
    shown = texts(build_metrics(empty(), link_to))

    assert len(shown) == 3
    assert all(title in shown[1] for title in TITLES.values())


@pytest.mark.parametrize("value", [None, 0.5])
def test_all_figures_fit_into_a_message(value):
    figures = {name: Figure(name, "share", 1_000_000, value, value, value, value) for name in TITLES}
    example = Example("case", "C" * 11, "1700000000.000100")
    reasons = tuple(RankedReason(code, 10_000, 10_000, (example, example)) for code in REASONS)
    cycles = (replace(a_cycle(), outcome={"version": 1000, "reason": "&" * 3000}),) * 5

    answer = build_metrics(full(figures=figures, reasons=reasons, cycles=cycles), link_to)

    assert blockkit.check(answer, "message") == []
