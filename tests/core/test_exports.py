"""Exports: what stands and may teach, in the formats that other tools load as they are."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from core.errors import ConfigurationError
from core.exports import KINDS, export_rows, rows
from core.values import Turn

SHARED = {
    "id", "case_id", "suggestion_id", "agent_id", "created_at", "latency_s", "source", "judge", "weight",
    "superseded", "withdrawn",
}  # fmt: skip


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_preference_is_a_prompt_with_a_chosen_and_a_rejected_reply(world, store, watch, tmp_path):
    watch.advance(8)
    world.feedback.prefer(world.suggestion.id, "U_ANN", "b3", "button", "k1")

    assert export_rows(store, "preferences", tmp_path / "out.jsonl") == 1

    (row,) = read(tmp_path / "out.jsonl")
    assert row.pop("id").startswith("ann_")
    assert row == {
        "case_id": world.case.id,
        "suggestion_id": world.suggestion.id,
        "agent_id": "U_ANN",
        "created_at": "2026-05-04T09:00:08+00:00",
        "latency_s": 8.0,
        "source": "button",
        "judge": "pending",
        "weight": 1.0,
        "superseded": False,
        "withdrawn": False,
        "prompt": "Customer: Where is my refund?",
        "chosen": "Refund rule number 2 applies. It takes five days.",
        "rejected": "Hi! Refund rule number 1 applies.",
        "strength": 3,
        "chosen_slot": "b",
        "chosen_bundle": "bundle-b",
        "rejected_bundle": "bundle-a",
    }


def test_a_tie_is_there_only_with_everything_else(world, store):
    world.feedback.prefer(world.suggestion.id, "U_ANN", "tie", "button", "k1")

    assert list(rows(store, "preferences")) == []
    (row,) = rows(store, "preferences", everything=True)
    assert (row["strength"], row["chosen_slot"]) == (0, None)
    assert row["chosen"] == "Hi! Refund rule number 1 applies."
    assert row["rejected"] == "Refund rule number 2 applies. It takes five days."


def test_what_was_replaced_or_taken_back_is_there_only_with_everything_else(world, store, watch):
    for choice, key in (("a1", "k1"), ("b2", "k2"), ("a3", "k3")):
        world.feedback.prefer(world.suggestion.id, "U_ANN", choice, "button", key)
        watch.advance(1)
    world.feedback.prefer(world.suggestion.id, "U_BEN", "a2", "button", "k4")
    world.feedback.withdraw("k3")

    assert [row["agent_id"] for row in rows(store, "preferences")] == ["U_BEN"]
    every = rows(store, "preferences", everything=True)
    assert [(row["strength"], row["superseded"], row["withdrawn"]) for row in every] == [
        (1, True, False),
        (2, True, False),
        (3, False, True),
        (2, False, False),
    ]


def test_adoptions_say_what_became_of_the_draft(new_world, store, watch):
    as_is, edited, rejected, own = (new_world(f"{number}.0") for number in range(1, 5))
    as_is.feedback.adopt(as_is.suggestion.id, "U_ANN", "a", "button", "k1")
    watch.advance(1)
    edited.feedback.adopt(
        edited.suggestion.id, "U_ANN", "b", "modal", "k2", final="On Friday.", reasons=["too_long"], rationale="Shorter"
    )
    watch.advance(1)
    rejected.feedback.reject(rejected.suggestion.id, "U_ANN", ["wrong_fact"], None, "No refund.", "modal", "k3")
    watch.advance(1)
    own.feedback.own_reply(own.case.id, "U_ANN", "I will call.", "k4")

    found = list(rows(store, "adoptions"))

    fields = ("decision", "slot", "draft", "final", "reasons", "rationale", "bundle")
    draft_a, draft_b = "Hi! Refund rule number 1 applies.", "Refund rule number 2 applies. It takes five days."
    assert [tuple(row[field] for field in fields) for row in found] == [
        ("as_is", "a", draft_a, draft_a, [], None, "bundle-a"),
        ("edited", "b", draft_b, "On Friday.", ["too_long"], "Shorter", "bundle-b"),
        ("rejected", None, None, "No refund.", ["wrong_fact"], None, None),
    ]
    assert len(list(rows(store, "adoptions", everything=True))) == 4
    own.feedback.confirm("k4", "U_BEN")
    assert list(rows(store, "adoptions"))[-1]["final"] == "I will call."


def test_relevance_says_what_was_asked_and_what_was_shown(world, store):
    world.feedback.mark(world.suggestion.id, "U_ANN", 3, "irrelevant", "reaction", "k1")

    (row,) = rows(store, "relevance")

    assert {name: value for name, value in row.items() if name not in SHARED} == {
        "query": "where is my refund",
        "snippet_id": "snip_3",
        "snippet_text": "Refund rule number 3 applies.",
        "rank": 3,
        "label": "irrelevant",
        "cited": False,
    }


def test_gaps_keep_their_status(world, store):
    world.feedback.report_gap(
        world.suggestion.id, "U_ANN", "Winter refunds", "missing", "https://help.example/w", "modal", "k1"
    )
    store.annotations.set_gap_status("k1", "drafted", "winter")

    (row,) = rows(store, "gaps")

    assert {name: value for name, value in row.items() if name not in SHARED} == {
        "description": "Winter refunds",
        "kind": "missing",
        "link": "https://help.example/w",
        "status": "drafted",
        "article_id": "winter",
    }


def test_cases_come_with_their_conversation_and_reply(new_world, store, watch):
    answered, still_open, withdrawn = (new_world(f"{number}.0") for number in range(1, 4))
    watch.advance(1)
    answered.feedback.adopt(answered.suggestion.id, "U_ANN", "a", "button", "k1")
    withdrawn.store.cases.withdraw(withdrawn.case.id)

    found = {row["case_id"]: row for row in rows(store, "cases")}

    assert found.keys() == {answered.case.id, still_open.case.id}
    assert found[answered.case.id] == {
        "case_id": answered.case.id,
        "channel": "C1",
        "thread_ts": "1.0",
        "created_at": "2026-05-04T09:00:00+00:00",
        "text": "Where is my refund?",
        "turns": [{"role": "customer", "text": "Where is my refund?"}],
        "reply": "Hi! Refund rule number 1 applies.",
        "status": "answered",
    }
    assert (found[still_open.case.id]["reply"], found[still_open.case.id]["status"]) == (None, "open")
    assert len(list(rows(store, "cases", everything=True))) == 3


@pytest.mark.parametrize("what", ["case", "suggestion"])
def test_what_was_withdrawn_teaches_nothing(world, store, what):
    world.feedback.prefer(world.suggestion.id, "U_ANN", "a2", "button", "k1")
    if what == "case":
        store.cases.withdraw(world.case.id)
    else:
        store.suggestions.retire(world.suggestion.id, "withdrawn")

    assert list(rows(store, "preferences")) == []
    assert [row["withdrawn"] for row in rows(store, "preferences", everything=True)] == [True]


def test_feedback_on_a_replaced_revision_still_teaches(world, store, watch):
    world.feedback.prefer(world.suggestion.id, "U_ANN", "a2", "button", "k1")
    watch.advance(5)
    world.revise()

    assert len(list(rows(store, "preferences"))) == 1


def test_every_kind_has_the_shared_fields(world, store):
    world.feedback.prefer(world.suggestion.id, "U_ANN", "a2", "button", "k1")
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", "k2")
    world.feedback.mark(world.suggestion.id, "U_ANN", 1, "helpful", "button", "k3")
    world.feedback.report_gap(world.suggestion.id, "U_ANN", "Winter", "missing", None, "modal", "k4")

    for kind in KINDS:
        (row,) = rows(store, kind)
        assert kind == "cases" or row.keys() > SHARED


def test_pseudonyms_are_stable_and_tell_nothing(new_world, store):
    one, two = new_world("1.0"), new_world("2.0")
    one.feedback.prefer(one.suggestion.id, "U_ANN", "a2", "button", "k1")
    two.feedback.prefer(two.suggestion.id, "U_ANN", "a2", "button", "k2")
    two.feedback.mark(two.suggestion.id, "U_BEN", 1, "helpful", "button", "k3")

    first, second = (row["agent_id"] for row in rows(store, "preferences", anonymise=True))
    (other,) = (row["agent_id"] for row in rows(store, "relevance", anonymise=True))

    assert first == second
    assert first != other
    assert first.startswith("agent_")
    assert "U_ANN" not in first


def test_a_kind_that_does_not_exist_is_named(store, tmp_path):
    with pytest.raises(ValueError, match="'preference' cannot be exported; choose one of preferences, adoptions"):
        export_rows(store, "preference", tmp_path / "out.jsonl")

    assert list(tmp_path.glob("*out*")) == []


def test_a_failed_export_leaves_the_file_as_it_was(world, store, engine, watch, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("before\n")
    for agent in ("U_ANN", "U_BEN"):
        world.feedback.prefer(world.suggestion.id, agent, "a2", "button", f"k-{agent}")
        watch.advance(1)
    with engine.begin() as connection:
        connection.execute(text("UPDATE annotations SET details = '{}' WHERE agent_id = 'U_BEN'"))

    with pytest.raises(ValidationError, match="strength"):
        export_rows(store, "preferences", out)

    assert out.read_text() == "before\n"
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out.jsonl"]


def test_text_of_any_kind_is_one_line(world, store, watch, tmp_path):
    hostile = 'line\none\r\u2028two "quoted" \\ \U0001f600 <!channel>'
    store.cases.add_turn(world.case.id, Turn("customer", hostile, "2.0", watch() + timedelta(seconds=1)))

    assert export_rows(store, "cases", tmp_path / "deep" / "out.jsonl") == 1

    lines = (tmp_path / "deep" / "out.jsonl").read_bytes().split(b"\n")
    assert len(lines) == 2
    assert json.loads(lines[0])["turns"][1]["text"] == hostile


def test_a_place_that_cannot_be_written_is_named(store, tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ConfigurationError, match=r"file/out.jsonl cannot be written .*give --out a file"):
        export_rows(store, "cases", tmp_path / "file" / "out.jsonl")
    with pytest.raises(ConfigurationError, match="no plain file"):
        export_rows(store, "cases", tmp_path)


def test_a_link_stays_a_link(world, store, tmp_path):
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")

    export_rows(store, "cases", tmp_path / "link.jsonl")

    assert (tmp_path / "link.jsonl").is_symlink()
    assert len((tmp_path / "real.jsonl").read_text().splitlines()) == 1
