"""The page's modals: errors beside the fields, every kind of input, the stack, the keyboard."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Page, expect


def test_a_form_shows_its_errors_beside_the_fields_and_keeps_what_was_typed(page: Page, kitchen: Any) -> None:
    modal = kitchen.open_form(page, "with errors")

    modal.locator("[data-action-id=story]").fill("Without onions")
    modal.get_by_test_id("modal-submit").click()

    for name in ("name", "sides", "size"):
        expect(modal.locator(f"[data-block-id={name}] [data-testid=field-error]")).to_have_text(
            "Please complete this required field."
        )
    expect(modal.locator("[data-action-id=name]")).to_be_focused()
    expect(modal.locator("[data-action-id=story]")).to_have_value("Without onions")


def test_a_form_sends_every_kind_of_input(page: Page, kitchen: Any) -> None:
    modal = kitchen.open_form(page, "to fill in")
    room = kitchen.sandbox.channel("random").id

    modal.locator("[data-action-id=name]").fill("nobody")
    modal.locator("[data-action-id=sides]").click()
    page.get_by_test_id("options").locator("[data-value=bread]").check()
    page.get_by_test_id("options").locator("[data-value=rice]").check()
    page.keyboard.press("Escape")
    modal.locator("[data-action-id=size] [data-value=small]").check()
    modal.locator("[data-action-id=extras] [data-value=ice]").check()
    modal.locator("[data-action-id=dish]").select_option("soup")
    modal.locator("[data-action-id=room]").select_option(room)
    modal.locator("[data-action-id=link]").fill("https://example.com/o")
    modal.locator("[data-action-id=count]").fill("3")
    modal.locator("[data-action-id=day]").fill("2027-02-01")
    modal.get_by_test_id("modal-submit").click()
    expect(modal.locator("[data-block-id=name]")).to_contain_text("The kitchen needs a real name.")
    modal.locator("[data-action-id=name]").fill("Ada")
    modal.locator("[data-action-id=name]").press("Enter")

    expect(modal).to_be_hidden()
    ordered = {
        "name": "Ada", "story": "As usual", "sides": "bread,rice", "size": "small", "extras": "ice", "dish": "soup",
        "room": room, "link": "https://example.com/o", "count": "3", "day": "2027-02-01",
    }  # fmt: skip
    expect(kitchen.message(page, f"ordered {json.dumps(ordered, sort_keys=True)}")).to_have_count(1)


def test_a_button_in_a_form_tells_the_app_what_was_typed_so_far_and_the_view_below_keeps_it(
    page: Page, kitchen: Any
) -> None:
    modal = kitchen.open_form(page, "to go deeper")
    modal.locator("[data-action-id=name]").fill("Half a name")

    modal.locator("[data-action-id=deeper]").click()
    expect(page.get_by_test_id("modal-title")).to_have_text("Deeper")
    expect(modal).to_contain_text("Under “Half a name”")
    page.keyboard.press("Escape")

    expect(page.get_by_test_id("modal-title")).to_have_text("Order")
    expect(modal.locator("[data-action-id=name]")).to_have_value("Half a name")
    modal.get_by_test_id("modal-close").click()
    expect(modal).to_be_hidden()
    expect(page.locator("[data-action-id=form]").last).to_be_focused()


def test_focus_stays_inside_an_open_form(page: Page, kitchen: Any) -> None:
    modal = kitchen.open_form(page, "to stay in")

    for _ in range(40):
        page.keyboard.press("Tab")

    outside = "() => !document.activeElement.closest('dialog') && document.activeElement !== document.body"
    assert page.evaluate(outside) is False
    expect(modal).to_be_visible()
