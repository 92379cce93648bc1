"""files.* methods: an upload in three steps. Files stay private to the app, which shows them in image blocks."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.state import SlackFile
from bot.sandbox.webapi.method import Call, Method

Json = dict[str, Any]

MAX_ALT_TEXT = 1000


def get_upload_url(call: Call) -> Json:
    """Step 1: where to send the content to."""
    length = call.number("length", 0, 0, 10**12)
    if length < 1:
        raise SlackError("missing_argument")
    if len(str(call.args.get("alt_txt", ""))) > MAX_ALT_TEXT:
        call.breach("alt_text", f"alt_txt has more than {MAX_ALT_TEXT} characters")
        raise SlackError("alt_txt_too_large")
    slack = call.slack
    file = SlackFile(slack.ids.make("F"), str(call.args["filename"]), length, str(call.args.get("alt_txt", "")))
    slack.state.files[file.id] = file
    secret = slack.ids.secret(32)
    slack.uploads[secret] = file.id
    return {"upload_url": f"{slack.base_url}/upload/v1/{secret}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Step 3, after the content was sent there: from now on, or a little later, it can be shown."""
    given = call.args["files"]
    named = [one.get("id") for one in given] if isinstance(given, list) else []
    found = [file for one in named if (file := call.slack.state.files.get(str(one))) is not None]
    if not found or len(found) < len(named) or any(file.content is None for file in found):
        call.breach("upload", "files names something that was not uploaded")
        raise SlackError("file_not_found")
    for file in found:
        file.shown_from = call.slack.clock.now() + call.slack.files_take_s
    return {"files": [{"id": file.id, "title": file.name} for file in found]}


METHODS = (
    Method(
        "files.getUploadURLExternal",
        get_upload_url,
        "t4",
        ("files:write",),
        ("filename", "length"),
        ("alt_txt", "snippet_type"),
    ),
    Method("files.completeUploadExternal", complete_upload, "t4", ("files:write",), ("files",)),
)
