"""Block Kit on the page: every block is shown, every element sends what was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect


def test_every_block_is_rendered(page: Page, kitchen: Any) -> None:
    thread = kitchen.open_menu_thread(page, "to look at")

    expect(thread.get_by_role("heading", name="Menu")).to_contain_text("🎉")
    expect(thread.locator(".block-section strong").first).to_have_text("bold")
    expect(thread.locator(".block-section em, .block-section s, .block-section code")).to_have_text(
        ["italic", "gone", "code"]
    )
    expect(thread.locator(".fields > div")).to_have_text(["Left", "Right"])
    expect(thread.locator(".block-context")).to_contain_text("👀")
    expect(thread.locator(".block-rich_text a")).to_have_attribute("href", "https://example.com/r")
    expect(thread.locator(".block-markdown li")).to_have_text(["one", "two bold"])
    expect(thread.get_by_role("columnheader")).to_have_text(["Dish", "Price"])
    expect(thread.get_by_test_id("chart")).to_contain_text("Soup: Mon 4, Tue 9")
    expect(thread.get_by_test_id("chart").locator("circle")).to_have_count(2)
    expect(thread.locator(".unsupported")).to_have_count(0)


def test_elements_send_what_was_chosen(page: Page, kitchen: Any) -> None:
    thread = kitchen.open_menu_thread(page, "to use")
    ada = kitchen.sandbox.user("ada").id

    thread.locator("[data-action-id=press]").click()
    expect(thread).to_contain_text("used press 1")
    thread.locator("[data-action-id=dish]").select_option("pie")
    expect(thread).to_contain_text("used dish pie")
    thread.locator("[data-action-id=cook]").select_option(ada)
    expect(thread).to_contain_text(f"used cook {ada}")
    thread.locator("[data-action-id=day]").fill("2027-01-31")
    expect(thread).to_contain_text("used day 2027-01-31")
    thread.locator("[data-action-id=boxes] [data-value=salt]").check()
    expect(thread).to_contain_text("used boxes salt")
    thread.locator("[data-action-id=rounds] [data-value=large]").check()
    expect(thread).to_contain_text("used rounds large")
    thread.locator("[data-action-id=many]").click()
    page.get_by_test_id("options").locator("[data-value=blue]").check()
    expect(thread).to_contain_text("used many blue")


def test_an_overflow_menu_works_by_keyboard(page: Page, kitchen: Any) -> None:
    thread = kitchen.open_menu_thread(page, "by keyboard")
    menu = thread.locator("[data-action-id=menu]")

    menu.press("Enter")
    expect(page.locator("[role=menuitem]")).to_have_text(["Fresh", "Stale"])
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    menu.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(thread).to_contain_text("used menu stale")
    expect(menu).to_be_focused()


def test_a_confirmation_comes_before_a_dangerous_button(page: Page, kitchen: Any) -> None:
    thread = kitchen.open_menu_thread(page, "to confirm")

    thread.locator("[data-action-id=drop]").click()
    expect(page.get_by_test_id("confirm")).to_contain_text("It is gone then.")
    page.get_by_test_id("confirm-no").click()
    expect(thread).not_to_contain_text("used drop")
    thread.locator("[data-action-id=drop]").click()
    page.get_by_test_id("confirm-yes").click()

    expect(thread).to_contain_text("used drop")


@pytest.mark.usefixtures("impatient")
def test_a_button_the_app_ignores_shows_a_warning(page: Page, kitchen: Any) -> None:
    thread = kitchen.open_menu_thread(page, "in silence")

    thread.locator("[data-action-id=silent]").click()

    expect(thread.locator(".pending [data-action-id=silent]")).to_be_visible()
    expect(thread.get_by_test_id("action-failed")).to_be_visible(timeout=10_000)
    expect(thread.locator(".pending")).to_have_count(0)
