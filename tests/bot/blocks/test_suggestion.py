"""The suggestion message: complete, within Slack's limits, and dead to markup, whatever the texts."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import blockkit
from bot.blocks.suggestion import build_suggestion
from core.values import Candidate, CheckReport, RankedSnippet, SentenceCheck, Snippet, Suggestion

CONTROLS = [
    "use.a", "edit.a", "use.b", "edit.b",
    "preference.a3", "preference.a2", "preference.a1", "preference.tie",
    "preference.b1", "preference.b2", "preference.b3",
    "neither", "report_gap", "again", "not_a_case",
    *(f"relevance.{n}" for n in range(1, 9)),
]  # fmt: skip
OURS = re.compile(r"<(?:https?://[^<>|]+\|[^<>]*|@[UW][A-Z0-9]+)>")
WILD = st.text(st.characters() | st.sampled_from("<>&!@#|`*_\u202e🏽\u200d👩שלום\n")) | st.sampled_from(
    ["<!channel>", "<@U123>", "<https://evil.example|click>", "&" * 300, "🏽" * 300, "x" * 4000]
)


def make(
    texts: tuple[str, str], snippet: str = "Refunds take 5 days.", title: str = "Refunds", **more: Any
) -> Suggestion:
    shown = tuple(
        RankedSnippet(
            Snippet(f"s{n}", "refunds", 1, title, more.get("section", ""), more.get("url"), snippet), n, 1.0 / n
        )
        for n in range(1, 9)
    )
    report = more.get("report", CheckReport((), True, True))
    slots = zip(("a", "b"), texts, strict=True)
    return Suggestion(
        id="sug_7k3fq9xa2m",
        case_id="case_7k3fq9xa2m",
        revision=2,
        turns=(),
        query="",
        retrieved=(),
        shown=shown,
        candidates=tuple(
            Candidate(slot, text, "secret-style", "knowledge", "secret-bundle", report)  # type: ignore[arg-type]
            for slot, text in slots
        ),
        similar=(),
        bundle="secret-bundle",
        parameters={},
        timings_s={},
        created_at=datetime(2026, 5, 4, tzinfo=UTC),
    )


def test_nothing_in_the_message_tells_which_bundle_wrote_which_candidate() -> None:
    mine = make(("Hello [1].", "Good day [2]."))
    a, b = mine.candidates
    more = {"challenge": {"version": 4, "picked": {"champion": [1, 2], "challenger": [3]}, "yielded": "champion"}}
    both = replace(mine, bundle="3", parameters=more, candidates=(replace(a, bundle="4"), replace(b, bundle="3")))

    assert build_suggestion(both) == build_suggestion(mine)
    assert "secret" not in str(build_suggestion(mine))


def controls(message: dict[str, Any]) -> list[str]:
    blocks = message["blocks"]
    found = [control for block in blocks for control in (*block.get("elements", ()), block.get("accessory") or {})]
    return [control["action_id"] for control in found if "action_id" in control]


def texts_of(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return own + [text for value in part.values() for text in texts_of(value)]
    return [text for item in part for text in texts_of(item)] if isinstance(part, list) else []


def test_it_holds_everything_the_contract_names() -> None:
    message = build_suggestion(make(("Five days [1].", "It takes five days [2].")))

    assert controls(message) == CONTROLS
    assert message["metadata"] == {
        "event_type": "aitl_suggestion",
        "event_payload": {"case_id": "case_7k3fq9xa2m", "suggestion_id": "sug_7k3fq9xa2m", "revision": 2},
    }
    assert blockkit.check(message, "message") == []
    assert "secret" not in str(message)


@given(WILD, WILD, WILD, WILD, st.sampled_from([None, "https://help.example/" + "a" * 400, "javascript:x"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_wild_text_breaks_no_limit_and_comes_alive_nowhere(
    draft: str, snippet: str, title: str, section: str, url: str | None
) -> None:
    long = (draft * 2800)[:2800] or "empty"
    suggestion = make((long, draft[:2800] or "empty"), snippet, title, section=section, url=url)

    message = build_suggestion(suggestion, state_line="<@U1> (preference) " * 30)

    assert blockkit.check(message, "message") == []
    assert controls(message) == CONTROLS
    assert [found for text in texts_of(message["blocks"]) for found in re.findall("<[^<>]*>", OURS.sub("", text))] == []


@pytest.mark.parametrize("letter", ["a", "&", "<", "é", "🙂", "ש"])
def test_candidates_are_whole_up_to_their_limit(letter: str) -> None:
    text = letter * 2800

    message = build_suggestion(make((text, text), "word " * 200, "T" * 300, url="https://help.example/" + "u" * 400))

    drafts = [
        block["text"]["text"]
        for block in message["blocks"]
        if block.get("text", {}).get("text", "").startswith("*Draft")
    ]
    lookalike = {"&": "＆", "<": "‹"}.get(letter, letter)
    assert [draft.split("\n", 1)[1].count(lookalike) for draft in drafts] == [2800, 2800]
    assert blockkit.check(message, "message") == []
    assert controls(message) == CONTROLS


def test_excerpts_shrink_before_anything_else() -> None:
    url = "https://help.example/" + "a" * 250
    short = build_suggestion(make(("a" * 100, "b" * 100), "word " * 200, url=url))
    long = build_suggestion(make(("a" * 2800, "b" * 2800), "word " * 200, url=url))

    excerpts = [[len(text) for text in texts_of(message["blocks"]) if "word" in text] for message in (short, long)]
    assert min(excerpts[0]) > max(excerpts[1])
    assert all(url in text for text in texts_of(long["blocks"]) if "word" in text)


def test_a_replaced_one_says_so_and_has_no_controls() -> None:
    message = build_suggestion(make(("A [1].", "B [2].")), state="superseded")

    assert controls(message) == []
    assert "Replaced by newer drafts" in str(message["blocks"])
    assert "*Draft A*" in str(message["blocks"])


def test_a_withdrawn_one_shows_no_candidate() -> None:
    message = build_suggestion(make(("Alpha [1].", "Beta [2].")), "Not a case.", "withdrawn")

    assert controls(message) == []
    assert "Alpha" not in str(message["blocks"])
    assert blockkit.check(message, "message") == []


def test_every_rendering_has_new_block_ids() -> None:
    suggestion = make(("A [1].", "B [2]."))

    first, second = (build_suggestion(suggestion, line)["blocks"] for line in ("", "Feedback: <@U1> (reply)"))

    ids = [{block["block_id"] for block in blocks if "block_id" in block} for blocks in (first, second)]
    assert len(ids[0]) == 8
    assert ids[0] & ids[1] == set()


def test_a_doubtful_sentence_is_pointed_out() -> None:
    doubtful = SentenceCheck("You get <1,000> EUR", (1,), False, True, True, "the source names no amount")

    message = build_suggestion(make(("A [1].", "B [2]."), report=CheckReport((doubtful,), True, True)))

    assert "its source may not say this: “You get &lt;1,000&gt; EUR”" in str(message["blocks"])


def test_without_candidates_only_what_still_makes_sense_is_offered() -> None:
    empty = replace(make(("a", "b")), candidates=(), shown=(), notice="The knowledge base is empty.")

    message = build_suggestion(empty)

    assert controls(message) == ["report_gap", "again", "not_a_case"]
    assert "The knowledge base is empty." in str(message["blocks"])


def test_drafts_for_words_that_have_changed_say_so_and_keep_their_buttons() -> None:
    message = build_suggestion(make(("One [1].", "Two [2].")), is_outdated=True)

    assert "has changed since" in message["blocks"][0]["elements"][0]["text"]
    assert controls(message) == CONTROLS
    assert blockkit.check(message, "message") == []


@pytest.mark.parametrize("state", ["superseded", "withdrawn"])
def test_drafts_that_are_over_do_not_speak_of_changed_words(state: Any) -> None:
    message = build_suggestion(make(("One [1].", "Two [2].")), state=state, is_outdated=True)

    assert "has changed since" not in str(message)
