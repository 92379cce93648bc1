"""The Block Kit validator finds what Slack would refuse, says where, and takes what Slack takes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.blockkit import Violation, check, text_length

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Hello", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def option(value: str) -> Json:
    return {"text": plain(value), "value": value}


def message(*blocks: Json) -> Json:
    return {"text": "fallback", "blocks": list(blocks)}


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "blocks": list(blocks), **more}


def text_input(**more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "words", **more}
    return {"type": "input", "block_id": "words", "label": plain("Words"), "element": element}


def found(payload: Json, surface: Any = "message") -> list[tuple[str, str]]:
    return [(violation.pointer, violation.constraint) for violation in check(payload, surface)]


def test_a_message_with_every_common_block_is_fine() -> None:
    menu = {"type": "static_select", "action_id": "pick", "options": [option("a"), option("b")]}
    overflow = {"type": "overflow", "action_id": "more", "options": [option("x"), option("y")]}
    image = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
    quote = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "Hi"}]}],
    }
    payload = message(
        {"type": "header", "text": plain("Title")},
        section("One", accessory=overflow, block_id="one"),
        {"type": "section", "fields": [mrkdwn("a"), plain("b")]},
        {"type": "actions", "elements": [button(), menu]},
        {"type": "context", "elements": [image, mrkdwn("small")]},
        {"type": "divider"},
        image,
        quote,
        {"type": "markdown", "text": "**bold**"},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}], [{"type": "raw_text", "text": "b"}]]},
    )

    assert check(payload, "message") == []


def test_a_modal_with_inputs_is_fine() -> None:
    reasons = {
        "type": "input",
        "block_id": "reasons",
        "optional": True,
        "label": plain("Reasons"),
        "element": {"type": "multi_static_select", "action_id": "reasons", "options": [option("tone")]},
    }
    kind = {
        "type": "input",
        "block_id": "kind",
        "label": plain("Kind"),
        "element": {"type": "radio_buttons", "action_id": "kind", "options": [option("missing")]},
    }
    view = modal(text_input(multiline=True, initial_value="x"), reasons, kind, callback_id="f", private_metadata="{}")

    assert check(view, "modal") == []


def test_a_violation_reads_as_a_sentence() -> None:
    violation = check(message(section("x" * 3001)), "message")[0]

    assert violation == Violation("/blocks/0/text/text", "max_length", 3000)
    assert str(violation) == "max_length at /blocks/0/text/text: expected 3000"


@pytest.mark.parametrize(
    ("block", "pointer", "constraint"),
    [
        ({"type": "sparkle"}, "/blocks/0/type", "enum"),
        ("text", "/blocks/0", "type"),
        (section(""), "/blocks/0/text/text", "min_length"),
        ({"type": "section"}, "/blocks/0", "at_least_one_of"),
        ({"type": "section", "fields": [plain("x" * 2001)]}, "/blocks/0/fields/0/text", "max_length"),
        ({"type": "section", "fields": [plain("x")] * 11}, "/blocks/0/fields", "max_items"),
        (section(block_id="x" * 256), "/blocks/0/block_id", "max_length"),
        (section(colour="red"), "/blocks/0/colour", "additional_property"),
        (section(accessory=text_input()["element"]), "/blocks/0/accessory/type", "enum"),
        ({"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text", "max_length"),
        ({"type": "header", "text": mrkdwn("x")}, "/blocks/0/text/type", "enum"),
        ({"type": "actions", "elements": []}, "/blocks/0/elements", "min_items"),
        ({"type": "actions", "elements": [button(str(n)) for n in range(26)]}, "/blocks/0/elements", "max_items"),
        ({"type": "actions", "elements": [button(), button()]}, "/blocks/0", "unique_action_id"),
        ({"type": "context", "elements": [plain("x")] * 11}, "/blocks/0/elements", "max_items"),
        ({"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type", "enum"),
        ({"type": "image", "alt_text": "x"}, "/blocks/0", "exactly_one_of"),
        ({"type": "image", "image_url": "https://example.com/a.png"}, "/blocks/0/alt_text", "required"),
        ({"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text", "max_length"),
        ({"type": "rich_text", "elements": [{"type": "paragraph"}]}, "/blocks/0/elements/0/type", "enum"),
        ({"type": "alert", "text": plain("x")}, "/blocks/0/type", "enum"),
    ],
)
def test_a_block_that_breaks_a_limit_is_found_where_it_does(block: Any, pointer: str, constraint: str) -> None:
    assert (pointer, constraint) in found(message(block))


@pytest.mark.parametrize(
    ("element", "pointer", "constraint"),
    [
        (button(text=plain("x" * 76)), "text/text", "max_length"),
        (button(text=mrkdwn("x")), "text/type", "enum"),
        (button(value="x" * 2001), "value", "max_length"),
        (button(url="https://e.com/" + "x" * 3000), "url", "max_length"),
        (button(style="loud"), "style", "enum"),
        (button(accessibility_label="x" * 76), "accessibility_label", "max_length"),
        (button(action_id="x" * 256), "action_id", "max_length"),
        (button(confirm={"title": plain("?")}), "confirm/text", "required"),
        ({"type": "overflow", "options": []}, "options", "min_items"),
        ({"type": "overflow", "options": [option(str(n)) for n in range(6)]}, "options", "max_items"),
        ({"type": "overflow", "options": [option("a"), option("a")]}, "options", "unique_value"),
        (
            {"type": "overflow", "options": [{"text": plain("x" * 76), "value": "a"}]},
            "options/0/text/text",
            "max_length",
        ),
        ({"type": "overflow", "options": [{"text": plain("a"), "value": "x" * 151}]}, "options/0/value", "max_length"),
        ({"type": "static_select"}, "", "exactly_one_of"),
        ({"type": "static_select", "options": [option(str(n)) for n in range(101)]}, "options", "max_items"),
        (
            {"type": "static_select", "options": [option("a")], "initial_option": option("b")},
            "initial_option",
            "one_of_options",
        ),
        ({"type": "radio_buttons", "options": [option(str(n)) for n in range(11)]}, "options", "max_items"),
        ({"type": "checkboxes", "options": []}, "options", "min_items"),
        ({"type": "datepicker", "initial_date": "tomorrow"}, "initial_date", "pattern"),
    ],
)
def test_an_element_that_breaks_a_limit_is_found_where_it_does(element: Json, pointer: str, constraint: str) -> None:
    at = "/blocks/0/elements/0" + (f"/{pointer}" if pointer else "")

    assert (at, constraint) in found(message({"type": "actions", "elements": [element]}))


@pytest.mark.parametrize(
    ("more", "pointer", "constraint"),
    [
        ({"max_length": 3001}, "max_length", "range"),
        ({"min_length": 5, "max_length": 4}, "min_length", "maximum"),
        ({"initial_value": "abc", "max_length": 2}, "initial_value", "max_length"),
        ({"placeholder": plain("x" * 151)}, "placeholder/text", "max_length"),
    ],
)
def test_a_text_input_that_breaks_a_limit_is_found(more: Json, pointer: str, constraint: str) -> None:
    assert (f"/blocks/0/element/{pointer}", constraint) in found(modal(text_input(**more)), "modal")


@pytest.mark.parametrize(
    ("view", "pointer", "constraint"),
    [
        (modal(), "/blocks", "min_items"),
        (modal(*[section()] * 101), "/blocks", "max_items"),
        (modal(section(), title=plain("x" * 25)), "/title/text", "max_length"),
        (modal(section(), title=mrkdwn("x")), "/title/type", "enum"),
        (modal(section(), close=plain("x" * 25)), "/close/text", "max_length"),
        (modal(text_input(), submit=None), "/submit", "required_with_input"),
        (modal(section(), private_metadata="x" * 3001), "/private_metadata", "max_length"),
        (modal(section(), callback_id="x" * 256), "/callback_id", "max_length"),
        (modal(section(), colour="red"), "/colour", "additional_property"),
        (modal({"type": "markdown", "text": "x"}), "/blocks/0/type", "enum"),
        (modal({"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}), "/blocks/0/type", "enum"),
        (modal(*[section("x" * 3000)] * 90), "", "view_size"),
        ({"type": "home", "blocks": [section()]}, "/type", "enum"),
    ],
)
def test_a_modal_that_breaks_a_limit_is_found(view: Json, pointer: str, constraint: str) -> None:
    assert (pointer, constraint) in found(view, "modal")


def test_a_home_needs_no_title() -> None:
    assert check({"type": "home", "blocks": [section()]}, "home") == []


def test_fifty_blocks_are_fine_and_fifty_one_are_too_many() -> None:
    assert check(message(*[{"type": "divider"}] * 50), "message") == []
    assert found(message(*[{"type": "divider"}] * 51)) == [("/blocks", "max_items")]


def test_text_is_summed_over_the_whole_message() -> None:
    fits = message(*[section("x" * 1900)] * 5)
    full = message(*[section("x" * 1900)] * 5, {"type": "actions", "elements": [button()]})

    assert (text_length(fits), check(fits, "message")) == (9500, [])
    assert (text_length(full), found(full)) == (9502, [("/blocks", "total_text")])


def test_the_fallback_text_is_not_counted() -> None:
    assert text_length({"text": "x" * 100, "blocks": [section("abc")]}) == 3


def test_a_block_id_stands_once_in_a_message() -> None:
    assert found(message(section(block_id="a"), section(block_id="a"))) == [("/blocks", "unique_block_id")]


def test_an_action_id_may_stand_in_two_blocks() -> None:
    actions = {"type": "actions", "elements": [button()]}

    assert check(message(actions, actions), "message") == []


def test_a_message_has_one_table_with_equal_rows() -> None:
    cell = {"type": "raw_text", "text": "a"}
    table = {"type": "table", "rows": [[cell], [cell]]}

    assert found(message(table, table)) == [("/blocks", "max_tables")]
    assert found(message({"type": "table", "rows": [[cell, cell], [cell]]})) == [("/blocks/0/rows", "equal_row_length")]
    assert found(message({"type": "table", "rows": [[cell]] * 101})) == [("/blocks/0/rows", "max_items")]


def test_markdown_is_limited_over_the_whole_message() -> None:
    block = {"type": "markdown", "text": "x" * 7000}

    assert ("/blocks", "total_markdown_text") in found(message(block, block))


def test_text_alone_has_a_limit() -> None:
    assert found({"text": "x" * 40_001}) == [("/text", "max_length")]


def line_chart(categories: list[str], **series: list[tuple[str, Any]]) -> Json:
    of = [
        {"name": name, "data": [{"label": label, "value": value} for label, value in points]}
        for name, points in series.items()
    ]
    chart = {"type": "line", "series": of, "axis_config": {"categories": categories}}
    return {"type": "data_visualization", "title": "Drafts", "chart": chart}


def test_a_chart_has_one_value_per_category_in_each_series() -> None:
    right = line_chart(["May", "June"], sent=[("June", 2), ("May", 1)], refused=[("May", 0.5), ("June", 3)])
    gap = line_chart(["May", "June"], sent=[("May", 1)])
    text = line_chart(["May"], sent=[("May", "1")])

    assert found(message(right)) == []
    assert found({"type": "home", "blocks": [right]}, "home") == []
    assert found(message(gap)) == [("/blocks/0/chart/series/0/data", "one_value_per_category")]
    assert found(message(text)) == [("/blocks/0/chart/series/0/data/0/value", "type")]
    assert ("/blocks/0/type", "enum") in found(modal(right), "modal")


def test_charts_have_limits() -> None:
    days = [f"day {number}" for number in range(21)]
    many = line_chart(days, sent=[(day, 1) for day in days])
    long = line_chart(["a" * 21], sent=[("a" * 21, 1)])
    pie = {"type": "pie", "segments": [{"label": "none", "value": 0}]}

    assert ("/blocks/0/chart/series/0/data", "max_items") in found(message(many))
    assert ("/blocks/0/chart/axis_config/categories/0", "max_length") in found(message(long))
    assert found(message({"type": "data_visualization", "title": "Parts", "chart": pie})) == [
        ("/blocks/0/chart/segments/0/value", "minimum")
    ]
    assert found(message(*[line_chart(["a"], sent=[("a", 1)])] * 3)) == [("/blocks", "max_charts")]


def test_metadata_is_flat_but_for_one_level() -> None:
    good = {"event_type": "a", "event_payload": {"n": 1, "s": "x", "b": True, "o": {"k": "v"}, "l": ["x"]}}
    deep = {"event_type": "a", "event_payload": {"o": {"k": {"too": "deep"}}}}
    empty = {"event_type": "a", "event_payload": {"o": None}}

    assert check({"text": "x", "metadata": good}, "message") == []
    assert found({"text": "x", "metadata": deep}) == [("/metadata/event_payload/o", "type")]
    assert found({"text": "x", "metadata": empty}) == [("/metadata/event_payload/o", "type")]


def test_blocks_in_attachments_are_checked() -> None:
    payload = {"text": "x", "attachments": [{"blocks": [section("")]}]}

    assert found(payload) == [("/attachments/0/blocks/0/text/text", "min_length")]


def test_length_is_counted_in_code_points() -> None:
    assert check(message(section("🦊" * 3000)), "message") == []
    assert found(message(section("🦊" * 3001))) == [("/blocks/0/text/text", "max_length")]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(
    ["section", "actions", "context", "input", "image", "table", "rich_text", "button", "overflow", "static_select"]
)
FIELDS = st.sampled_from(
    ["text", "fields", "elements", "element", "accessory", "options", "initial_options", "rows", "block_id", "label"]
)
WILD_BLOCKS = st.recursive(
    st.fixed_dictionaries({"type": KINDS}) | JSON_VALUES,
    lambda inner: st.builds(
        lambda kind, fields: {**fields, "type": kind},
        KINDS,
        st.dictionaries(FIELDS, inner | st.lists(inner, max_size=3), max_size=3),
    ),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.lists(WILD_BLOCKS, max_size=5), st.sampled_from(["message", "modal", "home"]))
def test_wild_payloads_are_judged_and_never_crash(blocks: list[Any], surface: Any) -> None:
    payload = {"type": surface, "text": "x", "blocks": blocks}

    violations = check(payload, surface)

    assert all(isinstance(violation, Violation) for violation in violations)
    assert text_length(payload) >= 0


@settings(deadline=None)
@given(JSON_VALUES, st.sampled_from(["blocks", "attachments", "metadata", "title", "text", "submit"]))
def test_a_wild_value_anywhere_at_the_top_never_crashes(value: Any, name: str) -> None:
    check({"text": "x", name: value}, "message")
    check({"type": "modal", name: value}, "modal")


@settings(deadline=None)
@given(st.text(min_size=1, max_size=3000))
def test_any_text_within_the_limit_is_taken(text: str) -> None:
    assert check(message(section(text)), "message") == []


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=60), st.integers(min_value=1, max_value=400))
def test_a_message_is_taken_exactly_when_blocks_and_text_fit(count: int, length: int) -> None:
    blocks = [section("x" * length) for _ in range(count)]

    is_taken = check({"text": "x", "blocks": blocks}, "message") == []

    assert is_taken == (count <= 50 and count * length <= 9500)
