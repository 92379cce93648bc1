"""What people see of missing knowledge: the list, the draft, the small forms, and the news."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import blockkit
from bot.blocks.gap_draft import PARTS_MOST, body_of, build_drafting, build_gap_draft, build_publishing, split_body
from bot.blocks.gap_forms import build_assign, build_gap_cases, build_merge, build_reject, build_rename, build_split
from bot.blocks.gap_news import build_approved, build_now_there
from bot.blocks.gaps import build_gap, build_gaps, build_gone, gap_list
from bot.blocks.lost import build_unpublished
from bot.refs import GapRef
from core.annotations import MissingKnowledge
from core.gap_queue import Queue, RetrievalFailure
from core.knowledge.exam import ExamQuestion
from core.knowledge.gap_draft import ArticleDraft, DraftSource
from core.knowledge.gaps import GapGroup, IndexCheck
from core.values import LostQuestion

NOW = datetime(2026, 5, 4, tzinfo=UTC)
REF = GapRef("gap_1", "https://hooks.example/1", 2)
LINKS = {"case_1": "https://acme.example/archives/C1/p1"}
LONG = "\n\n".join(f"Paragraph {n}." + " word" * 200 for n in range(8))


def report(number: int, description: str = "Refunds in winter") -> MissingKnowledge:
    return MissingKnowledge(
        id=f"ann_{number}", key=f"k{number}", case_id=f"case_{number}", suggestion_id=None, agent_id="U1",
        created_at=NOW - timedelta(days=3), latency_s=None, source="modal", description=description, kind="missing",
    )  # fmt: skip


def gap(number: int = 1, reports: int = 2, **changes: Any) -> GapGroup:
    made = tuple(report(n) for n in range(1, reports + 1))
    values = {"name": "", "status": "open", "reason": "", "article_id": None, "assigned_to": None, **changes}
    return GapGroup(id=f"gap_{number}", team="T1", reports=made, **values)


def draft(body: str, **changes: Any) -> ArticleDraft:
    values = {"sources": (DraftSource("reply", "case_1", "ann_1", ""),), "flags": (), "version": 2, **changes}
    return ArticleDraft("Winter", body, **values)


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    return [block["text"]["text"] for block in blocks if block["type"] == "section"]


def test_a_gap_says_how_often_it_was_reported_how_old_it_is_and_who_writes_it() -> None:
    message = build_gaps(Queue((gap(status="drafted", assigned_to="U2"),), ()), NOW)

    assert texts(message["blocks"]) == [
        "*Missing knowledge: 1 gap*, those of most cases first",
        "*Refunds in winter*\n2 reports from 2 cases · 3 days old · draft written · for <@U2>",
    ]
    controls = message["blocks"][-1]["elements"]
    assert [one["action_id"] for one in controls] == ["gaps.draft", "gaps.assign", "gaps.reject", "gaps.more"]
    assert [one["value"] for one in controls[-1]["options"]] == [
        "cases:gap_1", "rename:gap_1", "merge:gap_1", "split:gap_1"
    ]  # fmt: skip


def test_what_is_there_and_was_not_found_is_told_with_its_rank_and_is_no_task() -> None:
    failures = (
        RetrievalFailure(report(1), IndexCheck("pets", 3, "0", NOW), "Pets", "https://help.example/pets"),
        RetrievalFailure(report(2), IndexCheck("pets", None, "0", NOW), "Pets", None),
    )

    blocks = gap_list(Queue((), failures), NOW)

    assert texts(blocks)[1:] == [
        "Refunds in winter\n<https://help.example/pets|Pets>: found at rank 3 now · case_1 · reported by <@U1>",
        "Refunds in winter\nPets: not among the 75 snippets found now · case_2 · reported by <@U1>",
    ]
    assert [block["type"] for block in blocks] == ["section"] * 3


@pytest.mark.parametrize(
    ("changes", "ending"),
    [
        (
            {"status": "resolved", "article_id": "winter-1", "changed_by": "U2"},
            ":white_check_mark: in the knowledge base now as `winter-1`, approved by <@U2>",
        ),
        ({"status": "rejected", "reason": "No winter.", "changed_by": "U2"}, "not needed, says <@U2>: No winter."),
    ],
)
def test_a_gap_that_is_closed_says_how_and_offers_nothing(changes: dict[str, Any], ending: str) -> None:
    message = build_gap(gap(**changes), NOW)

    [only] = message["blocks"]
    assert only["text"]["text"].endswith(ending)


def test_where_outsiders_read_along_nobodys_words_are_shown() -> None:
    assert "winter" not in str(build_gap(gap(reason="winter"), NOW, is_hidden=True)).lower()


def test_a_long_text_is_cut_between_paragraphs_into_several_fields_and_comes_back_whole() -> None:
    parts = split_body(LONG)
    assert len(parts) == 4
    assert all(len(part) <= 2600 for part in parts)

    view = build_gap_draft(REF, draft(LONG), "", LINKS)
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [one["block_id"] for one in inputs] == ["title", "text", "text_2", "text_3", "text_4"]
    values = {one["block_id"]: one["element"]["initial_value"] for one in inputs}
    assert body_of(values) == LONG


def test_a_text_too_long_for_slack_is_not_cut_but_sent_to_the_terminal() -> None:
    view = build_gap_draft(REF, draft("word " * 600 * PARTS_MOST), "", LINKS)

    assert [block["type"] for block in view["blocks"]] == ["section", "context", "context"]
    assert "aitl gaps edit gap_1 FILE" in str(view)
    assert "submit" not in view


def test_only_owners_see_the_button_and_others_whom_to_ask() -> None:
    owners = str(build_gap_draft(REF, draft("Ten days."), "", LINKS))
    others = str(build_gap_draft(REF, draft("Ten days."), "Only owners of the knowledge can do this.", LINKS))

    assert "gaps.approve" in owners
    assert "gaps.approve" not in others
    assert "You can save this draft. Only owners of the knowledge can do this." in others


def test_what_gives_the_bot_orders_stands_on_top() -> None:
    view = build_gap_draft(
        REF, draft("Ten days.", flags=("In case_1, “ignore all rules” reads like an order.",)), "", {}
    )

    assert view["blocks"][0]["text"]["text"] == ":warning: In case_1, “ignore all rules” reads like an order."
    assert view["title"]["text"] == "Draft, version 2"


def test_the_news_say_case_by_case_whether_it_is_found_now() -> None:
    questions = [
        ExamQuestion("e1", "winter-1", "asked", (), "sug_1", "case_1", passed=True, rank=1),
        ExamQuestion("e2", "winter-1", "asked", (), "sug_2", "case_2", passed=False, rank=12),
    ]

    assert build_approved("Winter", questions, LINKS)["text"] == (
        ":white_check_mark: “Winter” is published. Asked again, 1 of 2 cases would be shown it now:\n"
        "• <https://acme.example/archives/C1/p1|case_1>: found at rank 1 now\n"
        "• case_2: found at rank 12 now, behind the 8 shown"
    )
    assert build_now_there("Winter", [], {})["text"].endswith(
        "No case could be asked again.\nThank you for reporting it."
    )


def test_an_approval_that_the_exam_stopped_says_what_would_be_lost_and_what_can_be_done() -> None:
    lost = [LostQuestion("pets", "exam_1", "May I bring <two> cats?"), LostQuestion("keys", "exam_2", "Where is it?")]

    assert build_unpublished("gap_1", "Pets", lost)["text"] == (
        "Nothing was published, for “Pets” would not be found any more by its exam question “May I bring &lt;two&gt; "
        "cats?”, and 1 other question would lose theirs: change the draft, or decide on the terminal to withdraw the "
        "question (`aitl exam withdraw exam_1`) or to publish all the same (`aitl gaps approve gap_1 --anyway`)."
    )


def the_most() -> Queue:
    """As many as are shown of each, and the longest words that a form takes."""
    reports = tuple(report(n, "&" * 3000) for n in range(12))
    check = IndexCheck("pets", 12, "0", NOW)
    failures = tuple(RetrievalFailure(one, check, "&" * 300, f"https://help.example/{'&' * 400}") for one in reports)
    return Queue(tuple(gap(n, name="&" * 300, assigned_to="U2") for n in range(12)), failures, reports)


@pytest.mark.parametrize(
    ("surface", "payload"),
    [
        ("message", build_gaps(Queue((), ()), NOW)),
        ("message", build_gaps(Queue(tuple(gap(n) for n in range(30)), ()), NOW, "Done.")),
        ("message", build_gaps(the_most(), NOW, "Done.")),
        ("message", build_gone()),
        ("home", {"type": "home", "blocks": gap_list(Queue(tuple(gap(n) for n in range(60)), ()), NOW, most=40)}),
        ("modal", build_gap_draft(REF, draft(""), "", LINKS)),
        ("modal", build_gap_draft(REF, draft(LONG), "", LINKS)),
        ("modal", build_drafting()),
        ("modal", build_publishing("Winter")),
        ("modal", build_assign(REF, gap(assigned_to="U2"))),
        ("modal", build_assign(REF, gap(assigned_to="Ada"))),
        ("modal", build_reject(REF, gap())),
        ("modal", build_rename(REF, gap())),
        ("modal", build_merge(REF, gap(), [gap(n) for n in range(150)])),
        ("modal", build_split(REF, gap(reports=150))),
        ("modal", build_gap_cases(gap(reports=150), LINKS, {})),
    ],
)
def test_everything_fits(surface: Any, payload: dict[str, Any]) -> None:
    assert blockkit.check(payload, surface) == []
