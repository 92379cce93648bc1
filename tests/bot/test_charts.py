"""A message with a chart goes out in the best form that the workspace takes, and what it refused is remembered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from bot import charts
from bot.blocks.chart import build_trend
from bot.blocks.elements import section
from bot.calls import Call
from bot.charts import BlocksRefused, Charts, Pictures
from bot.sandbox import Sandbox
from core.store import Store, make_engine
from tests.bot.blocks.overviews import full

CHART = build_trend(full().trend)


class Desk(SimpleNamespace):
    """What charts need of a desk; and a call as the outbox makes it."""

    def call(self) -> Call:
        blocks = [section("Above"), CHART, section("Below")]
        return Call("chat.postMessage", {"channel": self.channel, "text": "A chart", "blocks": blocks})

    def charts(self) -> Charts:
        return Charts(self, Pictures(self), self.stopping)  # type: ignore[arg-type]

    def make(self, call: Call) -> Any:
        return self.client.api_call(call.method, json=dict(call.arguments)).data

    def send(self) -> list[str]:
        """The types of blocks that stand in Slack afterwards."""
        answer = self.charts().send(self.call(), self.make)
        return [block["type"] for block in answer["message"]["blocks"]]


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def desk(slack: Sandbox, sqlite_template: Path, tmp_path: Path, watch: Any) -> Iterator[Desk]:
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'aitl.db'}")
    stopping = Event()
    stopping.set()  # so that nothing is waited for
    client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[RateLimitErrorRetryHandler()])
    channel = slack.channel("support-cases").id
    identity = SimpleNamespace(team_id="T1")
    yield Desk(store=Store(engine, watch), client=client, identity=identity, stopping=stopping, channel=channel)
    engine.dispose()


def tried(slack: Sandbox) -> int:
    return sum(call.method == "chat.postMessage" for call in slack.calls)


def test_a_workspace_that_has_charts_gets_one(desk: Desk, slack: Sandbox) -> None:
    assert desk.send() == ["section", "data_visualization", "section"]
    assert slack.files == []
    assert desk.store.refusals.of("T1") == frozenset()


def test_without_them_it_is_a_picture_with_its_words_and_not_tried_in_vain_again(
    desk: Desk, slack: Sandbox, watch: Any
) -> None:
    slack.refuse_blocks("data_visualization")

    assert desk.send() == ["section", "image", "section"]
    assert desk.send() == ["section", "image", "section"]

    assert tried(slack) == 3
    assert desk.store.refusals.of("T1") == {"chart"}
    assert slack.files[0].alt_txt.startswith("Line chart. Week by week, in percent. Drafts sent: 17 May 60%")

    slack.refuse_blocks()
    watch.advance(8 * 24 * 3600)
    assert desk.send() == ["section", "data_visualization", "section"]


def test_the_same_chart_is_uploaded_once(desk: Desk, slack: Sandbox) -> None:
    slack.refuse_blocks("data_visualization")
    sender = desk.charts()

    first, second = (sender.send(desk.call(), desk.make)["message"]["blocks"][1] for _ in range(2))

    assert first["slack_file"] == second["slack_file"]
    assert len(slack.files) == 1


def test_where_nothing_may_be_uploaded_it_is_a_table(desk: Desk, slack: Sandbox) -> None:
    slack.refuse_blocks("data_visualization")
    slack.fail_next("files.getUploadURLExternal", error="missing_scope", times=2)

    assert desk.send() == ["section", "section", "section"]
    assert desk.send() == ["section", "section", "section"]

    assert slack.faults_left("files.getUploadURLExternal") == 1
    assert desk.store.refusals.of("T1") == {"chart", "picture"}


def test_a_bad_moment_is_not_remembered(desk: Desk, slack: Sandbox) -> None:
    slack.refuse_blocks("data_visualization")
    slack.fail_next("files.getUploadURLExternal", error="internal_error")

    assert desk.send() == ["section", "section", "section"]
    assert desk.store.refusals.of("T1") == {"chart"}
    assert desk.send() == ["section", "image", "section"]


def test_a_picture_that_is_still_looked_through_is_waited_for(
    desk: Desk, slack: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack.refuse_blocks("data_visualization")
    slack.slow_files(0.3)
    desk.stopping.clear()
    monkeypatch.setattr(charts, "TRY_AGAIN_AFTER_S", (0.4,))

    assert desk.send() == ["section", "image", "section"]


def test_what_is_refused_for_another_reason_is_not_blamed_on_the_chart(desk: Desk, slack: Sandbox) -> None:
    slack.refuse_blocks("section")

    with pytest.raises(SlackApiError, match="invalid_blocks"):
        desk.send()

    assert desk.store.refusals.of("T1") == frozenset()


def test_an_answer_and_a_home_fall_back_too(desk: Desk) -> None:
    def refuse_charts(call: Call) -> dict[str, Any]:
        if call.arguments["body"]["blocks"][0]["type"] != "section":
            raise BlocksRefused
        return dict(call.arguments["body"])

    answer = Call(
        "response_url", {"url": "https://hooks.slack.example", "body": {"text": "A chart", "blocks": [CHART]}}
    )

    assert desk.charts().send(answer, refuse_charts)["text"] == "A chart"
    view = Call("views.publish", {"user_id": "U1", "view": {"type": "home", "blocks": [CHART]}})
    assert charts.blocks_of(view) == [CHART]
