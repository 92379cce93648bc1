"""Pictures are uploaded in three steps and shown in blocks; a workspace may refuse block types that others have."""

from __future__ import annotations

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox

CASES = "support-cases"
PNG = b"\x89PNG\r\n\x1a\n0000"
CHART = {
    "type": "data_visualization",
    "title": "Drafts sent",
    "chart": {
        "type": "line",
        "series": [{"name": "Sent", "data": [{"label": "4 May", "value": 50}, {"label": "11 May", "value": 62}]}],
        "axis_config": {"categories": ["4 May", "11 May"], "y_label": "%"},
    },
}


def upload(web: WebClient, content: bytes = PNG) -> str:
    at = web.files_getUploadURLExternal(filename="chart.png", length=len(content), alt_txt="A line chart")
    assert httpx.post(str(at["upload_url"]), content=content).status_code == 200
    return str(web.files_completeUploadExternal(files=[{"id": at["file_id"]}])["files"][0]["id"])


def picture(file_id: str) -> dict[str, object]:
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": "A line chart"}


def test_an_uploaded_picture_can_be_shown_in_a_block_and_fetched_by_the_page(sandbox: Sandbox, web: WebClient) -> None:
    file_id = upload(web)

    posted = web.chat_postMessage(channel=sandbox.channel(CASES).id, text="A chart", blocks=[picture(file_id)])

    assert posted["message"]["blocks"][0]["slack_file"] == {"id": file_id}
    fetched = httpx.get(f"{sandbox.url}/files/{file_id}")
    assert (fetched.content, fetched.headers["content-type"]) == (PNG, "image/png")
    assert [(file.name, file.alt_txt) for file in sandbox.files] == [("chart.png", "A line chart")]


def test_a_file_that_is_still_looked_through_cannot_be_shown_yet(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.slow_files(60)
    blocks = [picture(upload(web))]

    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=sandbox.channel(CASES).id, text="A chart", blocks=blocks)

    assert refused.value.response["error"] == "invalid_blocks"


@pytest.mark.parametrize("content", [PNG, b"no picture"])
def test_what_was_never_completed_or_is_no_picture_breaks_a_rule(
    sandbox: Sandbox, web: WebClient, content: bytes
) -> None:
    at = web.files_getUploadURLExternal(filename="chart.png", length=len(PNG))
    file_id = str(at["file_id"]) if content is PNG else upload(web, content)

    with pytest.raises(SlackApiError, match="invalid_blocks"):
        web.chat_postMessage(channel=sandbox.channel(CASES).id, text="A chart", blocks=[picture(file_id)])

    assert [breach.rule for breach in sandbox.violations] == ["slack_file"]


def test_another_length_than_announced_is_not_taken(sandbox: Sandbox, web: WebClient) -> None:
    at = web.files_getUploadURLExternal(filename="chart.png", length=len(PNG) + 1)

    assert httpx.post(str(at["upload_url"]), content=PNG).status_code == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        web.files_completeUploadExternal(files=[{"id": at["file_id"]}])

    assert [breach.rule for breach in sandbox.violations] == ["upload", "upload"]


def test_a_workspace_without_charts_refuses_them_and_that_is_no_breach(sandbox: Sandbox, web: WebClient) -> None:
    channel = sandbox.channel(CASES).id
    web.chat_postMessage(channel=channel, text="A chart", blocks=[CHART])
    sandbox.refuse_blocks("data_visualization")

    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=channel, text="A chart", blocks=[{"type": "divider"}, CHART])

    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["errors"] == ["unsupported type: data_visualization [json-pointer:/blocks/1/type]"]
    assert sandbox.violations == []
