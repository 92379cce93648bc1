"""A chart in its three forms: the block, the picture with its words, the table."""

from __future__ import annotations

from bot import blockkit
from bot.blocks.chart import build_picture, build_table, build_trend, chart_in_words, is_chart
from bot.drawing import draw
from tests.bot.blocks.overviews import full

CHART = build_trend(full().trend)


def test_a_trend_is_a_line_chart_in_percent():
    assert is_chart(CHART)
    assert CHART["chart"]["series"][0] == {
        "name": "Drafts sent",
        "data": [{"label": "17 May", "value": 60}, {"label": "24 May", "value": 90}],
    }
    assert blockkit.check({"text": "x", "blocks": [CHART]}, "message") == []


def test_as_a_table_it_says_the_same():
    assert build_table(CHART)["text"]["text"] == (
        "*Week by week, in percent*\n"
        "```        Drafts sent  Helpful snippets\n"
        "17 May          60%               70%\n"
        "24 May          90%               71%```"
    )


def test_as_a_picture_it_is_described_in_words():
    picture = build_picture(CHART, "F1")

    assert (
        picture["alt_text"]
        == chart_in_words(CHART)
        == (
            "Line chart. Week by week, in percent. "
            "Drafts sent: 17 May 60%, 24 May 90%. Helpful snippets: 17 May 70%, 24 May 71%."
        )
    )
    assert blockkit.check({"text": "x", "blocks": [picture]}, "message") == []


def test_it_can_be_drawn():
    assert draw(CHART).startswith(b"\x89PNG")
