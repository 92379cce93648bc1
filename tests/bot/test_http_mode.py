"""HTTP mode: what is signed gets in and is answered, nothing else does, and nobody gets the server to break."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.app import Bot
from bot.http_mode import Address, over_http
from bot.sandbox import Sandbox
from core.bootstrap import Services, open_services
from core.errors import ConfigurationError
from core.settings import Secret, Settings
from tests.programs import end

PROGRAM = [sys.executable, "-c", "from core.cli import main; main()"]
ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Caller:
    """Somebody who knows, or does not know, how to sign."""

    http: httpx.Client
    secret: str
    services: Services

    def send(
        self,
        body: bytes,
        *,
        age_s: float = 0.0,
        content_type: str = "application/json",
        **headers: str | bytes,
    ) -> httpx.Response:
        """POST a signed body. `headers` replace ours, by name with _ for -; "" leaves one out."""
        timestamp = str(int(time.time() - age_s))
        made: dict[str, str | bytes] = {
            "content-type": content_type,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature(self.secret, timestamp, body),
        }
        made |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.post("/slack/events", content=body, headers={k: v for k, v in made.items() if v != ""})

    def kept(self) -> int:
        """How many deliveries are kept."""
        with self.services.store.engine.connect() as connection:
            return int(connection.execute(text("SELECT count(*) FROM inbox")).scalar_one())


def signature(secret: str, timestamp: str, body: bytes) -> str:
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


def message_event(event_id: str = "Ev1") -> bytes:
    event = {
        "type": "message",
        "channel": "C_NOWHERE",
        "user": "U1",
        "text": "Hi",
        "ts": "1.0",
        "channel_type": "channel",
    }
    return json.dumps(
        {"type": "event_callback", "team_id": "T08MK5Q2LRA", "event_id": event_id, "event": event}
    ).encode()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def slack() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def settings(slack: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("home")
    return Settings(
        home=home,
        database_url=f"sqlite:///{home / 'aitl.db'}",
        slack_api_url=slack.api_url,
        slack_bot_token=Secret(slack.bot_token),
        slack_signing_secret=Secret(slack.signing_secret),
    )


@pytest.fixture(scope="module")
def caller(slack: Sandbox, settings: Settings) -> Iterator[Caller]:
    port = free_port()
    with open_services(settings) as services:
        bot = Bot(settings, services, over_http(Address("127.0.0.1", port)))
        bot.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
            yield Caller(http, slack.signing_secret, services)
        bot.stop()


def test_a_signed_event_is_kept_and_acknowledged_once_for_all_its_deliveries(caller: Caller) -> None:
    before = caller.kept()

    first = caller.send(message_event("Ev_once"))
    again = caller.send(message_event("Ev_once"), x_slack_retry_num="1", x_slack_retry_reason="http_timeout")

    assert (first.status_code, again.status_code) == (200, 200)
    assert caller.kept() == before + 1


@pytest.mark.parametrize("age_s", [-299, 0, 299])
def test_a_signature_holds_for_five_minutes(caller: Caller, age_s: float) -> None:
    assert caller.send(message_event(), age_s=age_s).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"x_slack_signature": ""},
        {"x_slack_request_timestamp": ""},
        {"x_slack_signature": "v0=" + "0" * 64},
        {"x_slack_signature": "v0=\u00e9".encode("latin-1")},
        {"x_slack_request_timestamp": "soon"},
        {"x_slack_request_timestamp": "\u00b2".encode("latin-1")},
        {"x_slack_request_timestamp": "9" * 5000},
        {"x_slack_request_timestamp": "-1"},
    ],
)
def test_headers_that_are_not_slacks_are_turned_away(caller: Caller, headers: dict[str, Any]) -> None:
    before = caller.kept()

    answer = caller.send(message_event("Ev_false"), **headers)

    assert (answer.status_code, answer.json()) == (401, {"error": "invalid request"})
    assert caller.kept() == before


@pytest.mark.parametrize("age_s", [-302, 302])
def test_a_request_from_another_time_is_turned_away(caller: Caller, age_s: float) -> None:
    assert caller.send(message_event(), age_s=age_s).status_code == 401


def test_a_signature_of_another_body_or_with_another_secret_is_turned_away(caller: Caller) -> None:
    timestamp = str(int(time.time()))
    of_another = signature(caller.secret, timestamp, b"{}")
    with_another = signature("0" * 32, timestamp, message_event())

    for wrong in (of_another, with_another):
        answer = caller.send(message_event(), x_slack_request_timestamp=timestamp, x_slack_signature=wrong)
        assert answer.status_code == 401


def test_a_doubled_header_is_turned_away(caller: Caller) -> None:
    timestamp, body = str(int(time.time())), message_event()
    right = ("x-slack-signature", signature(caller.secret, timestamp, body))
    when = ("x-slack-request-timestamp", timestamp)

    for headers in ([right, right, when], [right, when, when]):
        assert caller.http.post("/slack/events", content=body, headers=headers).status_code == 401


def test_the_address_is_verified_only_for_who_can_sign(caller: Caller) -> None:
    asked = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "t"}).encode()

    assert caller.send(asked).json() == {"challenge": "3eZbrw1aB"}
    assert caller.send(asked, x_slack_signature="v0=0").status_code == 401


def test_the_certificate_may_be_looked_at_without_a_signature(caller: Caller) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    posted = caller.http.post("/slack/events", content=b"ssl_check=1&token=x", headers=form)
    got = caller.http.get("/slack/events", params={"ssl_check": "1"})

    assert (posted.status_code, got.status_code) == (200, 200)


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/slack/events", 405),
    ("PUT", "/slack/events", 405),
    ("DELETE", "/healthz", 405),
    ("POST", "/", 404),
    ("POST", "/slack/events/", 404),
])  # fmt: skip
def test_other_methods_and_places_are_refused(caller: Caller, method: str, path: str, status: int) -> None:
    assert caller.http.request(method, path).status_code == status


def test_a_body_that_is_too_large_is_refused_before_it_is_read(caller: Caller) -> None:
    with socket.create_connection(("127.0.0.1", int(caller.http.base_url.port or 0)), timeout=60) as one:
        one.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n")
        answer = one.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_grows_too_large_is_read_no_further(caller: Caller) -> None:
    sent = 0
    with socket.create_connection(("127.0.0.1", int(caller.http.base_url.port or 0)), timeout=60) as one:
        one.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while sent < 64 * 1024 * 1024:
                one.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                sent += 65_536
        except OSError:  # hung up on
            pass

    assert 1_048_576 < sent < 64 * 1024 * 1024


def test_a_body_that_does_not_come_is_waited_for_three_seconds(caller: Caller) -> None:
    with socket.create_connection(("127.0.0.1", int(caller.http.base_url.port or 0)), timeout=60) as one:
        one.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
        answer = one.recv(65_536)

    assert answer.startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (b"3", "application/json"),
        (b'"x"', "application/json"),
        (b"null", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"payload=[]", "application/x-www-form-urlencoded"),
        (b"payload=3", "application/x-www-form-urlencoded"),
        (b"\x00=\xc3\xa9", "text/plain"),
        (b'{"type": "event_callback"}', "application/json"),
        (b'{"type": "event_callback", "event_id": "E", "event": []}', "application/json"),
        (b'{"type": "event_callback", "event_id": "E", "event": {"type": ["x"]}}', "application/json"),
        (b'{"type": "block_actions", "actions": []}', "application/json"),
        (b'{"type": "block_actions", "response_url": "file:///etc/passwd", "actions": 3}', "application/json"),
        (b'{"type": "view_submission", "view": "x"}', "application/json"),
        (b'{"type": "event_callback", "authorizations": [[]]}', "application/json"),
    ],
)
def test_a_signed_body_that_makes_no_sense_breaks_nothing(caller: Caller, body: bytes, content_type: str) -> None:
    answer = caller.send(body, content_type=content_type)

    assert answer.status_code < 500
    assert caller.send(message_event()).status_code == 200


def test_bytes_that_are_no_text_are_turned_away(caller: Caller) -> None:
    assert caller.send(b"\xff\xfe{").status_code == 401


def test_nobody_gets_the_librarys_own_orders_through(caller: Caller) -> None:
    before = caller.kept()

    answer = caller.send(message_event("Ev_lazy"), x_slack_bolt_lazy_only="1", x_slack_bolt_lazy_function_name="f")

    assert answer.status_code == 200
    assert caller.kept() == before + 1


def test_health_is_told_to_anybody(caller: Caller) -> None:
    answer = caller.http.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"ok": True, "faults": []})


def test_while_the_database_is_down_slack_is_asked_to_come_again(slack: Sandbox, settings: Settings) -> None:
    home = settings.home / "down"
    port = free_port()
    with open_services(replace(settings, home=home, database_url=f"sqlite:///{home / 'aitl.db'}")) as services:
        bot = Bot(settings, services, over_http(Address("127.0.0.1", port)))
        bot.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
            caller = Caller(http, slack.signing_secret, services)
            (home / "aitl.db").rename(home / "away.db")
            (home / "aitl.db").mkdir()
            services.store.engine.dispose()
            refused, health = caller.send(message_event()), http.get("/healthz")
            (home / "aitl.db").rmdir()
            (home / "away.db").rename(home / "aitl.db")
            taken, well = caller.send(message_event()), http.get("/healthz")
        bot.stop()

    assert refused.status_code == 500
    assert "x-slack-no-retry" not in refused.headers
    assert (health.status_code, health.json()["ok"]) == (503, False)
    assert health.json()["faults"] == ["the database does not answer; check AITL_DATABASE_URL"]
    assert (taken.status_code, well.status_code) == (200, 200)


@pytest.mark.parametrize(
    ("given", "host", "port"),
    [("3000", "127.0.0.1", 3000), ("0.0.0.0:80", "0.0.0.0", 80), ("[::1]:8080", "::1", 8080)],
)
def test_an_address_is_a_port_or_host_and_port(given: str, host: str, port: int) -> None:
    assert Address.parse(given) == Address(host, port)


@pytest.mark.parametrize("given", ["", "http", ":3000", "host:", "0", "65536", "-1", "²", "1:2:"])
def test_another_address_is_named(given: str) -> None:
    with pytest.raises(ConfigurationError, match=r"--http is .*, expected a port such as 3000"):
        Address.parse(given)


@pytest.fixture
def start(slack: Sandbox, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AITL_HOME": str(tmp_path / "home"),
        "AITL_SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "PYTHONPATH": str(ROOT),
    }
    started: list[subprocess.Popen[str]] = []

    def run(*options: str, **changes: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [*PROGRAM, "run", *options],
                env=environ | changes,
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.slow
def test_the_command_is_ready_receives_and_stops_within_ten_seconds(
    slack: Sandbox, start: Callable[..., subprocess.Popen[str]]
) -> None:
    port = free_port()
    process = start("--http", str(port))
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    timestamp, body = str(int(time.time())), message_event()
    signed = {
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": signature(slack.signing_secret, timestamp, body),
        "content-type": "application/json",
    }

    answer = httpx.post(f"http://127.0.0.1:{port}/slack/events", content=body, headers=signed)
    told_s = time.monotonic()
    process.send_signal(signal.SIGTERM)
    code, output, errors = end(process)
    took_s = time.monotonic() - told_s

    assert answer.status_code == 200
    assert (code, output, errors) == (0, "", "")
    assert took_s < 10


@pytest.mark.parametrize(
    ("options", "changes", "words"),
    [
        (("--http", "3000"), {"SLACK_SIGNING_SECRET": " "}, "SLACK_SIGNING_SECRET is not set."),
        (("--http", "many"), {}, "--http is 'many', expected a port such as 3000"),
        (("--http", "{taken}"), {}, "--http: cannot listen on 127.0.0.1 port {taken} (Address already in use)."),
        (("--http", "no.such.host.invalid:3000"), {}, "--http: cannot listen on no.such.host.invalid port 3000"),
    ],
)
def test_what_keeps_it_from_listening_is_one_sentence(
    start: Callable[..., subprocess.Popen[str]], options: tuple[str, ...], changes: dict[str, str], words: str
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        process = start(*(option.format(taken=taken) for option in options), **changes)
        output, errors = process.communicate(timeout=60)

    assert (process.returncode, output, len(errors.splitlines())) == (2, "", 1), errors
    assert words.format(taken=taken) in errors
