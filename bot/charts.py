"""A message with a chart goes out in the best form that the workspace takes: chart block, picture, or table.

What a workspace refuses is remembered for some days, and not tried in vain each time. A form counts as refused only
where the same message was taken in the next one: then it was the chart, and nothing else in it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.client import HTTPException
from threading import Event, Lock
from typing import Any, Literal
from urllib.request import Request, urlopen

from slack_sdk.errors import SlackApiError

from bot.blocks.chart import build_picture, build_table, chart_in_words, is_chart
from bot.blocks.elements import Block
from bot.calls import Call
from bot.desk import Desk
from bot.drawing import draw
from bot.revoked import is_revoked

log = logging.getLogger("aitl.bot")

Form = Literal["chart", "picture", "table"]
FORMS: tuple[Form, ...] = ("chart", "picture", "table")
# What Slack answers to blocks that it does not show here; to views it says so in the second way.
REFUSED = ("invalid_blocks", "invalid_arguments", "invalid_attachments")
# There is no uploading here until somebody changes that: a scope, a plan, a rule of the workspace.
NO_UPLOADS = (
    *("missing_scope", "no_permission", "not_allowed_token_type", "unknown_method", "team_access_not_granted"),
    *("file_uploads_disabled", "file_upload_size_restricted", "file_type_not_allowed", "storage_limit_reached"),
)
# Slack looks a new picture through before it may be shown, which mostly takes a second or two.
TRY_AGAIN_AFTER_S = (1.0, 2.0)
KEPT_PICTURES = 32


class BlocksRefused(Exception):
    """A response address did not take the blocks of an answer."""


class _NoPicture(Exception):
    """It could not be uploaded; `lasting`: nor will it be in a minute."""

    def __init__(self, lasting: bool) -> None:
        super().__init__()
        self.lasting = lasting


class Charts:
    """For one sender. `stopping`: set where it is to come to an end, so that nothing is waited for."""

    def __init__(self, desk: Desk, pictures: Pictures, stopping: Event) -> None:
        self._desk, self._pictures, self._stopping = desk, pictures, stopping

    def send(self, call: Call, make: Callable[[Call], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Make the call, with its charts in the first form that is taken. Raises as `make` does."""
        if not any(is_chart(block) for block in blocks_of(call)):
            return make(call)
        team, refused = self._desk.identity.team_id, list[Form]()
        known = self._desk.store.refusals.of(team)
        for form in (one for one in FORMS if one not in known):
            answer = self._in_form(form, call, make, refused)
            if answer is not None:
                for one in refused:
                    log.warning("this workspace refuses charts as a %s; another form is used for some days", one)
                    self._desk.store.refusals.add(team, one)
                return answer
        raise AssertionError("a table is always among the forms, and never left")

    def _in_form(
        self, form: Form, call: Call, make: Callable[[Call], Mapping[str, Any]], refused: list[Form]
    ) -> Mapping[str, Any] | None:
        """The answer; None where the next form is to be tried. `refused` gets what is worth remembering."""
        if form == "table":
            return make(_shown(call, build_table))
        waits = (*(TRY_AGAIN_AFTER_S if form == "picture" else ()), None)
        try:
            shown = call if form == "chart" else _shown(call, self._pictures.block)
        except _NoPicture as failure:
            refused += [form] if failure.lasting else []
            return None
        for wait_s in waits:
            try:
                return make(shown)
            except (SlackApiError, BlocksRefused) as error:
                if isinstance(error, SlackApiError) and error.response.get("error") not in REFUSED:
                    raise
            if wait_s is not None and self._stopping.wait(wait_s):
                return None
        refused.append(form)
        return None


class Pictures:
    """Charts as uploaded pictures; the same chart is uploaded once. For all threads: one draws at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._lock = desk, Lock()
        self._files: dict[str, str] = {}

    def block(self, chart: Block) -> Block:
        """The image block. Raises _NoPicture, and SlackApiError where Slack wants nothing of us any more."""
        key = hashlib.sha256(json.dumps(chart, sort_keys=True).encode()).hexdigest()
        with self._lock:
            if key not in self._files:
                self._files[key] = self._upload(draw(chart), chart_in_words(chart))
                for oldest in list(self._files)[:-KEPT_PICTURES]:
                    del self._files[oldest]
            return build_picture(chart, self._files[key])

    def _upload(self, picture: bytes, alt_text: str) -> str:
        """Its file id."""
        client = self._desk.client
        try:
            place = client.files_getUploadURLExternal(filename="chart.png", length=len(picture), alt_txt=alt_text)
            request = Request(str(place["upload_url"]), data=picture, headers={"Content-Type": "image/png"})
            with urlopen(request, timeout=client.timeout):
                pass
            client.files_completeUploadExternal(files=[{"id": place["file_id"], "title": "Chart"}])
        except SlackApiError as error:
            if is_revoked(error):
                raise
            log.warning("a chart was not uploaded: Slack says %s", error.response.get("error"))
            raise _NoPicture(lasting=error.response.get("error") in NO_UPLOADS) from error
        except (OSError, HTTPException) as error:
            log.warning("a chart was not uploaded: %s", error)
            raise _NoPicture(lasting=False) from error
        return str(place["file_id"])


def blocks_of(call: Call) -> list[Block]:
    """Of a message, an answer to an interaction, or a view."""
    holder = _holder(call)
    blocks = (call.arguments[holder] if holder else call.arguments).get("blocks")
    return list(blocks) if isinstance(blocks, list) else []


def _shown(call: Call, build: Callable[[Block], Block]) -> Call:
    """The call with another block in place of each chart."""
    blocks = [build(block) if is_chart(block) else block for block in blocks_of(call)]
    holder = _holder(call)
    inner = {holder: {**call.arguments[holder], "blocks": blocks}} if holder else {"blocks": blocks}
    return replace(call, arguments={**call.arguments, **inner})


def _holder(call: Call) -> str:
    return next((name for name in ("body", "view") if isinstance(call.arguments.get(name), Mapping)), "")
