"""Socket Mode over two lines: while one connection is replaced, the other goes on receiving."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Condition, Thread

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.connection import Json, Session
from bot.errors import reference
from bot.line import Line, Timing
from bot.receiver import Host
from bot.tickets import Tickets
from bot.workspace import check_token
from core.errors import ConfigurationError
from core.settings import Secret, Settings

log = logging.getLogger("aitl.socket")

LINES = 2
DELIVERY_THREADS = 16
ACK_WITHIN_S = 3.0
# Without any connection for so long, the supervisor may have more luck: another machine, another network.
PATIENCE_S = 120.0
# At the start somebody watches.
START_PATIENCE_S = 30.0
# After a longer silence something may have been missed: Slack gives up on an event after three more attempts.
GAP_S = 5.0
GOODBYE_S = 0.5
SECOND_LINE_S = 5.0


def open_sockets(app: App, settings: Settings, host: Host) -> Sockets:
    """The receiver of a bot in Socket Mode. Raises ConfigurationError for a missing or misplaced app token."""
    check_token("SLACK_APP_TOKEN", settings.slack_app_token, "xapp-", "Basic Information → App-Level Tokens")
    return Sockets(app, settings.slack_app_token, host)


class Sockets:
    """The lines of one bot, and the threads that run the app on what comes in."""

    def __init__(
        self, app: App, app_token: Secret, host: Host, timing: Timing | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._app, self._host, self._patience_s = app, host, patience_s
        tickets = Tickets(app.client, app_token)
        self._lines = [
            Line(app.client, tickets, timing or Timing(), self._receive, self._look, self._refuse) for _ in range(LINES)
        ]
        self._deliveries = ThreadPoolExecutor(DELIVERY_THREADS, thread_name_prefix="aitl-delivery")
        self._watchdog = Thread(target=self._watch, name="aitl-watchdog", daemon=True)
        self._changed = Condition()
        self._is_started = self._is_closing = False
        self._refusal = ""
        self._under_way = 0
        self._down_since_s: float | None = time.monotonic()

    def connect(self) -> None:
        """Return once deliveries can come in. Raises ConfigurationError where Slack lets us in by no means."""
        for line in self._lines:
            line.start()
        with self._changed:
            self._changed.wait_for(lambda: self.is_connected or self._refusal, START_PATIENCE_S)
            if not self.is_connected:
                raise ConfigurationError(self._refusal or f"No WebSocket to Slack could be opened: {self._problem()}.")
            self._changed.wait_for(lambda: all(line.session for line in self._lines), SECOND_LINE_S)
        self._is_started = True
        self._watchdog.start()

    def close(self) -> None:
        """Say goodbye on one line after the other, so that what comes in on one is answered on the next."""
        for line in self._lines:
            with self._changed:
                self._changed.wait_for(lambda: self._under_way == 0, GOODBYE_S)
            line.leave()
            line.close(time.monotonic() + GOODBYE_S)
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        # What is not acknowledged by now is kept, or Slack delivers it again.
        self._deliveries.shutdown(wait=False, cancel_futures=True)

    @property
    def is_connected(self) -> bool:
        """True while at least one line is open."""
        return any(line.session for line in self._lines)

    def _receive(self, session: Session, message: Json) -> None:
        """Called by the reading thread, which must be free at once."""
        request = SocketModeRequest.from_dict(message)
        if request is None:
            log.info("Slack sent a message of another kind: %s", message.get("type"))
            return
        with self._changed:
            if not self._is_closing:
                self._under_way += 1
                self._deliveries.submit(self._handle, session, request)

    def _handle(self, session: Session, request: SocketModeRequest) -> None:
        """Run the app on one delivery and acknowledge it where the app does.

        What cannot be acknowledged any more Slack delivers again, or tells the person; it is kept already.
        """
        start_s = time.time()
        try:
            answer = run_bolt_app(self._app, request)
            send_response(_Answers(self._answer, session), request, answer, start_s)
        except SlackClientNotConnectedError as error:
            log.info("one delivery could not be acknowledged: %s", error)
        except Exception:  # raised by middleware, or by what nobody can read: unacknowledged on purpose
            log.exception("ref %s: one delivery was not taken", reference(request.envelope_id))
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    def _answer(self, session: Session, text: str) -> None:
        """By the connection that the delivery came from, else by any: Slack knows envelopes by their ids.

        Raises SlackClientNotConnectedError where there is none in time.
        """
        deadline_s = time.monotonic() + ACK_WITHIN_S
        while True:
            open_ones = [one for one in (session, *(line.session for line in self._lines)) if one and one.can_answer]
            for one in open_ones:
                try:
                    one.send(text)
                    return
                except SlackClientNotConnectedError as error:
                    log.info("a connection was gone: %s", error)
            with self._changed:
                left_s = deadline_s - time.monotonic()
                if self._is_closing or left_s <= 0 or not self._changed.wait_for(lambda: self.is_connected, left_s):
                    raise SlackClientNotConnectedError("no connection is open")

    def _look(self) -> None:
        """A connection came or went."""
        with self._changed:
            if not self.is_connected:
                now_s = time.monotonic()
                self._down_since_s = self._down_since_s or max(line.dead_since_s or now_s for line in self._lines)
            elif self._down_since_s is not None:
                down_s, self._down_since_s = time.monotonic() - self._down_since_s, None
                if self._is_started and down_s > GAP_S:
                    log.warning("connected to Slack again after %.0f s without any connection", down_s)
                    self._host.catch_up()
            self._changed.notify_all()

    def _refuse(self, why: str) -> None:
        with self._changed:
            self._refusal = why
            self._changed.notify_all()
        if self._is_started:
            self._host.give_up(why)

    def _watch(self) -> None:
        """Give up where no line has been open for too long."""
        with self._changed:
            while not self._is_closing:
                since_s = self._down_since_s
                left_s = None if since_s is None else since_s + self._patience_s - time.monotonic()
                if left_s is not None and left_s <= 0:
                    self._host.give_up(
                        f"Slack could not be reached for {self._patience_s:.0f} s: {self._problem()}. "
                        "Check the network; whoever supervises this process should start it again."
                    )
                    return
                self._changed.wait(left_s)

    def _problem(self) -> str:
        return next((line.problem for line in self._lines if line.problem), "it does not answer")


class _Answers(BaseSocketModeClient):
    """What Bolt sends its acknowledgements through."""

    def __init__(self, answer: Callable[[Session, str], None], session: Session) -> None:
        self.logger, self._send, self._session = log, answer, session

    def send_message(self, message: str) -> None:
        """Raises SlackClientNotConnectedError."""
        self._send(self._session, message)
