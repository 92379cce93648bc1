"""One connection as in real use: through TLS and a proxy, with messages that come in pieces."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.connection import Json, Session
from bot.sandbox import Sandbox, wait_for


class Proxy:
    """Takes CONNECT as a company's proxy does, and ends TLS itself, as Slack does behind it.

    `split_s`: what comes from the other side is passed on in two pieces, so far apart.
    """

    def __init__(self, folder: Path) -> None:
        self.split_s = 0.0
        self._certificate, self._key = folder / "certificate.pem", folder / "key.pem"
        self._make_certificate()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Proxy:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(60)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._certificate))

    def _make_certificate(self) -> None:
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"),
                *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(self._key), "-out", str(self._certificate)),
            ],
            check=True,
            capture_output=True,
        )

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def _end(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        host, _, port = head.split()[1].partition(":")
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._certificate, self._key)
        await writer.start_tls(context)
        far_reader, far_writer = await asyncio.open_connection(host, int(port))
        there = self._pass_on(reader, far_writer, split=False)
        back = self._pass_on(far_reader, writer, split=True)
        try:
            with suppress(OSError):  # one side broke it: so it breaks for the other
                await asyncio.gather(there, back)
        finally:
            for one in (writer, far_writer):
                one.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, split: bool) -> None:
        while data := await reader.read(65_536):
            if split and self.split_s:
                writer.write(data[:5])
                await asyncio.sleep(self.split_s)
                data = data[5:]
            writer.write(data)
        raise ConnectionResetError


class Heard:
    """What a connection told."""

    def __init__(self) -> None:
        self.messages: list[Json] = []
        self.news = 0

    def on_message(self, session: Session, message: Json) -> None:
        self.messages.append(message)
        session.send(json.dumps({"envelope_id": message["envelope_id"]}))

    def on_news(self) -> None:
        self.news += 1


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    with Proxy(tmp_path) as running:
        yield running


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def open_session(slack: Sandbox, proxy: Proxy, heard: Heard) -> Iterator[Callable[[], Session]]:
    """Makes one that is open and greeted, over TLS."""
    opened: list[Session] = []

    def make() -> Session:
        web = WebClient(base_url=slack.api_url)
        url = str(web.apps_connections_open(app_token=slack.app_token)["url"]).replace("ws://", "wss://")
        client = WebClient(proxy=proxy.url, ssl=proxy.trust())
        connection = Session(url, client, heard.on_message, heard.on_news)
        connection.open()
        opened.append(connection)
        wait_for(lambda: connection.is_greeted, 5, "the greeting")
        return connection

    yield make
    for one in opened:
        one.close()
    wait_for(lambda: all(one.is_over for one in opened), 5, "the end")


@pytest.fixture
def session(open_session: Callable[[], Session]) -> Session:
    return open_session()


def test_what_slack_delivers_is_heard_and_answered(slack: Sandbox, session: Session, heard: Heard) -> None:
    slack.person("ada").post("support-cases", "Hello " + "there " * 5000)

    wait_for(lambda: heard.messages, 5, "the message")
    wait_for(lambda: slack.deliveries[-1].acked_ms is not None, 5, "the acknowledgement")
    assert len(heard.messages[0]["payload"]["event"]["text"]) == 30_006


def test_it_is_over_as_soon_as_it_is_closed_though_a_read_waits(open_session: Callable[[], Session]) -> None:
    took_s = [_closed(open_session()) for _ in range(3)]  # a busy machine may stand still during one of them

    assert min(took_s) < 2  # the library's own read would wait for three


def _closed(session: Session) -> float:
    started = time.monotonic()
    session.close()
    wait_for(lambda: session.is_over, 5, "the end")
    return time.monotonic() - started


def test_it_is_over_once_slack_has_answered_our_goodbye(slack: Sandbox, session: Session) -> None:
    session.leave()

    assert not session.can_answer
    wait_for(lambda: session.is_over, 5, "the end")
    wait_for(lambda: slack.connections == [], 5, "Slack to know")


def test_it_is_over_when_the_other_side_breaks_it(slack: Sandbox, session: Session) -> None:
    slack.disconnect_sockets(abrupt=True)

    wait_for(lambda: session.is_over, 5, "the end")


@pytest.mark.slow
def test_a_message_whose_rest_is_late_is_heard_whole(
    slack: Sandbox, proxy: Proxy, session: Session, heard: Heard
) -> None:
    slack.expect_violations("unacked", "late_ack")  # with a way so slow they cannot be helped
    proxy.split_s = 3.5  # longer than the library waits for more before it forgets what it has

    slack.person("ada").post("support-cases", "Hello")

    wait_for(lambda: heard.messages, 15, "the message")
    assert heard.messages[0]["payload"]["event"]["text"] == "Hello"
    assert not session.is_over


def test_one_that_is_never_answered_is_given_up_with_its_socket_closed(heard: Heard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and says nothing
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}/"
        connection = Session(url, WebClient(), heard.on_message, heard.on_news)

        with pytest.raises(ConnectionError, match="timed out"):  # a socket left open would be a warning: an error here
            connection.open()

    assert connection.is_over
