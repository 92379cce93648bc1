"""Leads look at the models' versions, promote one and go back, each asked first and told to all leads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.inbox import delivery_of
from bot.listeners.models import work_deploy
from core.registry.bundle import Aliases
from core.store.records import Work
from tests.core.registry.shelf import Shelf
from tests.scenarios.conftest import actions_of, said


@pytest.fixture
def scene(play: Any, slack: Any) -> Any:
    """With a channel for the leads, and two versions."""
    scene = play(leads_channel=slack.channel("support-leads").id)
    shelf = Shelf(scene.store.registry, scene.parts.settings.home / "models")
    shelf.trained("retriever", reason="It finds <more>.")
    shelf.trained("ranker", parent=1, reason="It chooses better.")
    return scene


def ask(scene: Any, asked: str, words: str) -> dict[str, Any]:
    """What lea is answered."""
    assert scene.person("lea").command(asked)["acked"]
    answer: dict[str, Any] = scene.whisper("lea", words)
    return answer


def notices(scene: Any) -> list[str]:
    """What stands in the leads' channel."""
    return [one["text"] for one in scene.person("lea").messages("support-leads")]


def test_the_versions_are_listed_with_alias_date_and_verdict(scene: Any) -> None:
    scene.store.registry.promote(1, scene.slack.user("lea").id, "It is better.")
    scene.store.registry.challenge(2, 0.2, "gate", "It may be better.")

    listed = said(ask(scene, "models", "Version 1 is the champion, 2 challenges it."))

    today = f"{scene.store.registry.bundle(1).created_at:%Y-%m-%d}"
    assert f"*Version 2* · challenger on 20% of the cases · made {today} from version 1 · retriever, ranker" in listed
    assert f"*Version 1* · champion · made {today} from version 0 · retriever" in listed
    assert "superior: It finds &lt;more&gt;." in listed
    assert "*Version 0*\nwhat ships with the product" in listed
    assert f"{today} version 1 made champion by <@{scene.slack.user('lea').id}>: It is better." in listed
    assert f"{today} version 2 made challenger by gate: It may be better." in listed


def test_a_lead_promotes_a_version_after_being_asked(scene: Any) -> None:
    lea = scene.slack.user("lea").id
    question = ask(scene, "promote 2", "Shall version 2 answer all cases from now on, in place of version 0?")
    assert actions_of(question) == ["models.promote"]
    assert scene.store.registry.aliases() == Aliases()

    scene.click("lea", question, "models.promote")

    done = f"<@{lea}> made version 2 the champion, in place of version 0. The next drafts come from it."
    scene.whisper("lea", done)
    scene.eventually(lambda: f"{done} `/aitl models` lists all versions." in notices(scene), "the leads to be told")
    assert scene.store.registry.aliases() == Aliases(champion=2)
    event = scene.store.registry.log()[-1]
    assert (event.version, event.action, event.by, event.why) == (2, "promoted", lea, "asked for in Slack")
    assert scene.whispers("ada") == []


def test_a_lead_goes_back_after_being_asked(scene: Any) -> None:
    scene.store.registry.promote(1, "gate", "")
    question = ask(scene, "rollback", "Shall version 0 answer all cases again, in place of version 1?")
    assert actions_of(question) == ["models.rollback"]

    scene.click("lea", question, "models.rollback")

    scene.whisper("lea", "went back to version 0, from version 1")
    scene.eventually(lambda: any("went back to version 0" in one for one in notices(scene)), "the leads to be told")
    assert scene.store.registry.aliases() == Aliases(champion=0)


def test_two_leads_who_confirm_the_same_rollback_go_back_once(scene: Any) -> None:
    for version in (1, 2):
        scene.store.registry.promote(version, "gate", "")
    question = ask(scene, "rollback", "Shall version 1 answer all cases again")
    scene.store.registry.rollback("U0OTHERLEAD", "")

    scene.click("lea", question, "models.rollback")

    scene.whisper("lea", "Version 1 serves by now, not 2; nothing was changed.")
    assert scene.store.registry.aliases() == Aliases(champion=1)
    scene.quiet()
    assert notices(scene) == []


def test_a_lead_who_clicks_twice_promotes_once(scene: Any) -> None:
    question = ask(scene, "promote 1", "Shall version 1")

    scene.click("lea", question, "models.promote")
    scene.click("lea", question, "models.promote")

    scene.whisper("lea", "Version 1 is the champion already.")
    scene.eventually(lambda: notices(scene), "the leads to be told")
    assert len(notices(scene)) == 1
    assert [event.action for event in scene.store.registry.log(1)] == ["registered", "promoted"]


@pytest.mark.parametrize(("asked", "action"), [("promote 2", "models.promote"), ("rollback", "models.rollback")])
def test_what_is_done_again_after_a_crash_changes_and_tells_nothing_more(scene: Any, asked: str, action: str) -> None:
    for version in (2, 1):
        scene.store.registry.promote(version, "gate", "")
    question = ask(scene, asked, "Shall version")
    scene.click("lea", question, action)
    scene.eventually(lambda: notices(scene), "the leads to be told")
    scene.quiet()
    told, happened = scene.whispers("lea"), scene.store.registry.log()

    [click] = [one.payload for one in scene.slack.deliveries if one.payload.get("type") == "block_actions"]
    kept = delivery_of(click, scene.bot._desk.identity)
    work_deploy(
        Work(1, kept.key, kept.kind, kept.lane, kept.payload, attempts=2, received_at=datetime.now(UTC)),
        scene.bot._desk,
    )
    scene.quiet()

    assert scene.whispers("lea") == told
    assert len(notices(scene)) == 1
    assert scene.store.registry.log() == happened


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("promote", "Which version? Write /aitl promote VERSION; /aitl models lists them."),
        ("promote third", "Which version?"),
        ("promote 7", "There is no version 7."),
        ("promote 0", "Version 0 is the champion already."),
        ("rollback", "Version 0 serves and none was before it; there is nothing to go back to."),
    ],
)
def test_what_makes_no_sense_is_answered_in_a_sentence(scene: Any, asked: str, words: str) -> None:
    assert actions_of(ask(scene, asked, words)) == []


def test_a_version_whose_files_were_changed_is_not_promoted(scene: Any) -> None:
    question = ask(scene, "promote 1", "Shall version 1")
    (scene.parts.settings.home / "models" / "bundle-000001" / "retriever" / "weights.json").write_text("{}")

    scene.click("lea", question, "models.promote")

    scene.whisper("lea", "Version 1 cannot serve: the files of its retriever")
    scene.quiet()
    assert scene.store.registry.aliases() == Aliases()
    assert notices(scene) == []


def test_the_case_tells_which_version_drafted_and_what_taught_it(scene: Any) -> None:
    scene.store.registry.promote(1, scene.slack.user("lea").id, "")
    scene.parts.suggester.bundle = "1"
    _, message = scene.post_case()
    case_id = message["metadata"]["event_payload"]["case_id"]

    scene.person("ada").command(f"case {case_id}")

    today = f"{scene.store.registry.log()[-1].at:%Y-%m-%d}"
    scene.whisper(
        "ada",
        f"Newest drafts by version 1 (champion since {today} by <@{scene.slack.user('lea').id}>, "
        "taught by 2 annotations).",
    )
