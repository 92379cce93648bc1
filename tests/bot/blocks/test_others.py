"""The other messages and views: within the limits, with the names the contract gives them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import blockkit
from bot.blocks.adoption import build_adoption
from bot.blocks.case import build_case
from bot.blocks.help import build_help
from bot.blocks.invite import build_invite
from bot.blocks.missing_knowledge import build_missing_knowledge
from bot.blocks.models import build_models, build_promote_question, build_rollback_question, served_by
from bot.blocks.new_case import build_case_post, build_new_case
from bot.blocks.notes import build_failed_draft, build_gap_question, build_neither_question, build_send_anyway
from bot.blocks.rejection import build_rejection
from bot.blocks.reply import build_reply
from bot.refs import ViewRef
from core.registry.bundle import Aliases, Bundle, Event, PartRef
from core.registry.listing import Line, Listing
from core.registry.provenance import Provenance
from core.settings import REACTIONS
from core.values import Case, Turn

REF = ViewRef("sug_7k3fq9xa2m", "C1", "1700000000.000100", "a")
NOW = datetime(2026, 5, 4, tzinfo=UTC)
WILD = st.text(min_size=1) | st.sampled_from(["<!channel>", "&" * 3000, "🙂" * 3000, "<" * 5000])


@pytest.mark.parametrize(
    ("view", "callback_id", "inputs"),
    [
        (build_adoption(REF, "Five days."), "adoption", ["reply", "reasons", "rationale"]),
        (build_rejection(REF), "rejection", ["reasons", "rationale", "reply"]),
        (build_missing_knowledge(REF), "missing_knowledge", ["description", "kind", "link"]),
        (build_new_case("C1"), "new_case", ["channel", "text"]),
    ],
)
def test_views_have_the_names_of_the_contract(view: dict[str, Any], callback_id: str, inputs: list[str]) -> None:
    assert blockkit.check(view, "modal") == []
    assert view["callback_id"] == callback_id
    assert [block["block_id"] for block in view["blocks"]] == inputs
    assert [block["element"]["action_id"] for block in view["blocks"]] == inputs


def test_a_refusal_offers_the_nine_reasons() -> None:
    options = build_rejection(REF)["blocks"][0]["element"]["options"]

    assert [option["value"] for option in options] == [
        "wrong_fact", "unsupported", "outdated", "missed_question", "incomplete",
        "too_long", "tone", "my_preference", "other",
    ]  # fmt: skip


@given(WILD)
def test_a_reply_of_any_words_fits(text: str) -> None:
    message = build_reply(text[:3000], "U1", "reply_1", "case_1", "sug_1", can_undo=True)

    assert blockkit.check(message, "message") == []
    assert "<!" not in str(message)


@given(WILD)
def test_a_pasted_case_of_any_words_fits(text: str) -> None:
    message = build_case_post(text[:3000], "U1")

    assert blockkit.check(message, "message") == []
    assert "<!" not in str(message)


@given(WILD)
def test_a_case_of_any_words_fits(text: str) -> None:
    turns = tuple(Turn("customer", text, str(n)) for n in range(30))
    case = Case("case_1", "T1", "C1", "1.0", "U1", turns, "answered", NOW, "U2")

    assert blockkit.check(build_case(case, 3, [("U2", text)] * 5), "message") == []


@given(WILD)
def test_versions_with_reasons_of_any_words_fit(text: str) -> None:
    event = Event(3, "promoted", NOW, "U1", text)
    bundles = [Bundle(n, 0, NOW, {"ranker": PartRef("x", "y")}, verdict="superior", reason=text) for n in range(30)]
    lines = [Line(bundle, "champion" if bundle.version == 29 else None, files_removed=True) for bundle in bundles]

    listed = build_models(Listing(lines, Aliases(29, 0, 0.5), [event] * 30))

    for message in (listed, build_promote_question(lines[3], 2), build_rollback_question(3, lines[2])):
        assert blockkit.check(message, "message") == []
        assert "<!" not in str(message)
    assert "20 others" not in str(listed)
    assert "19 others are listed by" in str(listed)


def test_the_versions_behind_the_newest_drafts_are_told_in_a_sentence() -> None:
    promoted, challenger = Event(2, "promoted", NOW, "U1", ""), Event(3, "challenger", NOW, "gate", "")

    assert served_by([]) == ""
    assert served_by([Provenance(0, None, ())]) == "Newest drafts by version 0, what ships with the product."
    assert served_by([Provenance(2, promoted, ("ann_1",)), Provenance(3, challenger, ("ann_1", "ann_2"))]) == (
        "Newest drafts by version 2 (champion since 2026-05-04 by <@U1>, taught by 1 annotation) and "
        "version 3 (challenger since 2026-05-04 by gate, taught by 2 annotations)."
    )


@pytest.mark.parametrize(
    "message",
    [
        build_help(REACTIONS, is_lead=True),
        build_invite("C1"),
        build_invite("C1", "U1"),
        build_send_anyway("U1", "held_1"),
        build_send_anyway(None, "held_1"),
        build_gap_question("sug_1"),
        build_neither_question("sug_1"),
        build_failed_draft("I couldn't. (ref 8f3a)", "case_1"),
    ],
)
def test_the_small_messages_are_valid(message: dict[str, Any]) -> None:
    assert blockkit.check(message, "message") == []
    assert message["text"]
