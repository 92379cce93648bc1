"""Missing knowledge in Slack: reported, drafted, approved, published, and whoever asked hears of it."""

from __future__ import annotations

from typing import Any

import pytest

from core.exports import rows
from tests.scenarios.conftest import Scene, actions_of, payload_of, said

QUESTION = "Is there parking for a camper van?"


@pytest.fixture
def desk(play: Any, slack: Any) -> Scene:
    """A bot whose leads have a channel, and whose knowledge lea owns."""
    return play(leads_channel=slack.channel("support-leads").id, knowledge_owners=(slack.user("lea").id,))


def report(scene: Scene, description: str, by: str = "ada", **more: Any) -> str:
    """Somebody reports what is missing for a new case: the case's id."""
    _, message = scene.post_case(QUESTION)
    scene.click(by, message, "report_gap")
    view = scene.person(by).wait_for_view("missing_knowledge")
    given = {"description": description, "kind": "missing", **more}
    assert scene.person(by).submit(view["id"], given)["closed"]
    scene.quiet()
    return str(payload_of(message, "aitl_suggestion")["case_id"])


def answered(scene: Scene, case_id: str, reply: str, by: str = "ada") -> None:
    suggestion = scene.store.suggestions.latest(case_id)
    assert suggestion is not None
    scene.parts.feedback.adopt(suggestion.id, scene.slack.user(by).id, "a", "modal", f"r:{case_id}", final=reply)


def listed(scene: Scene, by: str = "lea") -> dict[str, Any]:
    """The newest list that this person was shown."""
    before = len(scene.whispers(by))
    assert scene.person(by).command("gaps")["acked"]
    scene.eventually(lambda: len(scene.whispers(by)) > before, "the list")
    return scene.whispers(by)[-1]


def direct(scene: Scene, to: str) -> list[str]:
    """What was written to this person alone, oldest first."""
    person = scene.person(to)
    places = [one["id"] for one in person.state()["channels"] if one["is_im"]]
    return [said(one) for place in places for one in person.messages(place)]


def in_thread(scene: Scene) -> list[str]:
    """The only gap as the leads see it, and what stands below it."""
    lea = scene.person("lea")
    [root] = [one for one in lea.messages("support-leads") if "gaps.draft" in actions_of(one) or ":mag:" in said(one)]
    return [said(one) for one in lea.messages("support-leads", root["ts"])]


def open_draft(scene: Scene, by: str = "lea") -> dict[str, Any]:
    scene.click(by, listed(scene, by), "gaps.draft")
    return scene.person(by).wait_for_view("gap_draft")


def test_what_was_missing_is_drafted_approved_and_found_and_everybody_hears_of_it_once(desk: Scene) -> None:
    case_id = report(desk, "Parking of camper vans")
    answered(desk, case_id, "Hello Ana! A camper van parks in the yard behind the house.")

    listing = listed(desk)
    assert "*Parking of camper vans*\n1 report from 1 case · new today · assigned to nobody" in said(listing)
    view = open_draft(desk)
    assert "A camper van parks in the yard behind the house." in str(view["blocks"])
    assert [one.id for one in desk.store.knowledge.current_articles()] == []

    desk.person("lea").click_in_view(view["id"], "gaps.approve")

    told = desk.eventually(lambda: direct(desk, "lea"), "the answer to lea")
    assert "“Parking of camper vans” is published. Asked again, 1 of 1 case would be shown it now" in told[0]
    desk.quiet()
    [article] = desk.store.knowledge.current_articles()
    assert article.title == "Parking of camper vans"
    assert desk.store.exam.questions(article.id)[0].passed
    assert [row["status"] for row in rows(desk.store, "gaps")] == ["resolved"]
    ada = desk.slack.user("ada").id
    root, asked, again = in_thread(desk)
    assert f"in the knowledge base now as `{article.id}`" in root
    assert f"<@{ada}> missed this in" in asked
    assert f"{case_id}>: found at rank 1 now" in again
    [heard] = direct(desk, "ada")
    assert "What you reported as missing is in the knowledge base now: “Parking of camper vans”." in heard
    assert len(direct(desk, "lea")) == 1
    assert "Nothing is reported as missing." in said(listed(desk))
