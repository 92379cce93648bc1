"""A sample of what the virtual judge ruled on is put before a second person, who is not told the verdict."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import wait_for
from core.exports import rows
from tests.scenarios.conftest import actions_of, said


def question(scene: Any) -> dict[str, Any] | None:
    """What the leads are asked; None as long as they are not."""
    messages = scene.person("lea").messages("support-leads")
    return next((one for one in messages if "second opinion, please: may this teach?* “A is" in said(one)), None)


@pytest.mark.slow  # an agent has a moment to correct what they said, so the judge waits
def test_somebody_else_than_who_said_it_decides_without_knowing_the_verdict(play: Any, slack: Any) -> None:
    both = (slack.user("lea").id, slack.user("ben").id)
    slack.channel("support-leads").members.append(slack.user("ben").id)
    scene = play(leads_channel=slack.channel("support-leads").id, audit_share=1.0, leads=both)
    leads = scene.parts.settings.leads_channel
    _, message = scene.post_case()
    scene.click("lea", message, "preference.a2")

    asked = wait_for(lambda: question(scene), 60, "the question to the leads")

    shown = said(asked)
    assert "“A is better”" in shown
    assert "*Draft A*" in shown
    assert "*Draft B*" in shown
    assert "When will I get my refund?" in shown
    assert slack.user("lea").id not in shown
    assert "accepted" not in shown
    assert actions_of(asked) == ["audit.agree", "audit.disagree"]

    scene.person("lea").click(leads, asked["ts"], "audit.disagree")
    scene.eventually(
        lambda: any("You said this yourself" in said(one) for one in scene.person("lea").messages("support-leads")),
        "the refusal",
    )
    assert scene.store.audits.answered() == []

    scene.person("ben").click(leads, asked["ts"], "audit.disagree")

    answer = lambda: said(scene.person("lea").message("support-leads", asked["ts"]))  # noqa: E731
    scene.eventually(lambda: "gave a second opinion: it may not teach" in answer(), "the answer")
    assert "The judge on preferences: people agree with (not enough data: 1 of the 20 audits needed)" in answer()
    assert [(row["judge"], row["weight"]) for row in rows(scene.store, "preferences", everything=True)] == [
        ("held", 0.0)
    ]
