"""The main job over HTTP: the local Slack signs, delivers and retries; hostile requests change nothing."""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.http_mode import Address, over_http
from bot.sandbox.request_url import encode, sign
from core.settings import Secret

Json = dict[str, Any]
NAMES = ("content-type", "x-slack-request-timestamp", "x-slack-signature", "x-slack-retry-num", "content-length")
WILD = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@dataclass(frozen=True)
class Stage:
    """A bot that is reached by HTTP, and the address at which anybody reaches it."""

    scene: Any
    http: httpx.Client
    secret: str

    def deliver(self, kind: str, payload: Any) -> int:
        """Deliver a payload as Slack would; the status of the answer."""
        body, content_type = encode(kind, payload)
        return self.signed(body, content_type)

    def signed(self, body: bytes, content_type: str) -> int:
        timestamp = str(int(time.time()))
        headers = {
            "content-type": content_type,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": sign(self.secret, timestamp, body),
        }
        return self.http.post("/slack/events", content=body, headers=headers).status_code


@pytest.fixture
def stage(play: Callable[..., Any], slack: Any) -> Any:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    scene = play(make_receiver=over_http(Address("127.0.0.1", port)), slack_app_token=Secret(""))
    slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as http:
        yield Stage(scene, http, slack.signing_secret)


def test_the_main_job_works_over_http(stage: Stage, slack: Any) -> None:
    scene = stage.scene
    thread_ts, message = scene.post_case("When will I get my refund?", by="ben")

    scene.click("ada", message, "preference.b2")
    scene.click("ada", message, "edit.a")
    view = scene.person("ada").wait_for_view("adoption")
    assert scene.person("ada").submit(view["id"], {"reply": "Within 5 working days."})["closed"]
    reply = scene.reply(thread_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")
    scene.person("ada").react("support-cases", message["ts"], "three")
    helped = scene.person("ada").command("help")

    assert reply["text"] == "Within 5 working days."
    assert helped["acked"]
    scene.eventually(lambda: "What I do" in str(scene.person("ada").messages("support-cases")), "the command's answer")
    scene.eventually(lambda: list(scene.store.annotations.all("relevance")), "the reaction's annotation")
    (preference,) = scene.store.annotations.all("preference")
    assert (preference.chosen_slot, preference.strength) == ("b", 2)
    assert {one.type for one in slack.deliveries} == {"events_api", "interactive", "slash_commands"}
    assert all(one.acked_ms is not None for one in slack.deliveries)


def test_a_form_with_a_mistake_stays_open_over_http(stage: Stage) -> None:
    scene = stage.scene
    _, message = scene.post_case()
    scene.click("ada", message, "neither")
    view = scene.person("ada").wait_for_view("rejection")

    answer = scene.person("ada").submit(view["id"], {"reasons": [], "rationale": None, "reply": None})

    assert not answer["closed"]
    assert "reasons" in answer["errors"]


def test_while_listeners_are_slow_clicks_are_acknowledged_all_the_same(stage: Stage, slack: Any) -> None:
    scene = stage.scene
    _, message = scene.post_case()
    slack.fail_next("views.open", delay_s=8.0, times=20)

    for action in ("edit.a", "edit.b", "neither", "report_gap") * 5:
        scene.click("ada", message, action)

    assert [one for one in slack.calls if one.method == "views.open"] == []  # each listener still waits for its answer


@pytest.mark.slow
@WILD
@given(
    body=st.binary(max_size=300) | st.text(max_size=100).map(str.encode),
    headers=st.lists(st.tuples(st.sampled_from(NAMES), st.binary(max_size=40)), max_size=6),
    method=st.sampled_from(("POST", "GET", "PUT", "HEAD", "OPTIONS", "BREW")),
)
def test_unsigned_requests_get_nothing_and_break_nothing(
    stage: Stage, body: bytes, headers: list[tuple[str, bytes]], method: str
) -> None:
    lines = [b"%s: %s" % (name.encode(), value.translate(None, b"\r\n")) for name, value in headers]
    head = b"\r\n".join([method.encode() + b" /slack/events HTTP/1.1", b"Host: x", b"Connection: close", *lines])
    length = b"\r\nContent-Length: %d" % len(body) if "content-length" not in dict(headers) else b""

    answer = exchange(stage, head + length + b"\r\n\r\n" + body)

    assert answer == b"" or answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 401", b"HTTP/1.1 405", b"HTTP/1.1 408"))


def exchange(stage: Stage, sent: bytes) -> bytes:
    """What comes back for these bytes before the other side hangs up."""
    with socket.create_connection(("127.0.0.1", int(stage.http.base_url.port or 0)), timeout=60) as one:
        one.sendall(sent)
        one.shutdown(socket.SHUT_WR)
        return one.recv(65_536)


@WILD
@given(body=st.binary(max_size=200) | anything.map(json.dumps).map(str.encode), is_form=st.booleans())
def test_signed_garbage_breaks_nothing(stage: Stage, body: bytes, is_form: bool) -> None:
    content_type = "application/x-www-form-urlencoded" if is_form else "application/json"

    assert stage.signed(b"payload=" + body if is_form else body, content_type) < 500


@pytest.mark.slow
def test_wrong_types_inside_a_signed_payload_break_nothing(stage: Stage, slack: Any, caplog: Any) -> None:
    caplog.set_level(logging.CRITICAL, "aitl")
    slack.expect_violations()  # what garbage makes the bot ask for, Slack would never have let it see
    sent = [(one.type, one.payload) for one in act_out_everything(stage)]

    @WILD
    @given(data=st.data())
    def spoil_and_send(data: st.DataObject) -> None:
        kind, payload = data.draw(st.sampled_from(sent))
        spoilt = spoil(json.loads(json.dumps(payload)), data)
        assert stage.deliver(kind, spoilt) < 500

    spoil_and_send()

    assert stage.http.get("/healthz").json() == {"ok": True, "faults": []}
    stage.scene.post_case("How do I cancel a booking after the spoilt ones?")


def act_out_everything(stage: Stage) -> list[Any]:
    """Deliveries of every kind, as the local Slack makes them."""
    scene, slack = stage.scene, stage.scene.slack
    thread_ts, message = scene.post_case()
    ada = scene.person("ada")
    for action, value in (("preference.a3", None), ("relevance.1", "outdated"), ("again", None), ("neither", None)):
        scene.click("ada", message, action, value)
    view = ada.wait_for_view("rejection")
    ada.submit(view["id"], {"reasons": ["tone"], "rationale": "x", "reply": None})
    ada.react("support-cases", message["ts"], "a")
    ada.react("support-cases", message["ts"], "a", add=False)
    ada.shortcut("draft_replies", "support-cases", thread_ts)
    ada.shortcut("new_case")
    ada.command("gaps")
    scene.person("ben").edit("support-cases", thread_ts, "When will I get it?")
    ada.open_home()
    slack.set_group_members("support-leads", ["lea", "ada"])
    slack.change_user("ben", is_restricted=False)
    return list(slack.deliveries)


def spoil(payload: Any, data: st.DataObject) -> Any:
    """The payload with one to three of its parts, wherever they stand, replaced or left out."""
    for _ in range(data.draw(st.integers(1, 3))):
        paths = list(paths_in(payload))
        path = data.draw(st.sampled_from(paths))
        holder = payload
        for step in path[:-1]:
            holder = holder[step]
        if data.draw(st.booleans()):
            holder[path[-1]] = data.draw(anything)
        else:
            del holder[path[-1]]
        if not payload:
            break
    return payload


def paths_in(part: Any, before: tuple[Any, ...] = ()) -> Any:
    """Where there is something, from the outside in."""
    steps = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for step, inner in steps:
        yield (*before, step)
        yield from paths_in(inner, (*before, step))
