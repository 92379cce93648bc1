"""Delivery over HTTP: signed, encoded as Slack does, retried as Slack does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.sandbox import ManualClock, Sandbox, SandboxError, wait_for
from tests.programs import AITL, running

CASES = "support-cases"
ROOT = Path(__file__).parent.parent.parent.parent
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class HandServer:
    """The app's end of HTTP delivery: it keeps what it gets, and answers what a test tells it to."""

    url: str = ""
    received: Queue[tuple[dict[str, str], bytes]] = field(default_factory=Queue)
    answer: Callable[[bytes], Answer | None] = lambda body: (200, {}, b"")

    def take(self) -> tuple[dict[str, str], bytes]:
        return self.received.get(timeout=60)

    def take_event(self) -> tuple[dict[str, str], dict[str, Any]]:
        headers, body = self.take()
        return headers, json.loads(body)


@pytest.fixture
def app() -> Iterator[HandServer]:
    hand = HandServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hand.received.put(({name.lower(): value for name, value in self.headers.items()}, body))
            answer = hand.answer(body)
            if answer is None:  # hangs up without a word
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in {**headers, "content-length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    hand.url = f"http://127.0.0.1:{server.server_address[1]}/slack/events"
    yield hand
    server.shutdown()
    server.server_close()


@pytest.fixture
def over_http(sandbox: Sandbox, app: HandServer) -> Sandbox:
    sandbox.deliver_to(app.url, verify=False)
    return sandbox


@pytest.fixture
def still_over_http(still_sandbox: Sandbox, app: HandServer) -> Sandbox:
    """A sandbox whose time moves only by hand."""
    still_sandbox.deliver_to(app.url, verify=False)
    return still_sandbox


def refuse(body: bytes) -> Answer:
    return 500, {}, b""


def test_an_address_is_asked_for_a_challenge_before_it_is_used(sandbox: Sandbox, app: HandServer) -> None:
    app.answer = lambda body: (200, {}, json.dumps({"challenge": json.loads(body)["challenge"]}).encode())

    sandbox.deliver_to(app.url)

    _, asked = app.take_event()
    assert asked["type"] == "url_verification"
    assert sandbox.is_app_online


@pytest.mark.parametrize("answer", [(200, {}, b"welcome"), (404, {}, b""), None])
def test_an_address_that_does_not_know_the_challenge_is_not_taken(
    sandbox: Sandbox, app: HandServer, answer: Answer | None
) -> None:
    app.answer = lambda body: answer

    with pytest.raises(SandboxError, match=r"check the path and the secret|start the app first"):
        sandbox.deliver_to(app.url)

    assert not sandbox.is_app_online


def test_an_address_that_is_none_is_named(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="the request URL is 'localhost', expected http"):
        sandbox.deliver_to("localhost")


def test_an_event_is_signed_json(over_http: Sandbox, app: HandServer) -> None:
    ts = over_http.person("customer").post(CASES, "Where is my refund?")

    headers, body = app.take()
    verifier = SignatureVerifier(over_http.signing_secret)
    assert verifier.is_valid(body, headers["x-slack-request-timestamp"], headers["x-slack-signature"])
    assert headers["content-type"] == "application/json"
    assert "x-slack-retry-num" not in headers
    assert json.loads(body)["event"]["ts"] == ts
    wait_for(lambda: over_http.deliveries[0].acked_ms is not None)


def test_a_command_is_a_flat_form_and_plain_text_answers_it(over_http: Sandbox, app: HandServer) -> None:
    app.answer = lambda body: (200, {"content-type": "text/plain"}, b"Here is help.")

    answer = over_http.person("ada").command("help & more")

    headers, body = app.take()
    fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert (fields["command"], fields["text"]) == ("/aitl", "help & more")
    assert answer["response"]["text"] == "Here is help."


def test_a_click_is_a_form_with_its_payload_as_json(over_http: Sandbox, app: HandServer) -> None:
    web = WebClient(token=over_http.bot_token, base_url=over_http.api_url)
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    cases = over_http.channel(CASES).id
    ts = web.chat_postMessage(channel=cases, text="Go?", blocks=[{"type": "actions", "elements": [button]}])["ts"]
    app.take()  # the event of our own message

    answer = over_http.person("ada").click(CASES, ts, "go")

    _, body = app.take()
    payload = json.loads(parse_qs(body.decode())["payload"][0])
    assert payload["actions"][0]["action_id"] == "go"
    assert answer["acked"]


def test_a_click_that_is_answered_with_an_error_is_not_sent_again(over_http: Sandbox, app: HandServer) -> None:
    app.answer = refuse

    answer = over_http.person("ada").command("help")

    assert not answer["acked"]
    app.take()
    assert app.received.empty()
    assert [breach.detail for breach in over_http.violations] == [
        "command /aitl help was answered with status 500"
    ]  # fmt: skip


def test_an_event_that_fails_comes_again_at_once_after_a_minute_and_after_five(
    still_over_http: Sandbox, app: HandServer, clock: ManualClock
) -> None:
    app.answer = refuse
    still_over_http.person("customer").post(CASES, "Hello")

    seen = [app.take_event(), app.take_event()]
    for pause_s in (60, 300):
        wait_for(lambda: len(still_over_http.violations) == len(seen))
        clock.advance(pause_s)
        seen.append(app.take_event())
    wait_for(lambda: len(still_over_http.violations) == 4)
    clock.advance(3600)

    assert [headers.get("x-slack-retry-num") for headers, _ in seen] == [None, "1", "2", "3"]
    assert {headers.get("x-slack-retry-reason") for headers, _ in seen[1:]} == {"http_error"}
    assert len({event["event_id"] for _, event in seen}) == 1
    assert app.received.empty()


def test_an_app_may_say_that_it_wants_no_retry(still_over_http: Sandbox, app: HandServer, clock: ManualClock) -> None:
    app.answer = lambda body: (500, {"x-slack-no-retry": "1"}, b"")
    still_over_http.person("customer").post(CASES, "Hello")

    app.take()
    wait_for(lambda: len(still_over_http.violations) == 1)
    clock.advance(3600)

    assert len(still_over_http.deliveries) == 1


def test_an_answer_after_three_seconds_is_late_and_the_event_comes_again(
    still_over_http: Sandbox, app: HandServer, clock: ManualClock
) -> None:
    told = threading.Event()

    def hesitate(body: bytes) -> Answer:
        told.wait(60)
        return 200, {}, b""

    app.answer = hesitate
    still_over_http.person("customer").post(CASES, "Hello")
    app.take()

    clock.advance(3.1)
    headers, _ = app.take()
    told.set()
    wait_for(lambda: len(still_over_http.violations) == 2)

    assert headers["x-slack-retry-reason"] == "http_timeout"
    assert sorted(breach.rule for breach in still_over_http.violations) == ["late_ack", "unacked"]


def test_a_connection_that_breaks_is_a_failed_delivery_without_blame(over_http: Sandbox, app: HandServer) -> None:
    answers = iter([None, (200, {}, b"")])
    app.answer = lambda body: next(answers)
    over_http.person("customer").post(CASES, "Hello")

    app.take()
    headers, _ = app.take()

    assert headers["x-slack-retry-reason"] == "connection_failed"
    wait_for(lambda: over_http.deliveries[-1].acked_ms is not None)
    assert over_http.violations == []


def test_redirects_are_followed_twice_and_no_further(over_http: Sandbox, app: HandServer) -> None:
    left = [3, 0]

    def redirect(body: bytes) -> Answer:
        left[0] -= 1
        return (307, {"location": app.url}, b"") if left[0] >= 0 else (200, {}, b"")

    app.answer = redirect
    over_http.person("customer").post(CASES, "Hello")

    reasons = [app.take()[0].get("x-slack-retry-reason") for _ in range(4)]

    assert reasons == [None, None, None, "too_many_redirects"]


def test_the_command_delivers_to_an_address(app: HandServer) -> None:
    with running([*AITL, "sandbox", "--json", "--request-url", app.url], cwd=ROOT) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        post = {"user": "U08CU4CUST4", "channel": "C08QW4SUP1A", "text": "Where is my refund?"}
        httpx.post(f"{said['url']}/client/post", json=post).raise_for_status()
        headers, body = app.take()
        process.terminate()

    timestamp, signature = headers["x-slack-request-timestamp"], headers["x-slack-signature"]
    assert SignatureVerifier(said["signing_secret"]).is_valid(body, timestamp, signature)
    assert json.loads(body)["event"]["text"] == "Where is my refund?"


def test_an_app_with_an_address_gets_no_socket_any_more(
    sandbox: Sandbox, app: HandServer, connect: Callable[[Sandbox], Any]
) -> None:
    hand = connect(sandbox)

    sandbox.deliver_to(app.url, verify=False)
    late = connect(sandbox)

    assert (hand.receive()["reason"], late.hello["reason"]) == ("link_disabled", "link_disabled")
