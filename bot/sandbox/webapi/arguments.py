"""Reads the arguments of a call wherever a client put them: query, form or JSON body."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.sandbox.errors import SlackError

Json = dict[str, Any]

# Argument -> the error that Slack gives when it does not parse.
_JSON_ARGUMENTS = {
    "blocks": "invalid_blocks_format",
    "attachments": "invalid_attachments",
    "metadata": "invalid_metadata_format",
    "view": "invalid_arguments",
    "files": "invalid_arguments",
    "loading_messages": "invalid_arguments",
}


async def read_arguments(request: Request) -> Json:
    """Every argument by name, with `token` left out. Raises SlackError for what does not parse."""
    arguments: Json = dict(parse_qsl(request.url.query, keep_blank_values=True))
    body = await request.body()
    if body:
        arguments |= _read_body(body, request.headers.get("content-type", ""))
    arguments.pop("token", None)
    for name, error in _JSON_ARGUMENTS.items():
        if isinstance(arguments.get(name), str):
            arguments[name] = _decode(arguments[name], error)
    return {name: value for name, value in arguments.items() if value is not None}


async def read_token(request: Request) -> str | None:
    """The token of a call: from the Authorization header, else from the query or the form."""
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    fields = dict(parse_qsl(request.url.query))
    body = await request.body()
    if "json" not in request.headers.get("content-type", ""):
        fields |= dict(parse_qsl(body.decode("utf-8", "replace")))
    return fields.get("token")


def _read_body(body: bytes, content_type: str) -> Json:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise SlackError("invalid_charset") from problem
    if "json" not in content_type:
        return dict(parse_qsl(text, keep_blank_values=True))
    try:
        content = json.loads(text)
    except json.JSONDecodeError as problem:
        raise SlackError("invalid_json") from problem
    if not isinstance(content, dict):
        raise SlackError("json_not_object")
    return content


def _decode(text: str, error: str) -> Any:
    # Clients write "" for an argument they leave out.
    if text == "":
        return None
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        raise SlackError(error) from problem
