"""The addresses under /client/, each with the function that answers it."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.client import clicks, forms, reading, rooms, writing
from bot.sandbox.client.request import ClientRequest
from bot.sandbox.errors import ClientError
from bot.sandbox.local import LocalSlack

Json = dict[str, Any]
Answer = Callable[[ClientRequest], Json | Awaitable[Json]]

_READ: dict[str, Answer] = {
    "state": reading.workspace_state,
    "messages": reading.messages,
    "views": reading.views,
}
_DO: dict[str, Answer] = {
    "post": writing.post,
    "edit": writing.edit,
    "delete": writing.delete,
    "react": writing.react,
    "action": clicks.act,
    "shortcut": clicks.shortcut,
    "command": clicks.command,
    "submit": forms.submit,
    "close": forms.close,
    "open_home": reading.home,
    "invite": rooms.invite,
    "kick": rooms.kick,
    "archive": rooms.archive,
    "unarchive": rooms.unarchive,
    "create_channel": rooms.create,
}


def client_routes(slack: LocalSlack) -> list[Route]:
    """Every route of the people's windows."""
    routes = [Route(f"/client/{name}", _answering(slack, answer), methods=["GET"]) for name, answer in _READ.items()]
    routes += [Route(f"/client/{name}", _answering(slack, answer), methods=["POST"]) for name, answer in _DO.items()]

    async def events(request: Request) -> Response:
        user_id = request.query_params.get("user", "")
        if user_id not in slack.state.users:
            return JSONResponse({"error": f"There is no user {user_id!r}."}, status_code=404)
        headers = {"cache-control": "no-cache"}
        return StreamingResponse(slack.stream.lines(user_id), media_type="text/event-stream", headers=headers)

    async def violations(_: Request) -> Response:
        return JSONResponse(reading.violations(slack))

    async def log(_: Request) -> Response:
        return JSONResponse(slack.journal.to_json())

    return [
        *routes,
        Route("/client/events", events),
        Route("/client/violations", violations),
        Route("/client/log", log),
    ]


def _answering(slack: LocalSlack, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def respond(request: Request) -> Response:
        try:
            result = answer(ClientRequest(slack, await _arguments(request)))
            body = await result if inspect.isawaitable(result) else result
        except ClientError as problem:
            return JSONResponse({"error": problem.sentence}, status_code=problem.status)
        return JSONResponse(body)

    return respond


async def _arguments(request: Request) -> Json:
    if request.method == "GET":
        return dict(request.query_params)
    try:
        content = json.loads(await request.body() or b"{}")
    except ValueError as problem:
        raise ClientError("The request is not JSON.") from problem
    if not isinstance(content, dict):
        raise ClientError("The request is not a JSON object.")
    return content
