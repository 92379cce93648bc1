"""The list of knowledge that ails: which articles, why, and how many more."""

from __future__ import annotations

import pytest

from bot import blockkit
from bot.blocks.knowledge_health import build_knowledge_health
from core.knowledge.health import AilingArticle, Reason

REASONS = (
    Reason("exam", "1 exam question does not find it any more"),
    Reason("outdated", "flagged outdated 3 times since its text last changed"),
    Reason("review", "was to be reviewed by 2026-01-31, 93 days ago"),
)


def pets(number=1, title="Pets in garden homes", url="https://help.example/pets"):
    return AilingArticle(f"pets-{number}", title, url, REASONS)


def texts(answer):
    return [
        block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"]
        for block in answer["blocks"]
    ]


def test_an_article_is_named_with_a_link_and_every_reason():
    assert texts(build_knowledge_health([pets()])) == [
        "*1 article needs to be looked at*",
        "*<https://help.example/pets|Pets in garden homes>* · pets-1\n"
        "• 1 exam question does not find it any more\n"
        "• flagged outdated 3 times since its text last changed\n"
        "• was to be reviewed by 2026-01-31, 93 days ago",
    ]


def test_ten_are_shown_and_the_others_counted():
    shown = texts(build_knowledge_health([pets(number) for number in range(12)]))

    assert (len(shown), shown[0]) == (12, "*12 articles need to be looked at*")
    assert shown[-1] == "2 more: `aitl exam health` on the terminal lists all."


def test_where_all_is_well_it_says_so():
    assert texts(build_knowledge_health([])) == ["No article needs to be looked at."]


@pytest.mark.parametrize("surface", ["message", "home"])
@pytest.mark.parametrize("title", ["<!channel> & *bold*", "🙂" * 3000, "", "\u202eevil"])
def test_whatever_an_article_is_called_it_fits_and_nothing_comes_alive(surface, title):
    answer = build_knowledge_health([pets(number, title) for number in range(12)])

    view = {"type": "home", "blocks": answer["blocks"]}
    assert blockkit.check(view if surface == "home" else answer, surface) == []
    assert "<!" not in "".join(texts(answer))
