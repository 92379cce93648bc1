"""The web server of the sandbox: Web API, Socket Mode, response URLs, people's windows and the page, on one port."""

from __future__ import annotations

import json
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from bot.sandbox.client.routes import client_routes
from bot.sandbox.errors import SlackError
from bot.sandbox.file_routes import file_routes
from bot.sandbox.local import LocalSlack
from bot.sandbox.responses import respond
from bot.sandbox.sockets import serve_socket
from bot.sandbox.transports import Transports
from bot.sandbox.webapi.dispatch import Dropped, answer

PAGE = Path(__file__).resolve().parent / "page"


def build_server(slack: LocalSlack, transports: Transports) -> Starlette:
    """The ASGI application of one sandbox."""

    async def web_api(request: Request) -> Response:
        try:
            return await answer(slack, request)
        except Dropped:
            transports.abort((request.client.host, request.client.port) if request.client else None)
            return Response(status_code=500)

    async def socket(websocket: WebSocket) -> None:
        await serve_socket(slack, websocket)

    async def response_url(request: Request) -> Response:
        try:
            return await _take_response(slack, request)
        except Dropped:
            transports.abort((request.client.host, request.client.port) if request.client else None)
            return Response(status_code=500)

    async def page(_: Request) -> Response:
        return FileResponse(PAGE / "index.html")

    async def permalink(request: Request) -> Response:
        return RedirectResponse(_place_on_page(slack, request))

    return Starlette(
        routes=[
            Route("/", page),
            Route("/api/{method:path}", web_api, methods=["GET", "POST"]),
            Route("/hooks/{token:path}", response_url, methods=["POST"]),
            Route("/archives/{channel}/{message}", permalink),
            *file_routes(slack),
            WebSocketRoute("/link", socket),
            *client_routes(slack),
            Mount("/static", StaticFiles(directory=PAGE, check_dir=False)),
        ]
    )


def _place_on_page(slack: LocalSlack, request: Request) -> str:
    """Where the page shows the message of a permalink, as the first person there who may see it."""
    channel = slack.state.channels.get(request.path_params["channel"])
    if channel is None:
        return "/"
    people = [user for user in slack.state.users.values() if not user.is_bot and slack.state.may_see(channel, user)]
    digits = request.path_params["message"].removeprefix("p")
    thread = request.query_params.get("thread_ts", f"{digits[:-6]}.{digits[-6:]}")
    return f"/#/{people[0].id}/{channel.id}/{thread}" if people else "/"


async def _take_response(slack: LocalSlack, request: Request) -> Response:
    try:
        body = json.loads(await request.body())
    except ValueError:
        return JSONResponse({"ok": False, "error": "invalid_payload"}, status_code=400)
    try:
        respond(slack, str(request.path_params["token"]), body)
    except SlackError as problem:
        status = 404 if problem.code.endswith("_url") else 400
        return JSONResponse({"ok": False, "error": problem.code} | problem.details, status_code=status)
    fault = slack.faults.take("response_url")
    if fault is not None and fault.drop_after_write:
        raise Dropped
    return PlainTextResponse("ok")
