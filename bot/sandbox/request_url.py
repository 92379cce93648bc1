"""Delivery over HTTP: signed requests to the app's own address, encoded as Slack encodes each kind."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.sandbox.delivery import Delivery
from bot.sandbox.errors import SandboxError
from bot.sandbox.local import LocalSlack
from bot.sandbox.sockets import SocketWire, goodbye, show_presence

# Longer than Slack waits: an answer that comes too late is to be noted as such.
GIVES_UP_AFTER_S = 30.0
FOLLOWED_REDIRECTS = 2
USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
FORM = "application/x-www-form-urlencoded"

Json = dict[str, Any]


async def deliver_to(slack: LocalSlack, url: str, *, verify: bool) -> None:
    """Send everything to `url` from now on; an app has either that or sockets. Raises SandboxError."""
    if not url.startswith(("http://", "https://")):
        raise SandboxError(f"the request URL is {url!r}, expected http://... or https://...")
    wire = RequestUrlWire(url, slack.app.signing_secret, slack.delivery)
    try:
        if verify:
            await wire.verify(slack.app.verification_token, slack.ids.secret(52))
    except SandboxError:
        await wire.close()
        raise
    slack.request_url = url
    for old in list(slack.delivery.wires):
        if isinstance(old, SocketWire):
            await old.send(goodbye("link_disabled"))
        slack.delivery.close_wire(old)
        await old.close()
    slack.delivery.open_wire(wire)
    show_presence(slack)


class RequestUrlWire:
    """The way to an app that takes its payloads at an address of its own."""

    timeout_reason = "http_timeout"

    def __init__(self, url: str, signing_secret: str, delivery: Delivery) -> None:
        self._url = url
        self._secret = signing_secret
        self._delivery = delivery
        self._http = httpx.AsyncClient(
            timeout=GIVES_UP_AFTER_S,
            follow_redirects=True,
            max_redirects=FOLLOWED_REDIRECTS,
            # Sooner than servers hang up on idle connections: a click is not to be lost to that.
            limits=httpx.Limits(keepalive_expiry=1.0),
            trust_env=False,
        )
        self._requests: set[asyncio.Task[None]] = set()

    async def verify(self, token: str, challenge: str) -> None:
        """Ask for the challenge back, as Slack does when the address is entered. Raises SandboxError."""
        payload = {"token": token, "challenge": challenge, "type": "url_verification"}
        try:
            answer = await self._post(json.dumps(payload).encode(), "application/json", {})
        except httpx.HTTPError as problem:
            raise SandboxError(f"{self._url} does not answer ({problem}); start the app first.") from problem
        if answer.status_code != 200 or challenge not in answer.text:
            raise SandboxError(
                f"{self._url} answered {answer.status_code} and not the challenge; check the path and the secret."
            )

    async def send(self, envelope: Json) -> None:
        """Send one payload; its answer is awaited in the background."""
        request = asyncio.get_running_loop().create_task(self._deliver(envelope))
        self._requests.add(request)
        request.add_done_callback(self._requests.discard)

    async def close(self) -> None:
        """Give up what is under way."""
        for request in list(self._requests):
            request.cancel()
        await asyncio.gather(*self._requests, return_exceptions=True)
        await self._http.aclose()

    async def _deliver(self, envelope: Json) -> None:
        body, content_type = encode(envelope["type"], envelope["payload"])
        try:
            answer = await self._post(body, content_type, _retry_headers(envelope))
        except httpx.HTTPError as problem:
            self._delivery.refuse(envelope["envelope_id"], _reason(problem))
            return
        if answer.is_success:
            self._delivery.acknowledge(envelope["envelope_id"], _payload(answer))
            return
        is_final = answer.headers.get("x-slack-no-retry") == "1"
        self._delivery.refuse(envelope["envelope_id"], "http_error", status=answer.status_code, is_final=is_final)

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str]) -> httpx.Response:
        # The machine's own time, whatever the workspace's clock says: the app compares it with its own.
        timestamp = str(int(time.time()))
        signed = {
            "content-type": content_type,
            "user-agent": USER_AGENT,
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": sign(self._secret, timestamp, body),
        }
        return await self._http.post(self._url, content=body, headers=signed | headers)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature that says: Slack sent this body at this time."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


def encode(kind: str, payload: Json) -> tuple[bytes, str]:
    """A payload as Slack sends it, and its content type: events as JSON, all else as forms."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    if kind == "slash_commands":
        return urlencode(payload).encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def _retry_headers(envelope: Json) -> dict[str, str]:
    attempt = envelope.get("retry_attempt", 0)
    return {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": envelope["retry_reason"]} if attempt else {}


def _payload(answer: httpx.Response) -> Json | None:
    """What the app answered; plain text answers a command."""
    if not answer.text.strip():
        return None
    try:
        content = answer.json()
    except ValueError:
        return {"text": answer.text}
    return content if isinstance(content, dict) else {"text": answer.text}


def _reason(problem: httpx.HTTPError) -> str:
    if isinstance(problem, httpx.TimeoutException):
        return "http_timeout"
    if isinstance(problem, httpx.TooManyRedirects):
        return "too_many_redirects"
    return "connection_failed" if isinstance(problem, httpx.TransportError) else "unknown_error"
