"""What is served over HTTP: `/slack/events` for all that Slack delivers, `/healthz` for whoever watches the bot."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import Executor

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.errors import MALFORMED
from bot.http_request import is_signed, is_ssl_check, read_body
from bot.receiver import Host

log = logging.getLogger("aitl.http")

HEALTH_WITHIN_S = 2.0
# All that the app reads; the library takes orders from others, which only itself may give.
PASSED_HEADERS = (
    "content-type", "x-slack-request-timestamp", "x-slack-signature", "x-slack-retry-num", "x-slack-retry-reason"
)  # fmt: skip


def build_endpoint(
    app: App, verifier: SignatureVerifier, host: Host, deliveries: Executor, health: Executor
) -> Starlette:
    """The ASGI application.

    deliveries: where the app runs; it blocks until it acknowledges. health: where the bot is asked how it is, apart
    from the deliveries, so that their waiting is seen and not shared.
    """

    async def events(request: Request) -> Response:
        body = await read_body(request)
        if is_ssl_check(body):
            return Response()
        if not is_signed(verifier, request.headers, body):
            return JSONResponse({"error": "invalid request"}, status_code=401)
        headers = {name: request.headers[name] for name in PASSED_HEADERS if name in request.headers}
        return await asyncio.get_running_loop().run_in_executor(deliveries, dispatch, app, body, headers)

    async def certificate(request: Request) -> Response:
        asked = request.query_params.get("ssl_check") == "1"
        return Response() if asked else Response(status_code=405, headers={"allow": "POST"})

    async def healthz(_: Request) -> Response:
        try:
            asked = asyncio.get_running_loop().run_in_executor(health, host.faults)
            wrong = await asyncio.wait_for(asked, HEALTH_WITHIN_S)
        except TimeoutError:
            wrong = [f"the database does not answer within {HEALTH_WITHIN_S:g} s"]
        return JSONResponse({"ok": not wrong, "faults": wrong}, status_code=503 if wrong else 200)

    endpoint = Starlette(
        routes=[
            Route("/slack/events", events, methods=["POST"]),
            Route("/slack/events", certificate, methods=["GET"]),
            Route("/healthz", healthz, methods=["GET"]),
        ]
    )
    endpoint.router.redirect_slashes = False  # a redirect would quote the host that a stranger names
    return endpoint


def dispatch(app: App, body: bytes, headers: dict[str, str]) -> Response:
    """Run the app on one signed delivery: 400 for a payload that makes no sense, 5xx where it could not be kept."""
    try:
        answer: BoltResponse = app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
    except MALFORMED as error:
        log.warning("a signed delivery makes no sense: %s", type(error).__name__)
        return JSONResponse({"error": "invalid payload"}, status_code=400)
    return Response(answer.body, answer.status, answer.first_headers_without_set_cookie())
