"""One WebSocket to Slack, from its greeting to its end: the library's connection, without what makes it late."""

from __future__ import annotations

import json
import logging
import os
import socket
import struct
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Thread
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientNotConnectedError
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

log = logging.getLogger("aitl.socket")

RECEIVE_BYTES = 65_536
NORMAL_CLOSE = struct.pack("!H", 1000)

Json = dict[str, Any]


class Session:
    """What happens to it is told by `on_news`, from the thread that reads: greeted, asked to leave, over.

    on_message: what Slack delivers, called by the same thread, which reads on only when it returns.
    """

    def __init__(
        self, url: str, client: WebClient, on_message: Callable[[Session, Json], None], on_news: Callable[[], None]
    ) -> None:
        self._on_message, self._on_news = on_message, on_news
        self._state = ConnectionState()  # type: ignore[no-untyped-call]  # the library gives it no types
        self._connection = _PromptConnection(
            url=url,
            logger=_library_log(),
            proxy=client.proxy,
            receive_buffer_size=RECEIVE_BYTES,
            on_message_listener=self._take,
            on_error_listener=self._break,
            ssl_context=client.ssl,
        )
        self._greeted, self._over = Event(), Event()
        self._is_leaving = False
        self.opened_s = time.monotonic()
        self.reason = ""
        self.problem = ""

    @property
    def is_greeted(self) -> bool:
        """True once Slack has said hello: from now on it delivers."""
        return self._greeted.is_set()

    @property
    def is_over(self) -> bool:
        """True once nothing more can come in."""
        return self._over.is_set()

    @property
    def can_answer(self) -> bool:
        """True while an acknowledgement can be sent."""
        return self.is_greeted and not self.is_over and not self._is_leaving

    @property
    def heard_s(self) -> float:
        """When anything was last heard of Slack, on the monotonic clock."""
        return self._connection.heard_s

    def open(self) -> None:
        """Connect and begin to read. Raises OSError where that fails; the greeting comes later."""
        self._connection.connect()
        if not self._connection.is_active():
            self._over.set()
            raise ConnectionError(self.problem or "the WebSocket was refused")
        Thread(target=self._read, name="aitl-socket", daemon=True).start()

    def send(self, text: str) -> None:
        """Send one acknowledgement. Raises SlackClientNotConnectedError where the connection is gone."""
        try:
            self._connection.send(text)
        except SlackClientNotConnectedError:
            self.close()  # half a frame may be out
            raise

    def ping(self) -> None:
        """Ask for a sign of life; a connection that cannot be asked is over."""
        try:
            self._connection.ping(f"{time.time()}")
        except OSError as error:
            self._break(error)
            self.close()

    def leave(self) -> None:
        """Say goodbye: what Slack has sent already still comes in, then it is over. Answers go another way."""
        self._is_leaving = True
        try:
            self._connection.say_goodbye()
        except OSError:
            self.close()

    def close(self) -> None:
        """Over, at once."""
        self._state.terminated = True
        self._connection.disconnect()

    def _read(self) -> None:
        try:
            self._connection.run_until_completion(self._state)
        finally:
            self._connection.disconnect()
            self._over.set()
            self._on_news()

    def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
            kind = message.get("type")
        except (ValueError, AttributeError):
            log.warning("Slack sent something that is no delivery: %d characters", len(text))
            return
        if kind == "hello":
            self._greeted.set()
            self._on_news()
        elif kind == "disconnect":
            self.reason = str(message.get("reason") or "no reason given")
            self._on_news()
        else:
            self._on_message(self, message)

    def _break(self, error: Exception) -> None:
        """The library would go on after most errors; another connection is safer."""
        self.problem = f"{type(error).__name__}: {error}"
        self._state.terminated = True
        _close_forgotten(error)


class _PromptConnection(Connection):
    """Closes at once and says goodbye.

    The library's waits for a lock that its own blocking read holds for up to three seconds: the first delivery
    after every refresh would be acknowledged 2.6 s late. Shutting the socket down first ends that read.
    """

    heard_s = 0.0

    def connect(self) -> None:
        """Connect; what goes wrong is told to the error listener."""
        super().connect()
        self.heard_s = time.monotonic()
        if self.sock is not None:
            self.sock = _Stream(self.sock, self._hear)  # type: ignore[assignment]  # what the library uses of one

    def say_goodbye(self) -> None:
        """Send a Close frame (RFC 6455, 5.5.1), masked as all that clients send."""
        mask = os.urandom(4)
        body = bytes(byte ^ key for byte, key in zip(NORMAL_CLOSE, mask, strict=False))
        with self.sock_send_lock:
            if self.sock is not None:
                self.sock.send(bytes([0x88, 0x80 | len(body)]) + mask + body)

    def disconnect(self) -> None:
        """Close the socket without waiting for a read to end by itself; two threads may do it at once."""
        stream = self.sock
        if stream is None:  # whoever closed it may hold the locks below while a failed call comes here again
            return
        with suppress(OSError):  # the other side, or another thread, was faster
            stream.shutdown(socket.SHUT_RDWR)
        with self.sock_send_lock, self.sock_receive_lock:
            stream.close()
            self.sock = None

    def _hear(self) -> None:
        self.heard_s = time.monotonic()


class _Stream:
    """The socket as the library reads it, with two of its traps closed.

    It takes the end of the stream for silence and asks again without a pause; and when the rest of a message takes
    longer than its timeout, it forgets the part it has.
    """

    def __init__(self, sock: socket.socket, on_heard: Callable[[], None]) -> None:
        self._sock, self._on_heard = sock, on_heard

    def recv(self, size: int) -> bytes:
        """Some bytes, however long they take; `shutdown` ends it. Raises OSError at the end of the stream."""
        while True:
            try:
                received = self._sock.recv(size)
            except TimeoutError:
                continue
            if not received:
                raise ConnectionResetError("the connection was closed by the other side")
            self._on_heard()
            return received

    def send(self, data: bytes) -> int:
        """All of it. Raises OSError."""
        self._sock.sendall(data)
        return len(data)

    def shutdown(self, how: int) -> None:
        """End a read that waits, in whatever thread; a TLS socket's own method would take its session from it."""
        socket.socket.shutdown(self._sock, how)

    def close(self) -> None:
        """Give the socket back."""
        self._sock.close()


def _close_forgotten(error: Exception) -> None:
    """The library keeps a socket only once it has shaken hands: one that failed before is in its frame alone."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        stream = frame.f_locals.get("sock")
        if isinstance(stream, socket.socket):
            stream.close()


def _library_log() -> logging.Logger:
    """Silent: what the library logs we say ourselves, in a sentence, where it matters."""
    quiet = logging.getLogger("aitl.socket.quiet")
    quiet.setLevel(logging.CRITICAL)
    return quiet
