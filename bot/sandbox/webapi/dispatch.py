"""One Web API call from request to answer: token, rate limit, arguments, scope, handler, faults."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Fault
from bot.sandbox.local import LocalSlack
from bot.sandbox.webapi import app_methods, chat, conversations, files, people_methods, reactions, view_methods
from bot.sandbox.webapi.arguments import read_arguments, read_token
from bot.sandbox.webapi.method import Call, Method

Json = dict[str, Any]

METHODS: dict[str, Method] = {
    method.name: method
    for module in (app_methods, chat, conversations, files, people_methods, reactions, view_methods)
    for method in module.METHODS
}

# Bolt's clients send team_id with every call; Slack takes it everywhere.
_ALWAYS_ACCEPTED = frozenset({"team_id"})


class Dropped(Exception):
    """The call was carried out and its connection is to break without an answer."""


async def answer(slack: LocalSlack, request: Request) -> Response:
    """Answer one request to /api/{method}. Raises Dropped where a fault asks for it."""
    name = str(request.path_params["method"])
    fault = slack.faults.take(name)
    if fault is not None and fault.delay_s:
        await slack.clock.sleep(fault.delay_s)
    args: Json = {}
    try:
        args = await read_arguments(request)
        if fault is not None and (refused := _refuse(slack, name, args, fault)) is not None:
            return refused
        token = await read_token(request)
        wait_s = _wait_s(slack, name, args)
        if wait_s:
            return _limited(slack, name, args, wait_s)
        body: Json = {"ok": True} | _carry_out(slack, name, args, token)
    except SlackError as problem:
        body = {"ok": False, "error": problem.code} | problem.details
    slack.journal.call(name, args, body)
    if fault is not None and fault.drop_after_write:
        raise Dropped
    return JSONResponse(body, headers=_scope_headers(slack, name))


def _carry_out(slack: LocalSlack, name: str, args: Json, token: str | None) -> Json:
    method = METHODS.get(name)
    if method is None:
        slack.journal.breach("unknown_method", f"{name} is no method that the sandbox knows")
        raise SlackError("unknown_method", req_method=name)
    call = Call(slack, name, args)
    _check_token(call, method, token)
    if method.scopes:
        call.need_scope(*method.scopes)
    _check_arguments(call, method)
    return method.handler(call)


def _check_token(call: Call, method: Method, token: str | None) -> None:
    app = call.slack.app
    if method.token == "none":
        return
    if not token:
        raise SlackError("not_authed")
    if token not in (app.bot_token, app.app_token):
        raise SlackError("invalid_auth")
    if call.slack.refusal and token == app.bot_token:
        raise SlackError(call.slack.refusal)
    kind = "bot" if token == app.bot_token else "app"
    if method.token not in (kind, "any"):
        call.breach("token_type", f"called with the {kind} token")
        raise SlackError("not_allowed_token_type")


def _check_arguments(call: Call, method: Method) -> None:
    missing = [name for name in method.required if call.args.get(name) in (None, "")]
    known = _ALWAYS_ACCEPTED.union(method.required, method.optional)
    unknown = [] if method.any_argument else sorted(set(call.args) - known)
    # An empty status clears it; every other required argument must say something.
    missing = [name for name in missing if not (name == "status" and name in call.args)]
    if not missing and not unknown:
        return
    problems = [f"missing required field: {name}" for name in missing]
    problems += [f"unknown argument: {name}" for name in unknown]
    for problem in problems:
        call.breach("arguments", problem)
    messages = [f"[ERROR] {problem}" for problem in problems]
    raise SlackError("invalid_arguments", response_metadata={"messages": messages})


def _wait_s(slack: LocalSlack, name: str, args: Json) -> int:
    method = METHODS.get(name)
    if slack.limits is None or method is None:
        return 0
    return slack.limits.wait_s(name, method.tier, args.get("channel"))


def _limited(slack: LocalSlack, name: str, args: Json, wait_s: int) -> Response:
    body = {"ok": False, "error": "ratelimited"}
    slack.journal.call(name, args, body)
    return JSONResponse(body, status_code=429, headers={"Retry-After": str(wait_s)})


def _refuse(slack: LocalSlack, name: str, args: Json, fault: Fault) -> Response | None:
    if fault.error is None and fault.status is None:
        return None
    if fault.error == "ratelimited":
        if slack.limits is not None and name in METHODS:
            slack.limits.block(name, METHODS[name].tier, args.get("channel"), fault.retry_after_s)
        return _limited(slack, name, args, fault.retry_after_s)
    if fault.error is None:
        slack.journal.call(name, args, {"status": fault.status})
        return Response(status_code=fault.status or 500)
    body = {"ok": False, "error": fault.error}
    slack.journal.call(name, args, body)
    return JSONResponse(body, status_code=fault.status or 200)


def _scope_headers(slack: LocalSlack, name: str) -> dict[str, str]:
    headers = {"x-oauth-scopes": ",".join(sorted(slack.app.manifest.scopes))}
    method = METHODS.get(name)
    if method is not None and method.scopes:
        headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
    return headers
