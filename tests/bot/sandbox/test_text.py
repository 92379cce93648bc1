"""What people type is kept in Slack's encoded form."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.manifest import load_manifest
from bot.sandbox.rich_text import build_rich_text
from bot.sandbox.state import State
from bot.sandbox.text import encode_links, encode_typed, escape_command
from bot.sandbox.world import install, populate

STATE: State = populate(install(load_manifest(None)))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("ask @ada, please", "ask <@U08AD1AGNT1>, please"),
        ("@Ben (agent) knows", "<@U08BE2AGNT2> knows"),
        ("@ADA", "<@U08AD1AGNT1>"),
        ("@adamant is nobody", "@adamant is nobody"),
        ("@here and @channel", "<!here> and <!channel>"),
        ("@support-leads look", "<!subteam^S08LEADSG1D|@support-leads> look"),
        ("in #random", "in <#C08RN2DOM3C|random>"),
        ("see https://example.com/a?b=1&c=2.", "see <https://example.com/a?b=1&amp;c=2>."),
        ("(https://example.com)", "(<https://example.com>)"),
        ("write to kim@example.com", "write to <mailto:kim@example.com|kim@example.com>"),
        ("visit example.com today", "visit <http://example.com|example.com> today"),
        ("e.g. this", "e.g. this"),
    ],
)
def test_typed_text_is_encoded(typed: str, kept: str) -> None:
    assert encode_typed(typed, STATE) == kept


def test_an_apps_text_gets_live_links_and_nothing_else() -> None:
    text = "<@U1> & <https://a.example|a> https://b.example @ada"

    assert encode_links(text) == "<@U1> & <https://a.example|a> <https://b.example> @ada"


def test_a_commands_names_become_ids_with_the_name_beside() -> None:
    assert escape_command("for @ben", STATE) == "for <@U08BE2AGNT2|ben>"


def test_a_typed_message_has_a_rich_text_block_that_says_the_same() -> None:
    block = build_rich_text(encode_typed("@ada: 1 < 2, see https://a.example :eyes: @here", STATE), "b1")

    assert block["elements"][0]["elements"] == [
        {"type": "user", "user_id": "U08AD1AGNT1"},
        {"type": "text", "text": ": 1 < 2, see "},
        {"type": "link", "url": "https://a.example"},
        {"type": "text", "text": " "},
        {"type": "emoji", "name": "eyes"},
        {"type": "text", "text": " "},
        {"type": "broadcast", "range": "here"},
    ]


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_no_typed_text_is_lost_and_no_live_part_is_made_of_angle_brackets(typed: str) -> None:
    kept = encode_typed(typed, STATE)

    assert kept.count("<") == kept.count(">")
    assert "<" in kept or "&".join(kept.split("&amp;")).replace("&lt;", "<").replace("&gt;", ">") == typed
