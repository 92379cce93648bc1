"""Whatever customers, articles and agents write: nothing that Slack refuses, and nothing that comes alive.

Ten thousand payloads and more, of every kind that carries somebody's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import blockkit
from bot.blocks.adoption import build_adoption
from bot.blocks.audit import build_audit
from bot.blocks.case import build_case
from bot.blocks.elements import SECTION_MAX
from bot.blocks.gap_draft import build_gap_draft
from bot.blocks.gap_forms import build_gap_cases, build_merge, build_rename, build_split
from bot.blocks.gap_news import build_assigned, build_who_asked
from bot.blocks.gaps import build_gap, build_gaps
from bot.blocks.held import build_held
from bot.blocks.lost import build_not_promoted, build_unpublished
from bot.blocks.new_case import build_case_post
from bot.blocks.notes import build_failed_draft, build_note
from bot.blocks.reply import build_reply
from bot.blocks.suggestion import build_suggestion
from bot.errors import sentence
from bot.refs import GapRef, ViewRef
from core.annotations import Adoption, MissingKnowledge
from core.errors import InvalidAnnotation, UnknownCase
from core.gap_queue import Queue, RetrievalFailure
from core.judge.ruling import Finding, Ruling
from core.knowledge.gap_draft import ArticleDraft, DraftSource
from core.knowledge.gaps import GapGroup, IndexCheck
from core.values import (
    Candidate,
    Case,
    CheckReport,
    LostQuestion,
    RankedSnippet,
    SentenceCheck,
    Snippet,
    Suggestion,
    Turn,
)

AT = datetime(2026, 5, 4, tzinfo=UTC)
EXAMPLES = 440
# The longest that reaches each place: Slack's message, the drafts' limit, the text fields of our forms.
MESSAGE_MAX, DRAFT_MAX, FIELD_MAX = 40_000, 2800, 3000
HOSTILE = [
    *("<!channel>", "<!here|here>", "<!everyone>", "<!subteam^S08LEADSG1D>", "<@U08AD1AGNT1>", "<#C08QW4SUP1A|x>"),
    *("<https://evil.example|your bank>", "https://evil.example", "[bank](https://evil.example)", "mailto:a@b.example"),
    *("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;", "&", "<", ">", "|", "`", "```", "*", "_", "~", ":warning:"),
    *("\x00", "\x1b[31m", "\r\n", "\n", "\t", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\ufe0f", "\u0301"),
    *("\ud83d", "\udc00", "👩🏽‍🦰", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🙂" * 40, "שלום", "مرحبا", "漢字" * 30, "ﷺ", "Z̸͕̄a̴͎̓l̵̰̈g̷̟̽o̶̯͂"),
    *("[1]", "[2][3]", "[99]", "- item\n- item", "> quoted", "```\ncode <!channel>\n```", "@channel", "#general"),
    '{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}}',
]
PIECES = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), min_size=1, max_size=12).map("".join)
TEXTS = st.tuples(PIECES, st.sampled_from([1, 1, 1, 7, 500, MESSAGE_MAX])).map(
    lambda one: (one[0] * one[1])[:MESSAGE_MAX]
)
URLS = st.sampled_from(
    [None, "https://help.example/refunds?a=1&b=<!channel>", "https://help.example/" + "a" * 3000, "javascript:alert(1)"]
) | TEXTS.map(lambda text: f"https://help.example/{text}")
ALIVE = re.compile(r"<[^<>]*>")
OURS = re.compile(r"<(?:@U08AGENT01|#C08QW4SUP1A|https://(?:help|gap)\.example/[^\s<>|]*\|[^<>|]*)>")

rendered = 0


@pytest.mark.slow
def test_ten_thousand_payloads_of_hostile_texts_are_valid_and_dead() -> None:
    _check_everything()

    assert rendered >= 10_000


@given(TEXTS, TEXTS, TEXTS, TEXTS, URLS)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def _check_everything(asked: str, draft: str, title: str, body: str, url: str | None) -> None:
    for surface, payload in _payloads(asked, draft, title, body, url):
        global rendered
        rendered += 1
        assert blockkit.check(payload, surface) == []
        for text in _live_texts(payload):
            assert ALIVE.findall(OURS.sub("", text)) == [], text


def _payloads(asked: str, draft: str, title: str, body: str, url: str | None) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every message and view that carries these words."""
    suggestion = _suggestion(asked, draft[:DRAFT_MAX] or "empty", title, body, url)
    for state in ("live", "superseded", "withdrawn"):
        yield "message", build_suggestion(suggestion, "", state)  # type: ignore[arg-type]
    yield "message", build_suggestion(suggestion, "<@U08AGENT01> (preference) " * 25, is_outdated=True)
    for written in (draft[:DRAFT_MAX], asked[:FIELD_MAX]):
        for can_undo in (True, False):
            yield "message", build_reply(written, "U08AGENT01", "reply_1", "case_1", "sug_1", can_undo=can_undo)
    yield "message", build_case_post(asked[:FIELD_MAX], "U08AGENT01")
    yield "message", build_case(_case(asked, body), 3, [("U08AGENT01", draft), ("U08AGENT01", title)])
    yield from _about_gaps([_gap(n, title[:FIELD_MAX]) for n in range(12)], body, url)
    yield "message", build_held(_refusal(asked[:FIELD_MAX]), Ruling("held", 0.0, (Finding("check", title, 0.0),)))
    for suggested in (suggestion, None):
        yield "message", build_audit(_refusal(asked[:FIELD_MAX]), suggested)
    yield "message", build_note(sentence(UnknownCase(asked[:60]), "key"))
    yield (
        "message",
        build_failed_draft(sentence(InvalidAnnotation(f"{title[:500]} is no preference."), "key"), "case_1"),
    )
    yield "modal", build_adoption(ViewRef("sug_1", "C08QW4SUP1A", "1.0", "a"), draft[:DRAFT_MAX])


def _about_gaps(reports: list[MissingKnowledge], body: str, url: str | None) -> Iterator[tuple[Any, dict[str, Any]]]:
    gap = GapGroup("gap_1", "T1", "", "drafted", body[:FIELD_MAX], "winter-1", "U08AGENT01", tuple(reports))
    check = IndexCheck("winter-1", 12, "0", AT)
    failures = tuple(RetrievalFailure(one, check, body[:120], url) for one in reports)
    draft = ArticleDraft(body[:120].strip() or "x", body, (DraftSource("reply", "case_1", "ann_1", ""),), (body,), 3)
    ref, links = GapRef("gap_1"), {"case_1": "https://gap.example/archives/C1/p1"}
    yield "message", build_gaps(Queue((gap,) * 12, failures, tuple(reports)), AT)
    yield "message", build_gap(replace(gap, status="rejected"), AT)
    yield "message", build_who_asked(reports[0], links["case_1"], is_hidden=False)
    yield "message", build_assigned(gap, "U08AGENT01")
    yield "message", build_unpublished("gap_1", "Pets", [LostQuestion("pets", "exam_1", body)] * 2)
    yield "message", build_not_promoted(3, "Pets", [LostQuestion("pets", "exam_1", body)] * 2)
    yield "modal", build_gap_draft(ref, draft, "", links)
    yield "modal", build_gap_draft(ref, draft, "Only owners.", links, ["Read it."])
    yield "modal", build_rename(ref, gap)
    yield "modal", build_merge(ref, gap, [gap])
    yield "modal", build_split(ref, gap)
    yield "modal", build_gap_cases(gap, links, {reports[0].id: check})


def _suggestion(asked: str, draft: str, title: str, body: str, url: str | None) -> Suggestion:
    shown = tuple(
        RankedSnippet(Snippet(f"s{n}", "refunds", 1, title, asked[:200], url, body), n, 1.0 / n) for n in range(1, 9)
    )
    doubt = SentenceCheck(draft, (1,), supported=False, states_fact=True, grants=False, reason="not said")
    report = CheckReport((doubt,), citations_valid=False, answers_question=True)
    slots: tuple[Any, ...] = ("a", "b")
    return Suggestion(
        id="sug_1",
        case_id="case_1",
        revision=1,
        turns=(),
        query=asked,
        retrieved=shown,
        shown=shown,
        candidates=tuple(Candidate(slot, draft, "direct", "knowledge", "bundle", report) for slot in slots),
        similar=(),
        bundle="bundle",
        parameters={},
        timings_s={},
        created_at=AT,
    )


def _case(asked: str, answered: str) -> Case:
    turns = tuple(
        Turn(role, text, str(n), AT) for n, (role, text) in enumerate([("customer", asked), ("agent", answered)] * 4)
    )  # type: ignore[arg-type]
    return Case("case_1", "T1", "C08QW4SUP1A", "1.0", "U1", turns, "answered", AT, "U08AGENT01")


def _refusal(rationale: str) -> Adoption:
    return Adoption.model_validate(
        {
            "id": "ann_1",
            "key": "key",
            "case_id": "case_1",
            "suggestion_id": "sug_1",
            "agent_id": "U08AGENT01",
            "created_at": AT,
            "latency_s": 1.0,
            "source": "modal",
            "decision": "rejected",
            "reasons": ("other",),
            "rationale": rationale.encode("utf-8", "replace").decode(),
        }
    )


def _gap(number: int, description: str) -> MissingKnowledge:
    return MissingKnowledge.model_validate(
        {
            "id": f"ann_{number}",
            "key": f"key {number}",
            "case_id": "case_1",
            "suggestion_id": "sug_1",
            "agent_id": "U08AGENT01",
            "created_at": AT,
            "latency_s": 1.0,
            "source": "modal",
            "description": description.encode("utf-8", "replace").decode().strip() or "empty",
            "kind": "missing",
            "link": "https://gap.example/a?b=1&c=2",
        }
    )


def _live_texts(part: Any) -> Iterator[str]:
    """Every text in which Slack reads markup: mrkdwn objects, all of them verbatim, and a message's own text."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            assert part["verbatim"] is True
            assert 0 < len(part["text"]) <= SECTION_MAX
        if isinstance(part.get("text"), str) and part.get("type") != "plain_text":
            yield part["text"]
        for value in part.values():
            yield from _live_texts(value)
    elif isinstance(part, list):
        for item in part:
            yield from _live_texts(item)
