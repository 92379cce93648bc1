"""Two Socket Mode connections: while Slack refreshes one, the other goes on receiving."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.error import URLError

from slack_bolt import App
from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.receiver import Faults
from bot.workspace import check_token
from core.errors import ConfigurationError
from core.settings import Secret, Settings

log = logging.getLogger("aitl.socket")

CONNECTIONS = 2
RECEIVE_BYTES = 65_536
PING_S = 10


class PromptConnection(Connection):
    """Closes at once.

    The library waits for a lock that its own blocking read holds for up to three seconds: the first delivery
    after every refresh would be acknowledged 2.6 s late. Shutting the socket down first ends that read.
    """

    def disconnect(self) -> None:
        """Close the socket without waiting for a read to time out; two threads may do it at once."""
        if self.sock is None:  # whoever closed it may hold the locks below while a failed call comes here again
            return
        with suppress(OSError, AttributeError):  # the other side, or the other thread, was faster
            self.sock.shutdown(socket.SHUT_RDWR)
        with self.sock_send_lock, self.sock_receive_lock:
            if self.sock is not None:
                self.sock.close()
                self.sock = None


class PromptClient(SocketModeClient):
    """The library's client, with connections that close at once."""

    def connect(self) -> None:
        """Open a new connection, then close the old one: deliveries are never without a way in."""
        if self.closed:
            return
        old, old_state = self.current_session, self.current_session_state
        if self.wss_uri is None:
            self.wss_uri = self.issue_new_wss_url()
        fresh = PromptConnection(
            url=self.wss_uri,
            logger=self.logger,
            ping_interval=self.ping_interval,
            receive_buffer_size=self.receive_buffer_size,
            proxy=self.proxy,
            proxy_headers=self.proxy_headers,
            on_message_listener=self._on_message,
            on_error_listener=self._on_error,
            on_close_listener=self._on_close,
            ssl_context=self.web_client.ssl,
        )
        fresh.connect()
        old_state.terminated = True
        if old is not None:
            old.close()
        self.current_session, self.current_session_state = fresh, _fresh_state()
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled
        if not self.current_app_monitor_started:
            self.current_app_monitor_started = True
            self.current_app_monitor.start()
        if self.closed:  # meanwhile, by another thread that could not know of the new connection
            self.current_session_state.terminated = True
            fresh.close()

    def _run_current_session(self) -> None:
        """Read from the connection until it is done with.

        The library takes back that a connection is done with when it starts to read from it, so one that is closed
        in that moment is waited for without end.
        """
        session, state = self.current_session, self.current_session_state
        if session is not None and session.is_active() and not state.terminated:
            try:
                session.run_until_completion(state)
            except Exception:  # the thread lives on: the monitor opens another connection
                log.exception("a connection broke while it was read")


class Socket(BaseSocketModeHandler):
    """One connection that hands what it receives to the app."""

    def __init__(self, app: App, app_token: Secret) -> None:
        self.app = app
        self.client: PromptClient = PromptClient(
            app_token.reveal(),
            logger=log,
            web_client=app.client,
            ping_interval=PING_S,
            receive_buffer_size=RECEIVE_BYTES,
            concurrency=16,
        )
        self.client.socket_mode_request_listeners.append(self.handle)

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """Run the app on one delivery and acknowledge it where the app does.

        What came in while we were closing stays unacknowledged, so that Slack delivers it again; it is kept already.
        """
        start_s = time.time()
        answer = run_bolt_app(self.app, req)
        if client.closed:
            return
        try:
            send_response(client, req, answer, start_s)
        except SlackClientNotConnectedError as error:
            log.info("one delivery could not be acknowledged: %s", error)


def open_sockets(app: App, settings: Settings, faults: Faults) -> Sockets:
    """The receiver of a bot in Socket Mode. Raises ConfigurationError for a missing or misplaced app token."""
    check_token("SLACK_APP_TOKEN", settings.slack_app_token, "xapp-", "Basic Information → App-Level Tokens")
    return Sockets(app, settings.slack_app_token)


class Sockets:
    """The connections of one bot."""

    def __init__(self, app: App, app_token: Secret) -> None:
        self._sockets = [Socket(app, app_token) for _ in range(CONNECTIONS)]

    def connect(self) -> None:
        """Open both. Raises ConfigurationError where Slack refuses the token."""
        for one in self._sockets:
            try:
                with _said_once():
                    one.client.connect()
            except SlackApiError as error:
                raise ConfigurationError(_why(error)) from error
            except (URLError, OSError) as error:
                raise ConfigurationError(
                    f"AITL_SLACK_API_URL: Slack does not answer ({error}). Check the address and the network."
                ) from error
            if not one.client.is_connected():
                raise ConfigurationError("Slack accepted SLACK_APP_TOKEN but no socket could be opened; try again.")

    def close(self) -> None:
        """Close both."""
        for one in self._sockets:
            one.client.close()

    @property
    def is_connected(self) -> bool:
        """True while at least one of them is open."""
        return any(one.client.is_connected() for one in self._sockets)


@contextmanager
def _said_once() -> Iterator[None]:
    """The library logs what it then raises; at the start we say it, later nobody else does."""
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(logging.NOTSET)


def _fresh_state() -> ConnectionState:
    return ConnectionState()  # type: ignore[no-untyped-call]  # the library gives it no types


def _why(error: SlackApiError) -> str:
    code = str(error.response.get("error", error))
    if code == "missing_scope":
        return (
            "SLACK_APP_TOKEN lacks the scope connections:write. Make an app-level token with it at api.slack.com/apps."
        )
    return (
        f"SLACK_APP_TOKEN was refused by Slack ({code}). Copy the app-level token (xapp-...) from "
        "api.slack.com/apps → Basic Information → App-Level Tokens."
    )
