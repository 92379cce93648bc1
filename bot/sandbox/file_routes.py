"""The addresses to which files are uploaded, and from which the page takes them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.local import LocalSlack


def file_routes(slack: LocalSlack) -> list[Route]:
    """One to send content to, one to look at it."""

    async def upload(request: Request) -> Response:
        if _take(slack, str(request.path_params["secret"]), await request.body()):
            return PlainTextResponse("OK")
        return PlainTextResponse("not taken", status_code=400)

    async def file(request: Request) -> Response:
        found = slack.state.files.get(str(request.path_params["file"]))
        if found is None or found.content is None:
            return PlainTextResponse("There is no such file.", status_code=404)
        return Response(found.content, media_type=found.mimetype)

    return [Route("/upload/v1/{secret}", upload, methods=["POST"]), Route("/files/{file}", file, methods=["GET"])]


def _take(slack: LocalSlack, secret: str, content: bytes) -> bool:
    """False for an address that is not there, or another length than was announced."""
    file = slack.state.files.get(slack.uploads.get(secret, ""))
    if file is None or len(content) != file.length:
        slack.journal.breach("upload", f"{len(content)} bytes are not what was announced for {secret[:6]}...")
        return False
    file.content = content
    return True
