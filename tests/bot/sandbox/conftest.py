"""What the sandbox's tests share: a running sandbox, its Web API client, and an app that answers by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_websocket

from bot.sandbox import ManualClock, Person, Sandbox

CASES = "support-cases"


class HandApp:
    """The app's end of one Socket Mode connection, which acknowledges only what a test tells it to."""

    def __init__(self, sandbox: Sandbox) -> None:
        client = WebClient(token=sandbox.app_token, base_url=sandbox.api_url)
        self.url = str(client.apps_connections_open(app_token=sandbox.app_token)["url"])
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(connect_websocket(self.url, proxy=None))
        self.hello = self.receive()

    def receive(self, timeout_s: float = 5.0) -> dict[str, Any]:
        return dict(json.loads(self.socket.recv(timeout=timeout_s)))

    def receive_nothing(self, timeout_s: float = 0.2) -> bool:
        try:
            self.socket.recv(timeout=timeout_s)
        except TimeoutError:
            return True
        return False

    def ack(self, envelope: dict[str, Any], payload: dict[str, Any] | None = None) -> None:
        answer: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        self.socket.send(json.dumps(answer | ({"payload": payload} if payload is not None else {})))

    def take(self) -> dict[str, Any]:
        """Receive the next payload and acknowledge it."""
        envelope = self.receive()
        self.ack(envelope)
        return dict(envelope["payload"])

    def close(self) -> None:
        self._open.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running:
        # Tests play the app by hand, and acknowledge what they are about; the machine may be busy besides.
        running.expect_violations("unacked", "late_ack")
        yield running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def still_sandbox(clock: ManualClock, impatient: None) -> Iterator[Sandbox]:
    """A sandbox whose time moves only by hand: nobody's machine makes it late."""
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def web(sandbox: Sandbox) -> WebClient:
    return WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)


@pytest.fixture
def connect() -> Iterator[Callable[[Sandbox], HandApp]]:
    opened: list[HandApp] = []

    def connect_app(to: Sandbox) -> HandApp:
        opened.append(HandApp(to))
        return opened[-1]

    yield connect_app
    for app in opened:
        app.close()


@pytest.fixture
def in_background() -> Iterator[Callable[..., Future[Any]]]:
    """Runs what a person does while the test plays the app."""
    with ThreadPoolExecutor() as pool:
        yield pool.submit


@pytest.fixture
def hand(sandbox: Sandbox, connect: Callable[[Sandbox], HandApp]) -> HandApp:
    return connect(sandbox)


@pytest.fixture
def run_bolt(sandbox: Sandbox) -> Iterator[Callable[[App], SocketModeHandler]]:
    """Connects a real Bolt app to the sandbox by Socket Mode."""
    handlers: list[SocketModeHandler] = []

    def run(app: App) -> SocketModeHandler:
        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()
        handlers.append(handler)
        return handler

    yield run
    for handler in handlers:
        # The client holds its socket for up to 3 s when it closes first, so Slack's side hangs up.
        handler.client.auto_reconnect_enabled = False
        handler.client.default_auto_reconnect_enabled = False
    sandbox.disconnect_sockets(warn=False)
    for handler in handlers:
        try:
            handler.close()
        except AttributeError:  # the library's own reader closed the socket in the same moment
            handler.close()


@pytest.fixture
def ada(sandbox: Sandbox) -> Person:
    return sandbox.person("ada")


@pytest.fixture
def customer(sandbox: Sandbox) -> Person:
    return sandbox.person("customer")
