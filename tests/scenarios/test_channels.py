"""Channels that close, open again and change their ids, and an app that is taken out of its workspace."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from tests.scenarios.harness.quiet import is_quiet


def suggestions(scene: Any, thread_ts: str) -> list[dict[str, Any]]:
    return [
        one
        for one in scene.person("ada").messages("support-cases", thread_ts)
        if (one.get("metadata") or {}).get("event_type") == "aitl_suggestion"
    ]


def told(scene: Any, words: str) -> list[str]:
    """What the leads were told with these words."""
    return [one["text"] for one in scene.person("lea").messages("support-leads") if words in one["text"]]


@pytest.fixture
def scene(play: Any, slack: Any) -> Any:
    return play(leads_channel=slack.channel("support-leads").id)


def test_an_archived_channel_ends_its_work_and_goes_on_when_it_is_used_again(scene: Any) -> None:
    go_on = Event()
    scene.parts.suggester.before = lambda case: go_on.wait(60) and None
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")

    scene.person("lea").archive("support-cases")
    scene.eventually(lambda: told(scene, "it was archived"), "word to the leads")
    go_on.set()
    scene.eventually(lambda: is_quiet(scene.store), "all work to end")
    assert suggestions(scene, thread_ts) == []
    assert (scene.store.inbox.parked(), scene.store.outbox.parked()) == ([], [])

    scene.person("lea").unarchive("support-cases")

    scene.eventually(lambda: suggestions(scene, thread_ts), "the drafts")
    scene.eventually(lambda: told(scene, "I post drafts in"), "word to the leads")
    scene.quiet()
    assert len(suggestions(scene, thread_ts)) == 1
    assert len(told(scene, "it was archived")) == 1


@pytest.mark.parametrize("is_private", [False, True])
def test_where_the_bot_was_removed_it_goes_on_once_it_is_invited_again(
    scene: Any, slack: Any, is_private: bool
) -> None:
    thread_ts, message = scene.post_case()
    slack.happen(
        lambda workspace: workspace.convert(slack.channel("support-cases"), slack.user("lea").id, is_private=is_private)
    )
    scene.parts.suggester.before = lambda case: scene.person("lea").kick("support-cases", slack.bot_user_id)

    scene.click("ada", message, "again")
    why = "I can't see it any more" if is_private else "I am not in it"
    scene.eventually(lambda: told(scene, why), "word to the leads")
    scene.eventually(lambda: is_quiet(scene.store), "all work to end")
    assert (scene.store.inbox.parked(), scene.store.outbox.parked()) == ([], [])
    assert len(told(scene, why)) == 1

    scene.parts.suggester.before = None
    scene.person("lea").invite("support-cases", slack.bot_user_id)

    scene.eventually(lambda: len(suggestions(scene, thread_ts)) == 2, "the new drafts")
    assert len(told(scene, "I post drafts in")) == 1


def test_what_was_withdrawn_while_the_channel_was_archived_is_gone_when_it_is_used_again(
    scene: Any, slack: Any
) -> None:
    _, message = scene.post_case()
    scene.person("lea").archive("support-cases")
    scene.eventually(lambda: told(scene, "it was archived"), "word to the leads")
    suggestion = scene.store.suggestions.get(message["metadata"]["event_payload"]["suggestion_id"])
    scene.store.cases.withdraw(suggestion.case_id)
    scene.store.suggestions.retire(suggestion.id, "withdrawn")
    scene.quiet()

    scene.person("lea").unarchive("support-cases")

    scene.message(message["ts"], lambda one: "draft replies were withdrawn" in str(one["blocks"]))


def test_a_guest_who_becomes_a_full_member_is_no_outsider_any_more(scene: Any, slack: Any) -> None:
    scene.person("lea").invite("support-cases", slack.user("guest").id)
    scene.eventually(lambda: told(scene, "can read it"), "word to the leads")

    slack.change_user("guest", is_restricted=False)

    scene.eventually(lambda: told(scene, "I post drafts in"), "word to the leads")


def test_a_deleted_channel_leaves_no_work_behind(scene: Any, slack: Any) -> None:
    scene.post_case()
    channel = slack.channel("support-cases")
    scene.parts.suggester.before = lambda case: slack.happen(
        lambda workspace: workspace.delete_channel(channel, slack.user("lea").id)
    )

    scene.person("ben").post("support-cases", "When is my deposit released?")

    scene.eventually(lambda: told(scene, "I can't see it any more"), "word to the leads")
    scene.eventually(lambda: is_quiet(scene.store), "all work to end")
    assert (scene.store.inbox.parked(), scene.store.outbox.parked()) == ([], [])


def test_a_reply_that_found_its_channel_closed_leaves_the_case_open(scene: Any, slack: Any) -> None:
    _, message = scene.post_case()
    slack.fail_next("chat.postMessage", error="is_archived")

    scene.click("ada", message, "use.a")

    scene.eventually(lambda: scene.store.replies.of_case(scene.store.cases.recent(1)[0].id), "the reply")
    scene.quiet()
    assert scene.store.cases.recent(1)[0].status == "open"
    (adoption,) = list(scene.store.annotations.all("adoption"))
    assert (adoption.slot, adoption.withdrawn) == ("a", False)


def test_what_customers_wrote_while_a_guest_could_read_is_drafted_once_the_guest_has_left(
    scene: Any, slack: Any
) -> None:
    thread_ts, _ = scene.post_case("When will I get my refund?", by="ben")
    answered, message = scene.post_case("How do I cancel a booking?", by="ben")
    scene.click("ada", message, "use.a")
    scene.person("lea").invite("support-cases", slack.user("guest").id)
    scene.eventually(lambda: told(scene, "can read it"), "word to the leads")

    scene.person("ben").post("support-cases", "And my deposit?", thread_ts)
    scene.eventually(lambda: len(scene.store.cases.newest_in(slack_team(scene), scene.cases)[1].turns) == 2, "the turn")
    scene.quiet()
    assert len(suggestions(scene, thread_ts)) == 1
    scene.person("lea").kick("support-cases", slack.user("guest").id)

    scene.suggestion(thread_ts, 2)
    scene.quiet()
    assert told(scene, "I post drafts in") == [
        f"I post drafts in <#{scene.cases}> again. Drafts for cases that waited: 1."
    ]
    assert len(suggestions(scene, answered)) == 1


def slack_team(scene: Any) -> str:
    return str(scene.person("ada").state()["team"]["id"])


def test_a_channel_shared_outside_gets_no_drafts_and_its_leads_know_why(scene: Any, slack: Any) -> None:
    scene.post_case()

    scene.person("lea").invite("support-cases", slack.user("stranger").id)
    scene.eventually(lambda: told(scene, "it is shared with another workspace"), "word to the leads")
    thread_ts = scene.person("ben").post("support-cases", "When is my deposit released?")
    scene.quiet()

    assert suggestions(scene, thread_ts) == []
    assert scene.store.cases.count() == 1


def test_a_channel_with_a_new_id_is_the_same_channel(scene: Any, slack: Any) -> None:
    thread_ts, first = scene.post_case("When will I get my refund?", by="ben")
    channel = slack.channel("support-cases")

    slack.happen(lambda workspace: workspace.change_id(channel, "C08NEW1ID2X"))
    scene.eventually(lambda: scene.store.cases.recent(1)[0].channel == "C08NEW1ID2X", "the new id")
    scene.people.clear()

    scene.person("ben").post("C08NEW1ID2X", "And my deposit?", thread_ts)
    ada = scene.person("ada")
    ada.wait_for_reply(
        "C08NEW1ID2X",
        thread_ts,
        lambda one: (one.get("metadata") or {}).get("event_payload", {}).get("revision") == 2,
        timeout_s=20,
    )
    scene.eventually(lambda: "Replaced by newer" in str(ada.message("C08NEW1ID2X", first["ts"])), "the older one")
    other = ada.post("C08NEW1ID2X", "How do I cancel a booking?")
    ada.wait_for_reply("C08NEW1ID2X", other, lambda one: "Draft A" in str(one.get("blocks")), timeout_s=20)


def test_a_channel_made_private_goes_on(scene: Any, slack: Any) -> None:
    slack.happen(
        lambda workspace: workspace.convert(slack.channel("support-cases"), slack.user("lea").id, is_private=True)
    )

    scene.post_case()

    assert scene.store.cases.count() == 1


@pytest.mark.parametrize("tell", [True, False])
def test_an_app_taken_out_of_the_workspace_gives_up_once_and_loses_nothing(play: Any, slack: Any, tell: bool) -> None:
    scene = play()
    _, message = scene.post_case()
    scene.quiet()
    slack.uninstall_app(tell=tell)

    scene.click("ada", message, "use.a")

    scene.eventually(lambda: scene.farewells, "the farewell")
    assert "SLACK_BOT_TOKEN (account_inactive)" in scene.farewells[0]
    scene.bot.stop()
    refused = [call for call in slack.calls if call.response.get("error") == "account_inactive"]
    assert len(refused) <= 5  # every thread once
    assert (scene.store.inbox.parked(), scene.store.outbox.parked()) == ([], [])

    slack.install_app()
    play()
    scene.eventually(lambda: list(scene.store.annotations.all("adoption")), "the click to be worked off")


def test_news_of_a_revoked_token_that_is_not_ours_ends_nothing(scene: Any, slack: Any) -> None:
    def asked() -> int:
        return len([call for call in slack.calls if call.method == "auth.test"])

    before = asked()
    slack.uninstall_app(error="")  # told, and our token works all the same: it is a newer one
    scene.eventually(lambda: asked() == before + 2, "Slack to be asked about both events")

    scene.post_case()

    assert scene.farewells == []
