"""Our handles inside Slack come back as what they refer to."""

from __future__ import annotations

from bot.refs import SnippetRef, ViewRef


def test_a_snippet_is_known_by_its_block_id() -> None:
    ref = SnippetRef("sug_7k3fq9xa2m", 3)

    assert SnippetRef.from_block_id(ref.block_id("a1b2c3")) == ref
    assert ref.block_id("a1b2c3") != ref.block_id("d4e5f6")
    assert SnippetRef.from_block_id("something else") is None


def test_a_view_remembers_what_it_is_about() -> None:
    ref = ViewRef("sug_7k3fq9xa2m", "C1", "1700000000.000100", "b")

    assert ViewRef.loads(ref.dumps()) == ref
