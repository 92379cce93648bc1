"""The sandbox's page in a real browser, with a small Bolt app on the other side."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect, sync_playwright
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox, wait_for

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = [
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
CHANNEL = "support-cases"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")

MANIFEST = {
    "display_information": {"name": "Kitchen"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "kitchen"},
        "slash_commands": [
            {"command": "/cook", "description": "Cooks a dish", "usage_hint": "DISH"},
            {"command": "/silence", "description": "Never answers"},
        ],
        "shortcuts": [
            {"name": "Weigh this", "type": "message", "callback_id": "weigh", "description": "Counts its letters"},
            {"name": "New order", "type": "global", "callback_id": "order", "description": "Opens the form"},
        ],
    },
    "oauth_config": {"scopes": {"bot": ["channels:history", "chat:write", "commands"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.channels", "app_home_opened"]},
        "interactivity": {"is_enabled": True},
    },
}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"text": plain(value.capitalize()), "value": value} for value in values]


def button(action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(action_id.capitalize()), **more}


def section(text: str, accessory: dict[str, Any]) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), "accessory": accessory}


def raw(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


SURE = {
    "title": plain("Really?"),
    "text": mrkdwn("It is *gone* then."),
    "confirm": plain("Throw"),
    "deny": plain("Keep"),
}
WORDS = [{"type": "text", "text": "rich", "style": {"bold": True}}, {"type": "link", "url": "https://example.com/r"}]

EVERY_BLOCK: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Menu :tada:")},
    {"type": "section", "text": mrkdwn("*bold* _italic_ ~gone~ `code`"), "fields": [mrkdwn("*Left*"), mrkdwn("Right")]},
    {"type": "divider"},
    {
        "type": "actions",
        "elements": [
            button("press", style="primary", value="1"),
            button("drop", style="danger", confirm=SURE),
            button("silent"),
            button("form"),
            {
                "type": "static_select",
                "action_id": "dish",
                "placeholder": plain("Dish"),
                "options": options("soup", "pie"),
            },
            {"type": "users_select", "action_id": "cook", "placeholder": plain("Cook")},
            {"type": "datepicker", "action_id": "day"},
        ],
    },
    section("A menu", {"type": "overflow", "action_id": "menu", "options": options("fresh", "stale")}),
    section("Boxes", {"type": "checkboxes", "action_id": "boxes", "options": options("salt", "pepper")}),
    section("Rounds", {"type": "radio_buttons", "action_id": "rounds", "options": options("small", "large")}),
    section("Many", {"type": "multi_static_select", "action_id": "many", "options": options("red", "blue")}),
    {"type": "context", "elements": [mrkdwn("In :eyes: *context*")]},
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": WORDS}]},
    {"type": "markdown", "text": "## Marked\n- one\n- two **bold**"},
    {"type": "table", "rows": [[raw("Dish"), raw("Price")], [raw("Soup"), raw("4")]]},
]


def field(block_id: str, element: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    element = {**element, "action_id": block_id}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id.capitalize()),
        "element": element,
        "optional": optional,
    }


FORM: dict[str, Any] = {
    "type": "modal",
    "callback_id": "order",
    "title": plain("Order"),
    "submit": plain("Send"),
    "close": plain("Never mind"),
    "blocks": [
        field("name", {"type": "plain_text_input"}),
        field("story", {"type": "plain_text_input", "multiline": True, "initial_value": "As usual"}, optional=True),
        field("sides", {"type": "multi_static_select", "options": options("bread", "salad", "rice")}),
        field("size", {"type": "radio_buttons", "options": options("small", "large")}),
        field("extras", {"type": "checkboxes", "options": options("salt", "ice")}, optional=True),
        field("dish", {"type": "static_select", "options": options("soup", "pie")}, optional=True),
        field("room", {"type": "channels_select"}, optional=True),
        field("link", {"type": "url_text_input"}, optional=True),
        field("count", {"type": "number_input", "is_decimal_allowed": False}, optional=True),
        field("day", {"type": "datepicker"}, optional=True),
        {"type": "actions", "elements": [button("deeper")]},
    ],
}
DEEPER = {"type": "modal", "callback_id": "deeper", "title": plain("Deeper"), "blocks": [{"type": "divider"}]}


def register(app: App) -> None:
    """The kitchen: answers so that a test can read on the page what arrived."""

    @app.event("message")
    def handle_message(event: dict[str, Any], client: WebClient) -> None:
        if event.get("subtype") is None and event["text"].startswith("menu"):
            client.chat_postMessage(
                channel=event["channel"], thread_ts=event["ts"], text="The menu", blocks=EVERY_BLOCK
            )

    @app.action(re.compile("^(press|drop|dish|cook|day|menu|boxes|rounds|many)$"))
    def handle_use(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient) -> None:
        ack()
        client.chat_postEphemeral(
            channel=body["channel"]["id"],
            user=body["user"]["id"],
            thread_ts=body["message"]["thread_ts"],
            text=f"used {action['action_id']} {chosen(action)}",
        )

    @app.action("form")
    def handle_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view={**FORM, "private_metadata": body["channel"]["id"]})

    @app.shortcut("order")
    def handle_order(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.action("deeper")
    def handle_deeper(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=DEEPER)

    @app.view("order")
    def handle_submission(ack: Ack, view: dict[str, Any], client: WebClient) -> None:
        values = {block_id: chosen(held[block_id]) for block_id, held in view["state"]["values"].items()}
        if values["name"] == "nobody":
            ack(response_action="errors", errors={"name": "The kitchen needs a real name."})
            return
        ack()
        client.chat_postMessage(channel=view["private_metadata"], text="ordered " + json.dumps(values, sort_keys=True))

    @app.shortcut("weigh")
    def handle_weigh(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        text = f"{len(body['message']['text'])} letters"
        client.chat_postEphemeral(channel=body["channel"]["id"], user=body["user"]["id"], text=text)

    @app.command("/cook")
    def handle_cook(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"Cooking *{command['text']}* now")

    @app.event("app_home_opened")
    def handle_home(event: dict[str, Any], client: WebClient) -> None:
        view = {"type": "home", "blocks": [{"type": "section", "text": mrkdwn("Today: *soup*")}]}
        client.views_publish(user_id=event["user"], view=view)


def chosen(held: dict[str, Any]) -> str:
    """What an element holds, as one string."""
    option = held.get("selected_option")
    several = held.get("selected_options")
    single = next((held[key] for key in ("selected_user", "selected_channel", "selected_date") if held.get(key)), "")
    if several is not None:
        return ",".join(item["value"] for item in several)
    return str(option["value"] if option else single or held.get("value") or "")


@dataclass
class Kitchen:
    """The sandbox, its app connected, and the people in it."""

    sandbox: Sandbox
    customer: Person

    def post_menu(self, text: str) -> str:
        """Post a message that the app answers with every block in the thread; gives its ts."""
        ts = self.customer.post(CHANNEL, f"menu {text}")
        self.customer.wait_for_reply(CHANNEL, ts, lambda reply: bool(reply.get("blocks")))
        return ts

    def address(self, person: str = "ada", thread: str = "") -> str:
        """The page as one person sees it."""
        return f"{self.sandbox.url}/#/{self.sandbox.user(person).id}/{self.sandbox.channel(CHANNEL).id}/{thread}"


@pytest.fixture(scope="module")
def kitchen() -> Iterator[Kitchen]:
    with pytest.MonkeyPatch.context() as patch, Sandbox(MANIFEST, rate_limits=False) as sandbox:
        for name in PROXIES:
            patch.delenv(name, raising=False)
        app = App(client=WebClient(token=sandbox.bot_token, base_url=sandbox.api_url))
        register(app)
        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()
        wait_for(lambda: sandbox.is_app_online, what="the app's connection")
        with sandbox.person("customer") as customer:
            yield Kitchen(sandbox, customer)
        handler.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture
def page(browser: Browser, kitchen: Kitchen) -> Iterator[Page]:
    """Ada's window; a script error or a native dialog fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    context.set_default_timeout(8_000)
    window = context.new_page()
    complaints: list[str] = []

    def refuse(dialog: Dialog) -> None:
        complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("dialog", refuse)
    window.goto(kitchen.address())
    expect(window.get_by_test_id("composer-text")).to_be_enabled()
    yield window
    context.close()
    with kitchen.sandbox.person("ada") as ada:
        for view in reversed(ada.views()):
            ada.close_view(view["id"])
    assert complaints == []


def message(page: Page, text: str) -> Locator:
    return page.locator("#channel").get_by_test_id("message").filter(has_text=text)


def open_menu_thread(page: Page, kitchen: Kitchen, text: str) -> Locator:
    """Opens the thread in which the app shows every block."""
    page.goto(kitchen.address(thread=kitchen.post_menu(text)))
    thread = page.get_by_test_id("thread-pane")
    expect(thread.locator("[data-action-id=press]")).to_be_visible()
    return thread


def open_form(page: Page, kitchen: Kitchen, text: str) -> Locator:
    open_menu_thread(page, kitchen, text).locator("[data-action-id=form]").click()
    modal = page.get_by_test_id("modal")
    expect(modal).to_be_visible()
    return modal


def test_a_first_visit_opens_a_channel_as_somebody(page: Page, kitchen: Kitchen) -> None:
    page.goto("about:blank")
    page.goto(kitchen.sandbox.url)

    expect(page.get_by_test_id("channel-name")).to_have_text(CHANNEL)
    expect(page).to_have_url(re.compile(r"#/U\w+/C\w+$"))


def test_what_is_typed_is_posted_by_enter_and_broken_by_shift_enter(page: Page) -> None:
    composer = page.get_by_test_id("composer-text")

    composer.press_sequentially("first line")
    composer.press("Shift+Enter")
    composer.press_sequentially("second *line*")
    composer.press("Enter")

    posted = message(page, "first line")
    expect(posted).to_contain_text("second line")
    expect(posted.locator("strong")).to_have_text("line")
    expect(composer).to_have_value("")


def test_markup_and_broadcasts_are_shown_as_the_text_they_are(page: Page, kitchen: Kitchen) -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=alert(2)> <!channel> <javascript:alert(3)|click>"

    kitchen.customer.post(CHANNEL, f"harmless {hostile}")

    posted = message(page, "harmless")
    expect(posted).to_contain_text(hostile)
    expect(posted.locator("script, img, a, .mention")).to_have_count(0)


def test_links_mentions_and_emoji_come_alive(page: Page, kitchen: Kitchen) -> None:
    kitchen.customer.post(CHANNEL, "@ada look at https://example.com/help?a=1&b=2 in #random :wave: :no-such-one:")

    posted = message(page, "look at")
    expect(posted.locator("a")).to_have_attribute("href", "https://example.com/help?a=1&b=2")
    expect(posted.locator(".mention-me")).to_have_text("@Ada (agent)")
    expect(posted.locator("[data-mention=channel]")).to_have_text("#random")
    expect(posted.locator(".emoji")).to_have_text("👋")
    expect(posted).to_contain_text(":no-such-one:")


def test_a_thread_opens_beside_the_channel_and_takes_replies(page: Page, kitchen: Kitchen) -> None:
    kitchen.customer.post(CHANNEL, "a case for the thread")

    case = message(page, "a case for the thread")
    case.hover()
    case.get_by_test_id("reply").click()
    expect(page.get_by_test_id("thread-composer-text")).to_be_focused()
    page.keyboard.type("an answer")
    page.get_by_test_id("thread-composer-send").click()

    expect(page.get_by_test_id("thread-messages")).to_contain_text("an answer")
    expect(case.get_by_test_id("open-thread")).to_contain_text("1 reply")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("thread-pane")).to_be_hidden()


def test_own_messages_can_be_edited_and_deleted(page: Page) -> None:
    page.get_by_test_id("composer-text").fill("a tpyo & more")
    page.keyboard.press("Enter")
    own = message(page, "tpyo")
    own.hover()
    own.get_by_test_id("more").click()
    page.locator("[data-do=edit]").click()

    expect(page.get_by_test_id("edit-box")).to_have_value("a tpyo & more")
    page.get_by_test_id("edit-box").fill("a typo & more")
    page.keyboard.press("Enter")

    corrected = message(page, "a typo & more")
    expect(corrected).to_contain_text("(edited)")
    corrected.hover()
    corrected.get_by_test_id("more").click()
    page.locator("[data-do=delete]").click()
    page.get_by_test_id("confirm-yes").click()
    expect(corrected).to_have_count(0)


def test_reactions_are_found_by_name_counted_and_taken_back(page: Page, kitchen: Kitchen) -> None:
    ts = kitchen.customer.post(CHANNEL, "react to this")
    kitchen.customer.react(CHANNEL, ts, "eyes")
    target = message(page, "react to this")

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


def test_a_slash_command_is_completed_sent_and_answered_privately(page: Page) -> None:
    composer = page.get_by_test_id("composer-text")

    composer.press_sequentially("/c")
    expect(page.get_by_test_id("composer").get_by_test_id("completion")).to_contain_text("/cook")
    composer.press("Tab")
    composer.press_sequentially("soup")
    composer.press("Enter")

    answer = message(page, "Cooking soup now")
    expect(answer).to_contain_text("Only visible to you")
    answer.get_by_test_id("dismiss").click()
    expect(answer).to_have_count(0)


def test_an_unknown_command_is_refused_and_kept(page: Page) -> None:
    composer = page.get_by_test_id("composer-text")

    composer.fill("/nonsense now")
    composer.press("Enter")

    expect(page.get_by_test_id("composer").get_by_role("alert")).to_contain_text("/nonsense is not a command")
    expect(composer).to_have_value("/nonsense now")


def test_shortcuts_stand_in_the_message_menu_and_in_the_composer(page: Page, kitchen: Kitchen) -> None:
    kitchen.customer.post(CHANNEL, "weigh me")
    target = message(page, "weigh me")

    target.hover()
    target.get_by_test_id("more").click()
    page.locator("[data-callback-id=weigh]").click()
    expect(message(page, "8 letters").first).to_be_visible()

    page.get_by_test_id("composer").get_by_test_id("shortcuts").click()
    page.locator("[data-callback-id=order]").click()
    expect(page.get_by_test_id("modal-title")).to_have_text("Order")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("modal")).to_be_hidden()


def test_switching_the_person_changes_who_sees_and_who_writes(page: Page, kitchen: Kitchen) -> None:
    ben = kitchen.sandbox.user("ben").id
    page.get_by_test_id("composer-text").fill("/cook private pie")
    page.keyboard.press("Enter")
    expect(message(page, "private pie")).to_have_count(1)

    page.get_by_test_id("person-switcher").click()
    page.locator(f"[role=menu] [data-user-id={ben}]").click()

    expect(page.get_by_test_id("person-switcher")).to_contain_text("Ben (agent)")
    expect(message(page, "private pie")).to_have_count(0)
    page.get_by_test_id("composer-text").fill("written by Ben")
    page.keyboard.press("Enter")
    expect(message(page, "written by Ben")).to_contain_text("Ben (agent)")
    page.reload()
    expect(page.get_by_test_id("person-switcher")).to_contain_text("Ben (agent)")


def test_unread_messages_mark_their_channel(page: Page, kitchen: Kitchen) -> None:
    other = page.locator("[data-testid=channel-link][data-channel-name=random]")

    kitchen.customer.post("random", "news elsewhere")

    expect(other.locator(".unread-count")).to_be_visible()
    other.click()
    expect(message(page, "news elsewhere")).to_be_visible()
    expect(other.locator(".unread-count")).to_have_count(0)


def test_every_block_is_rendered(page: Page, kitchen: Kitchen) -> None:
    thread = open_menu_thread(page, kitchen, "to look at")

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
    expect(thread.locator(".unsupported")).to_have_count(0)


def test_elements_send_what_was_chosen(page: Page, kitchen: Kitchen) -> None:
    thread = open_menu_thread(page, kitchen, "to use")
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


def test_an_overflow_menu_works_by_keyboard(page: Page, kitchen: Kitchen) -> None:
    thread = open_menu_thread(page, kitchen, "by keyboard")
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


def test_a_confirmation_comes_before_a_dangerous_button(page: Page, kitchen: Kitchen) -> None:
    thread = open_menu_thread(page, kitchen, "to confirm")

    thread.locator("[data-action-id=drop]").click()
    expect(page.get_by_test_id("confirm")).to_contain_text("It is gone then.")
    page.get_by_test_id("confirm-no").click()
    expect(thread).not_to_contain_text("used drop")
    thread.locator("[data-action-id=drop]").click()
    page.get_by_test_id("confirm-yes").click()

    expect(thread).to_contain_text("used drop")


def test_a_button_the_app_ignores_shows_a_warning(page: Page, kitchen: Kitchen) -> None:
    thread = open_menu_thread(page, kitchen, "in silence")

    thread.locator("[data-action-id=silent]").click()

    expect(thread.locator(".pending [data-action-id=silent]")).to_be_visible()
    expect(thread.get_by_test_id("action-failed")).to_be_visible(timeout=10_000)
    expect(thread.locator(".pending")).to_have_count(0)


def test_a_form_shows_its_errors_beside_the_fields_and_keeps_what_was_typed(page: Page, kitchen: Kitchen) -> None:
    modal = open_form(page, kitchen, "with errors")

    modal.locator("[data-action-id=story]").fill("Without onions")
    modal.get_by_test_id("modal-submit").click()

    for name in ("name", "sides", "size"):
        expect(modal.locator(f"[data-block-id={name}] [data-testid=field-error]")).to_have_text(
            "Please complete this required field."
        )
    expect(modal.locator("[data-action-id=name]")).to_be_focused()
    expect(modal.locator("[data-action-id=story]")).to_have_value("Without onions")


def test_a_form_sends_every_kind_of_input(page: Page, kitchen: Kitchen) -> None:
    modal = open_form(page, kitchen, "to fill in")
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
    expect(message(page, f"ordered {json.dumps(ordered, sort_keys=True)}")).to_have_count(1)


def test_a_pushed_view_gives_back_the_one_below_with_what_was_typed(page: Page, kitchen: Kitchen) -> None:
    modal = open_form(page, kitchen, "to go deeper")
    modal.locator("[data-action-id=name]").fill("Half a name")

    modal.locator("[data-action-id=deeper]").click()
    expect(page.get_by_test_id("modal-title")).to_have_text("Deeper")
    page.keyboard.press("Escape")

    expect(page.get_by_test_id("modal-title")).to_have_text("Order")
    expect(modal.locator("[data-action-id=name]")).to_have_value("Half a name")
    modal.get_by_test_id("modal-close").click()
    expect(modal).to_be_hidden()
    expect(page.locator("[data-action-id=form]").last).to_be_focused()


def test_focus_stays_inside_an_open_form(page: Page, kitchen: Kitchen) -> None:
    modal = open_form(page, kitchen, "to stay in")

    for _ in range(40):
        page.keyboard.press("Tab")

    outside = "() => !document.activeElement.closest('dialog') && document.activeElement !== document.body"
    assert page.evaluate(outside) is False
    expect(modal).to_be_visible()


def test_everything_goes_by_keyboard_alone(page: Page, kitchen: Kitchen) -> None:
    page.get_by_test_id("composer-text").focus()
    page.keyboard.type("menu for the keyboard")
    page.keyboard.press("Enter")
    case = message(page, "menu for the keyboard")
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


def test_a_narrow_window_has_a_drawer_and_full_width_threads(page: Page, kitchen: Kitchen) -> None:
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


def test_the_page_finds_the_sandbox_again_after_a_break(browser: Browser) -> None:
    window = browser.new_page()
    with Sandbox(MANIFEST) as sandbox:
        port = int(sandbox.url.rsplit(":", 1)[1])
        window.goto(sandbox.url)
        expect(window.get_by_test_id("channel-name")).to_have_text(CHANNEL)

    expect(window.get_by_test_id("banner")).to_contain_text("Connection lost")
    with Sandbox(MANIFEST, port=port) as again, again.person("customer") as customer:
        expect(window.get_by_test_id("banner")).to_be_hidden(timeout=15_000)
        customer.post(CHANNEL, "said after the break")

        expect(message(window, "said after the break")).to_be_visible()
        window.close()


def test_the_kitchen_broke_no_rule_but_its_silence(kitchen: Kitchen) -> None:
    assert {breach.rule for breach in kitchen.sandbox.violations} <= {"unacked"}
