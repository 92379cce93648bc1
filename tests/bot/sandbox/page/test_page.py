"""The sandbox's page in a real browser: channels, threads, people, commands, reactions, a narrow window."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

import bot.sandbox as sandbox_package
from bot.sandbox import Sandbox

CHANNEL = "support-cases"
PAGE = Path(sandbox_package.__file__).parent / "page"


def test_the_page_is_self_contained_and_never_parses_text_as_markup() -> None:
    sources = [path for path in PAGE.rglob("*") if path.suffix in (".html", ".css", ".js", ".svg")]

    # A namespace is a name, not an address that anything is loaded from.
    outside = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]", re.IGNORECASE)
    markup = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function")
    texts = {path.name: path.read_text("utf-8") for path in sources}

    assert len(texts) > 30
    assert [name for name, text in texts.items() if outside.search(text)] == []
    assert [name for name, text in texts.items() if markup.search(text)] == []


def test_a_first_visit_opens_a_channel_as_somebody(page: Page, kitchen: Any) -> None:
    page.goto("about:blank")
    page.goto(kitchen.sandbox.url)

    expect(page.get_by_test_id("channel-name")).to_have_text(CHANNEL)
    expect(page).to_have_url(re.compile(r"#/U\w+/C\w+$"))


def test_what_is_typed_is_posted_by_enter_and_broken_by_shift_enter(page: Page, kitchen: Any) -> None:
    composer = page.get_by_test_id("composer-text")

    composer.press_sequentially("first line")
    composer.press("Shift+Enter")
    composer.press_sequentially("second *line*")
    composer.press("Enter")

    posted = kitchen.message(page, "first line")
    expect(posted).to_contain_text("second line")
    expect(posted.locator("strong")).to_have_text("line")
    expect(composer).to_have_value("")


def test_markup_and_broadcasts_are_shown_as_the_text_they_are(page: Page, kitchen: Any) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(2)> <!channel> <javascript:alert(3)|click>"

    kitchen.customer.post(CHANNEL, f"harmless {hostile}")

    posted = kitchen.message(page, "harmless")
    expect(posted).to_contain_text(hostile)
    expect(posted.locator("script, img, a, .mention")).to_have_count(0)


def test_links_mentions_and_emoji_come_alive(page: Page, kitchen: Any) -> None:
    kitchen.customer.post(CHANNEL, "@ada please see https://example.com/help?a=1&b=2 in #random :wave: :no-such-one:")

    posted = kitchen.message(page, "please see")
    expect(posted.locator("a")).to_have_attribute("href", "https://example.com/help?a=1&b=2")
    expect(posted.locator(".mention-me")).to_have_text("@Ada (agent)")
    expect(posted.locator("[data-mention=channel]")).to_have_text("#random")
    expect(posted.locator(".emoji")).to_have_text("👋")
    expect(posted).to_contain_text(":no-such-one:")


def test_a_thread_opens_beside_the_channel_and_takes_replies(page: Page, kitchen: Any) -> None:
    kitchen.customer.post(CHANNEL, "a case for the thread")

    case = kitchen.message(page, "a case for the thread")
    case.hover()
    case.get_by_test_id("reply").click()
    expect(page.get_by_test_id("thread-composer-text")).to_be_focused()
    page.keyboard.type("an answer")
    page.get_by_test_id("thread-composer-send").click()

    expect(page.get_by_test_id("thread-messages")).to_contain_text("an answer")
    expect(case.get_by_test_id("open-thread")).to_contain_text("1 reply")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("thread-pane")).to_be_hidden()


def test_own_messages_can_be_edited_and_deleted(page: Page, kitchen: Any) -> None:
    page.get_by_test_id("composer-text").fill("a tpyo & more")
    page.keyboard.press("Enter")
    own = kitchen.message(page, "tpyo")
    own.hover()
    own.get_by_test_id("more").click()
    page.locator("[data-do=edit]").click()

    expect(page.get_by_test_id("edit-box")).to_have_value("a tpyo & more")
    page.get_by_test_id("edit-box").fill("a typo & more")
    page.keyboard.press("Enter")

    corrected = kitchen.message(page, "a typo & more")
    expect(corrected).to_contain_text("(edited)")
    corrected.hover()
    corrected.get_by_test_id("more").click()
    page.locator("[data-do=delete]").click()
    page.get_by_test_id("confirm-yes").click()
    expect(corrected).to_have_count(0)


def test_reactions_are_found_by_name_counted_and_taken_back(page: Page, kitchen: Any) -> None:
    ts = kitchen.customer.post(CHANNEL, "react to this")
    kitchen.customer.react(CHANNEL, ts, "eyes")
    target = kitchen.message(page, "react to this")

    target.hover()
    target.get_by_test_id("react").click()
    page.get_by_test_id("emoji-search").fill("white check")
    page.keyboard.press("Enter")

    mine = target.locator("[data-reaction=white_check_mark]")
    expect(mine).to_have_attribute("aria-pressed", "true")
    target.locator("[data-reaction=eyes]").click()
    expect(target.locator("[data-reaction=eyes]")).to_have_text("👀2")
    mine.click()
    expect(mine).to_have_count(0)


def test_a_slash_command_is_completed_sent_and_answered_privately(page: Page, kitchen: Any) -> None:
    composer = page.get_by_test_id("composer-text")

    composer.press_sequentially("/c")
    expect(page.get_by_test_id("composer").get_by_test_id("completion")).to_contain_text("/cook")
    composer.press("Tab")
    composer.press_sequentially("soup")
    composer.press("Enter")

    answer = kitchen.message(page, "Cooking soup now")
    expect(answer).to_contain_text("Only visible to you")
    answer.get_by_test_id("dismiss").click()
    expect(answer).to_have_count(0)


def test_an_unknown_command_is_refused_and_kept(page: Page) -> None:
    composer = page.get_by_test_id("composer-text")

    composer.fill("/nonsense now")
    composer.press("Enter")

    expect(page.get_by_test_id("composer").get_by_role("alert")).to_contain_text("/nonsense is not a command")
    expect(composer).to_have_value("/nonsense now")


def test_shortcuts_stand_in_the_message_menu_and_in_the_composer(page: Page, kitchen: Any) -> None:
    kitchen.customer.post(CHANNEL, "weigh me")
    target = kitchen.message(page, "weigh me")

    target.hover()
    target.get_by_test_id("more").click()
    page.locator("[data-callback-id=weigh]").click()
    expect(kitchen.message(page, "8 letters").first).to_be_visible()

    page.get_by_test_id("composer").get_by_test_id("shortcuts").click()
    page.locator("[data-callback-id=order]").click()
    expect(page.get_by_test_id("modal-title")).to_have_text("Order")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("modal")).to_be_hidden()


def test_switching_the_person_changes_who_sees_and_who_writes(page: Page, kitchen: Any) -> None:
    ben = kitchen.sandbox.user("ben").id
    page.get_by_test_id("composer-text").fill("/cook private pie")
    page.keyboard.press("Enter")
    expect(kitchen.message(page, "private pie")).to_have_count(1)

    page.get_by_test_id("person-switcher").click()
    page.locator(f"[role=menu] [data-user-id={ben}]").click()

    expect(page.get_by_test_id("person-switcher")).to_contain_text("Ben (agent)")
    expect(kitchen.message(page, "private pie")).to_have_count(0)
    page.get_by_test_id("composer-text").fill("written by Ben")
    page.keyboard.press("Enter")
    expect(kitchen.message(page, "written by Ben")).to_contain_text("Ben (agent)")
    page.reload()
    expect(page.get_by_test_id("person-switcher")).to_contain_text("Ben (agent)")


def test_unread_messages_mark_their_channel(page: Page, kitchen: Any) -> None:
    other = page.locator("[data-testid=channel-link][data-channel-name=random]")

    kitchen.customer.post("random", "news elsewhere")

    expect(other.locator(".unread-count")).to_be_visible()
    other.click()
    expect(kitchen.message(page, "news elsewhere")).to_be_visible()
    expect(other.locator(".unread-count")).to_have_count(0)


def test_everything_goes_by_keyboard_alone(page: Page, kitchen: Any) -> None:
    page.get_by_test_id("composer-text").focus()
    page.keyboard.type("menu for the keyboard")
    page.keyboard.press("Enter")
    case = kitchen.message(page, "menu for the keyboard")
    case.get_by_test_id("open-thread").focus()

    page.keyboard.press("Enter")
    press = page.get_by_test_id("thread-pane").locator("[data-action-id=press]")
    press.focus()
    page.keyboard.press("Space")

    expect(page.get_by_test_id("thread-pane")).to_contain_text("used press 1")
    expect(press).to_be_focused()
    page.keyboard.press("Escape")
    expect(case.get_by_test_id("open-thread")).to_be_focused()


def test_the_home_tab_shows_what_the_app_publishes(page: Page) -> None:
    page.get_by_test_id("app-home-link").click()

    expect(page.get_by_test_id("app-home")).to_contain_text("Today: soup")


def test_a_narrow_window_has_a_drawer_and_full_width_threads(page: Page, kitchen: Any) -> None:
    ts = kitchen.post_menu("on a phone")
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.get_by_test_id("sidebar")).not_to_be_in_viewport()

    page.get_by_test_id("open-drawer").click()
    expect(page.get_by_test_id("person-switcher")).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.locator(f"[data-ts='{ts}']").get_by_test_id("open-thread").click()

    expect(page.get_by_test_id("thread-pane")).to_have_css("width", "360px")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_test_id("thread-back").click()
    expect(page.get_by_test_id("composer-text")).to_be_visible()


def test_the_page_finds_the_sandbox_again_after_a_break(browser: Browser, kitchen: Any) -> None:
    window = browser.new_page()
    with Sandbox(kitchen.manifest) as sandbox:
        port = int(sandbox.url.rsplit(":", 1)[1])
        window.goto(sandbox.url)
        expect(window.get_by_test_id("channel-name")).to_have_text(CHANNEL)

    expect(window.get_by_test_id("banner")).to_contain_text("Connection lost")
    with Sandbox(kitchen.manifest, port=port) as again, again.person("customer") as customer:
        expect(window.get_by_test_id("banner")).to_be_hidden(timeout=15_000)
        customer.post(CHANNEL, "said after the break")

        expect(kitchen.message(window, "said after the break")).to_be_visible()
        window.close()


def test_the_kitchen_broke_no_rule_but_its_silence(kitchen: Any) -> None:
    assert {breach.rule for breach in kitchen.sandbox.violations} <= {"unacked"}
