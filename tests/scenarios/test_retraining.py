"""A lead has the models retrained from Slack, and sees how it goes: bot and scheduler meet in the database alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bot.sandbox import wait_for
from core.store import Store
from core.store.leadership import SCHEDULER
from tests.scenarios.conftest import said
from tests.training.told import Told
from training.schedule.scheduler import Schedule, Training

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "tests.training.fake_aitl")


@contextmanager
def scheduled(scene: Any, how: str, longest_s: float = 600.0) -> Iterator[None]:
    """A scheduler in this process, whose training does as told."""
    settings = scene.parts.settings
    environ = {
        "PATH": "/usr/bin:/bin", "HOME": str(settings.home), "AITL_HOME": str(settings.home),
        "AITL_DATABASE_URL": settings.database_url, "PYTHONPATH": str(ROOT), "FAKE_TRAINING": how,
    }  # fmt: skip
    ending = Told()
    training = Training(environ, PROGRAM, longest_s)
    schedule = Schedule(settings, scene.store, scene.parts.clock, training, {}, {})
    failed: list[BaseException] = []

    def serve() -> None:
        try:
            schedule.serve(ending)
        except BaseException as error:
            failed.append(error)
            raise

    thread = Thread(target=serve, name="test-scheduler")
    thread.start()
    try:
        wait_for(lambda: scene.store.leases.is_held(SCHEDULER), 20, "the scheduler to lead")
        yield
    finally:
        ending.ask()
        thread.join(60)
        assert not thread.is_alive()
        assert failed == []


@pytest.fixture
def schedule(play: Any, slack: Any) -> Iterator[Callable[..., Any]]:
    with ExitStack() as stack:

        def start(how: str, **options: Any) -> Any:
            scene = play(leads_channel=slack.channel("support-leads").id)
            stack.enter_context(scheduled(scene, how, **options))
            return scene

        yield start


def news(scene: Any) -> list[str]:
    """What the leads' channel says of retrainings."""
    return [said(one) for one in scene.person("lea").messages("support-leads") if "Retraining" in said(one)]


def told(scene: Any, words: str) -> str:
    """The one message there, once it says so."""

    def look() -> str | None:
        messages = news(scene)
        assert len(messages) <= 1
        return next((one for one in messages if words in one), None)

    return str(wait_for(look, 40, f"{words!r} in the leads' channel"))


@pytest.mark.slow
def test_one_message_follows_it_from_the_command_to_the_verdict(schedule: Any, tmp_path: Path, slack: Any) -> None:
    flag = tmp_path / "flag"
    scene = schedule(f"flag:{flag}")
    lea = slack.user("lea").id

    assert scene.person("lea").command("retrain")["acked"]

    leads = scene.parts.settings.leads_channel
    scene.whisper("lea", f"A retraining is asked for. It begins within seconds. Its progress is shown in <#{leads}>.")
    assert f"Retraining, asked for by <@{lea}>" in told(scene, "training the ranker, 40 % …")
    assert scene.person("lea").command("retrain")["acked"]
    scene.whisper("lea", "(training the ranker, 40 %); another one can follow it.")

    flag.touch()
    at_the_end = told(scene, "Better: pairwise accuracy changes by +0.09")

    assert "Version 1 is shown beside the champion on all cases until the agents' preferences decide." in at_the_end
    scene.whisper("lea", "The retraining that you asked for: Better: pairwise accuracy")
    ended = scene.store.retrainings.last_ended()
    assert (ended.state, ended.attempts, ended.outcome["version"]) == ("done", 1, 1)
    scene.quiet()
    assert len(news(scene)) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "longest_s", "reason"),
    [
        ("break", 600.0, "It broke (exit code 1): TrainingFailed: there is no row to learn from."),
        ("hang", 3.0, "It was stopped: after 3 s it was not done."),
    ],
)
def test_one_that_fails_says_so_and_that_nothing_was_touched(
    schedule: Any, how: str, longest_s: float, reason: str
) -> None:
    scene = schedule(how, longest_s=longest_s)

    scene.person("lea").command("retrain")

    assert f"it failed. {reason} The champion and all data are as they were." in told(scene, "it failed.")
    assert scene.store.registry.aliases().champion == 0
    assert scene.store.retrainings.under_way() is None


@pytest.mark.slow
def test_one_whose_scheduler_was_stopped_goes_on_with_the_next(play: Any, slack: Any, tmp_path: Path) -> None:
    scene, flag = play(leads_channel=slack.channel("support-leads").id), tmp_path / "flag"
    with scheduled(scene, f"flag:{flag}"):
        scene.person("lea").command("retrain")
        told(scene, "training the ranker")
    told(scene, "it was interrupted, and goes on as soon as a scheduler runs.")

    flag.touch()
    with scheduled(scene, f"flag:{flag}"):
        told(scene, "Better: pairwise accuracy")

    assert scene.store.retrainings.last_ended().attempts == 2


def test_without_a_scheduler_whoever_asked_is_told_within_a_minute(play: Any, slack: Any) -> None:
    scene = play(leads_channel=slack.channel("support-leads").id)
    lea, team = slack.user("lea").id, slack.user("lea").team_id
    a_minute_ago = Store(scene.store.engine, lambda: datetime.now(UTC) - timedelta(seconds=46))

    a_minute_ago.retrainings.ask("asked:before", "asked", lea, scene.cases, team)
    scene.whisper("lea", "No scheduler took up the retraining that you asked for")
    scene.person("lea").command("retrain")

    scene.whisper("lea", "No scheduler runs at the moment: if none takes it up within a minute, you hear so here.")
    scene.person("lea").command("retrain")
    scene.whisper("lea", "and is about to begin.")
    assert news(scene) == []


def test_what_the_leads_are_told_is_data_and_said_once(play: Any, slack: Any) -> None:
    scene = play(leads_channel=slack.channel("support-leads").id)
    notice = {"text": "Version 2 is the champion now. <!channel> & more"}

    for _ in range(2):
        scene.store.outbox.put("leads:promoted:2", "", notice, purpose="leads_notice", order_key="leads")

    lead = scene.person("lea")
    look = lambda: [said(one) for one in lead.messages("support-leads") if "champion now" in said(one)]  # noqa: E731
    [message] = scene.eventually(look, "the notice")
    assert "<!channel>" not in message
    assert "&lt;!channel&gt; &amp; more" in message
