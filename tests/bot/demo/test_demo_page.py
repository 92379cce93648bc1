"""What a newcomer does in the first five minutes, in a real browser, on the real product."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.demo.demo import CASES, Demo
from bot.sandbox import wait_for
from core.annotations import AnnotationKind
from core.exports import export_rows
from tests.browser import browsing

DRAFTED_WITHIN_MS = 120_000  # the models may still be loading
QUESTION = "How many business days does a refund to my credit card take?"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def page(demo: Demo) -> Iterator[Page]:
    with browsing() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 1500})
        page.goto(f"{demo.sandbox.url}/#/{demo.sandbox.user('ada').id}/{demo.sandbox.channel(CASES).id}")
        yield page


@pytest.fixture(scope="module")
def suggestion(demo: Demo, page: Page) -> Locator:
    """The suggestion message for a case that the customer has just posted, in its open thread."""
    demo.sandbox.person("customer").post(CASES, QUESTION)
    case = page.get_by_test_id("message").filter(has_text=QUESTION)
    case.get_by_test_id("open-thread").click(timeout=DRAFTED_WITHIN_MS)
    message = page.get_by_test_id("thread-messages").get_by_test_id("message").filter(has_text="Draft A")
    expect(message).to_be_visible(timeout=DRAFTED_WITHIN_MS)
    return message


def action(message: Locator, action_id: str) -> Locator:
    return message.locator(f'[data-action-id="{action_id}"]')


def kept(demo: Demo, kind: AnnotationKind) -> list[Any]:
    return wait_for(lambda: list(demo.services.store.annotations.all(kind)), 10, f"a {kind} in the database")


def test_two_cited_drafts_stand_in_the_thread_with_their_sources(suggestion: Locator) -> None:
    expect(suggestion).to_contain_text("Draft B")
    expect(suggestion).to_contain_text(re.compile(r"5–7 business days.*\[\d\]", re.DOTALL))
    expect(action(suggestion, "relevance.8")).to_be_visible()


def test_a_draft_is_preferred_by_one_click(demo: Demo, suggestion: Locator) -> None:
    action(suggestion, "preference.b2").click()

    expect(suggestion).to_contain_text("Ada (agent)", timeout=15_000)
    (preference,) = kept(demo, "preference")
    assert (preference.chosen_slot, preference.strength) == ("b", 2)


def test_a_snippet_is_flagged_from_its_menu(demo: Demo, page: Page, suggestion: Locator) -> None:
    action(suggestion, "relevance.8").click()
    page.get_by_test_id("menu").locator('[data-value="irrelevant"]').click()

    (relevance,) = kept(demo, "relevance")
    assert (relevance.n, relevance.label) == (8, "irrelevant")


def test_a_gap_is_reported_in_a_form(demo: Demo, page: Page, suggestion: Locator) -> None:
    action(suggestion, "report_gap").click()
    modal = page.get_by_test_id("modal")
    modal.locator('[data-block-id="description"] textarea').fill("How long a refund to a closed card takes")
    modal.locator('[data-block-id="kind"] [data-value="missing"]').check()
    page.get_by_test_id("modal-submit").click()

    expect(modal).to_be_hidden()
    (gap,) = kept(demo, "gap")
    assert gap.description == "How long a refund to a closed card takes"


def test_a_draft_is_edited_and_sent_and_the_state_line_says_so(demo: Demo, page: Page, suggestion: Locator) -> None:
    action(suggestion, "edit.b").click()
    modal = page.get_by_test_id("modal")
    modal.locator('[data-block-id="reply"] textarea').fill("Your refund reaches your card within 5–7 business days.")
    page.get_by_test_id("modal-submit").click()

    thread = page.get_by_test_id("thread-messages")
    sent = thread.get_by_test_id("message").filter(has_text="Your refund reaches your card")
    expect(sent.first).to_be_visible()
    expect(suggestion).to_contain_text("Sent: draft B, edited", timeout=15_000)
    (adoption,) = kept(demo, "adoption")
    assert (adoption.decision, adoption.final) == ("edited", "Your refund reaches your card within 5–7 business days.")


def test_what_was_clicked_is_exported_as_training_data(demo: Demo, tmp_path: Path) -> None:
    export_rows(demo.services.store, "preferences", tmp_path / "preferences.jsonl")

    (row,) = [json.loads(line) for line in (tmp_path / "preferences.jsonl").read_text("utf-8").splitlines()]
    assert row["strength"] == 2
    assert row["prompt"] == f"Customer: {QUESTION}"
    assert "[1]" not in row["chosen"]


def test_the_bot_broke_none_of_slacks_rules(demo: Demo) -> None:
    assert demo.sandbox.violations == []
