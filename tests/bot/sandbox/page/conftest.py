"""A real browser on the sandbox's page, and a small Bolt app, the kitchen, on the other side."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, expect
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox, wait_for
from tests.browser import browsing

CHANNEL = "support-cases"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")

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
    {
        "type": "data_visualization",
        "title": "Plates",
        "chart": {
            "type": "line",
            "series": [{"name": "Soup", "data": [{"label": "Mon", "value": 4}, {"label": "Tue", "value": 9}]}],
            "axis_config": {"categories": ["Mon", "Tue"]},
        },
    },
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
DEEPER = {"type": "modal", "callback_id": "deeper", "title": plain("Deeper")}


def register_talk(app: App) -> None:
    """Messages, commands and the Home tab."""

    @app.event("message")
    def handle_message(event: dict[str, Any], client: WebClient) -> None:
        if event.get("subtype") is None and event["text"].startswith("menu"):
            client.chat_postMessage(
                channel=event["channel"], thread_ts=event["ts"], text="The menu", blocks=EVERY_BLOCK
            )

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


def register_clicks(app: App) -> None:
    """Elements and the form: answers so that a test can read on the page what arrived."""

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
        typed = chosen(body["view"]["state"]["values"]["name"]["name"])
        blocks = [{"type": "section", "text": mrkdwn(f"Under “{typed}”")}]
        client.views_push(trigger_id=body["trigger_id"], view={**DEEPER, "blocks": blocks})

    @app.view("order")
    def handle_submission(ack: Ack, view: dict[str, Any], client: WebClient) -> None:
        values = {block_id: chosen(held[block_id]) for block_id, held in view["state"]["values"].items()}
        if values["name"] == "nobody":
            ack(response_action="errors", errors={"name": "The kitchen needs a real name."})
            return
        ack()
        client.chat_postMessage(channel=view["private_metadata"], text="ordered " + json.dumps(values, sort_keys=True))


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
    manifest: Mapping[str, Any]

    def post_menu(self, text: str) -> str:
        """Post a message that the app answers with every block in the thread; gives its ts."""
        ts = self.customer.post(CHANNEL, f"menu {text}")
        self.customer.wait_for_reply(CHANNEL, ts, lambda reply: bool(reply.get("blocks")))
        return ts

    def address(self, person: str = "ada", thread: str = "") -> str:
        """The page as one person sees it."""
        return f"{self.sandbox.url}/#/{self.sandbox.user(person).id}/{self.sandbox.channel(CHANNEL).id}/{thread}"

    @staticmethod
    def message(page: Page, text: str) -> Locator:
        """The channel's messages that hold this text."""
        return page.locator("#channel").get_by_test_id("message").filter(has_text=text)

    def open_menu_thread(self, page: Page, text: str) -> Locator:
        """Open a thread in which the app shows every block."""
        page.goto(self.address(thread=self.post_menu(text)))
        thread = page.get_by_test_id("thread-pane")
        expect(thread.locator("[data-action-id=press]")).to_be_visible()
        return thread

    def open_form(self, page: Page, text: str) -> Locator:
        """Open the app's form by its button in a message."""
        self.open_menu_thread(page, text).locator("[data-action-id=form]").click()
        modal = page.get_by_test_id("modal")
        expect(modal).to_be_visible()
        return modal


@pytest.fixture(scope="package")
def kitchen() -> Iterator[Kitchen]:
    with pytest.MonkeyPatch.context() as patch, Sandbox(MANIFEST, rate_limits=False) as sandbox:
        sandbox.expect_violations("unacked")  # one button of the app stays silent
        for name in PROXIES:
            patch.delenv(name, raising=False)
        app = App(client=WebClient(token=sandbox.bot_token, base_url=sandbox.api_url))
        register_talk(app)
        register_clicks(app)
        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()
        wait_for(lambda: sandbox.is_app_online, what="the app's connection")
        with sandbox.person("customer") as customer:
            yield Kitchen(sandbox, customer, MANIFEST)
        handler.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with browsing() as chromium:
        yield chromium


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
