"""What people wrote stays data, in both directions."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mrkdwn import escape, escape_within, link, plain, shorten, visible

WILD = st.text(st.characters() | st.sampled_from("<>&!@#|`*_~:\u202e\u2066🏽\u200d\ufe0f👩🦰שלום\n")) | st.sampled_from(
    ["<!channel>", "<!here|here>", "<@U123>", "<https://evil.example|click>", "&amp;lt;!channel&gt;", "&<>" * 50]
)
LIVE = re.compile(r"<[^>]*>")


@given(WILD)
def test_escaped_text_holds_nothing_live(text: str) -> None:
    assert LIVE.search(escape(text)) is None


@given(WILD)
def test_what_is_escaped_reads_back_as_what_is_visible(text: str) -> None:
    assert plain(escape(text)) == visible(text)


@given(WILD, st.integers(0, 300))
def test_escaping_keeps_within_its_limit_and_cuts_no_entity(text: str, limit: int) -> None:
    escaped = escape_within(text, limit)

    assert len(escaped) <= limit
    assert LIVE.search(escaped) is None
    assert re.search(r"&(?!(amp|lt|gt);)", escaped) is None


@given(WILD, st.integers(0, 100))
def test_shortening_keeps_within_its_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)

    assert len(short) <= limit
    assert short == text or short == "" or short.endswith("…")


def test_shortening_ends_at_a_word_and_spares_a_joined_emoji() -> None:
    assert shorten("one two three four", 15) == "one two three…"
    assert shorten("aaaaaa👩‍🦰", 8) == "aaaaaa…"


def test_controls_that_hide_text_or_turn_it_around_are_dropped() -> None:
    assert visible("pay \u202e50\u202c EUR\x00\r\nnow\u2066") == "pay 50 EUR\nnow"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("Hi <@U123|ada>, see <#C1|general>", "Hi @ada, see #general"),
        ("<@U123> <!here> <!subteam^S1|@leads>", "@someone @here @leads"),
        ("<https://a.example/x|our page>", "our page (https://a.example/x)"),
        ("<https://a.example/x> and <http://a.example|a.example>", "https://a.example/x and http://a.example"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt;", "&lt;"),
        ("<!date^1392734382^{date}|Feb 18>", "Feb 18"),
    ],
)
def test_slack_markup_reads_as_a_person_reads_it(markup: str, words: str) -> None:
    assert plain(markup) == words


@pytest.mark.parametrize(
    ("url", "label", "text"),
    [
        ("https://help.example/a?b=1&c=2", "A | B", "<https://help.example/a?b=1&amp;c=2|A ¦ B>"),
        (None, "A < B", "A &lt; B"),
        ("javascript:alert(1)", "click", "click"),
        ("https://x.example/>|<!channel>", "x", "x"),
    ],
)
def test_only_a_plain_web_address_becomes_a_link(url: str | None, label: str, text: str) -> None:
    assert link(url, label) == text
