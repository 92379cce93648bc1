"""Where cases come from, who may read and teach, and what is answered privately."""

from __future__ import annotations

from typing import Any

import pytest


def suggestions(scene: Any, channel: str, thread_ts: str, by: str = "ada") -> list[dict[str, Any]]:
    return [
        one
        for one in scene.person(by).messages(channel, thread_ts)
        if (one.get("metadata") or {}).get("event_type") == "aitl_suggestion"
    ]


def test_a_help_desk_bot_posts_cases_in_attachments(play: Any, slack: Any) -> None:
    scene = play(case_bots=(slack.user("helpdesk").id,))
    helpdesk = scene.person("helpdesk")

    thread_ts = helpdesk.post(
        "support-cases", "New ticket", attachments=[{"title": "Ticket 7", "text": "When will I get my *refund*?"}]
    )
    scene.suggestion(thread_ts)
    case = scene.store.cases.recent(1)[0]
    assert case.text == "New ticket\nTicket 7\nWhen will I get my *refund*?"

    helpdesk.post("support-cases", "How do I cancel my booking?", thread_ts)
    scene.suggestion(thread_ts, 2)


def test_a_bot_that_is_not_listed_opens_no_case(scene: Any) -> None:
    scene.person("helpdesk").post("support-cases", "When will I get my refund?")
    scene.post_case("How do I cancel a booking?")

    assert scene.store.cases.count() == 1


def test_where_a_guest_can_read_nothing_is_posted_and_the_leads_are_told_once(play: Any, slack: Any) -> None:
    scene = play(leads_channel=slack.channel("support-leads").id)
    scene.person("lea").invite("support-cases", slack.user("guest").id)

    first = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.person("guest").post("support-cases", "I am a guest. Where is my refund?")

    def told() -> list[str]:
        texts = [one["text"] for one in scene.person("lea").messages("support-leads")]
        return [text for text in texts if "I post no drafts in" in text]

    scene.eventually(told, "word to the leads")
    scene.quiet()
    assert len(told()) == 1
    assert f"<@{slack.user('guest').id}> can read it" in told()[0]
    assert suggestions(scene, "support-cases", first) == []
    assert scene.store.cases.count() == 0


def test_asking_again_where_a_guest_can_read_says_why_and_works_once_they_left(scene: Any, slack: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.quiet()
    slack.fail_next("chat.update", delay_s=3.0)  # else the drafts are hidden with all their buttons
    scene.person("lea").invite("support-cases", slack.user("guest").id)
    team = slack.user("lea").team_id
    scene.eventually(lambda: scene.store.channels.barriers(team), "the news to arrive")

    scene.click("ada", message, "again")
    scene.note("ada", thread_ts, "A guest or somebody from another workspace can read this channel")
    scene.message(message["ts"], lambda one: "These drafts are hidden" in str(one["blocks"]))
    scene.person("lea").kick("support-cases", slack.user("guest").id)
    scene.message(message["ts"], lambda one: "Draft A" in str(one["blocks"]))
    scene.click("ada", message, "again")

    assert scene.suggestion(thread_ts, revision=2)


def test_an_invitation_asks_the_inviter_and_leads_decide(play: Any, slack: Any) -> None:
    scene = play(case_channels=())
    ada, lea = scene.person("ada"), scene.person("lea")
    channel = ada.create_channel("new-cases")
    ada.invite(channel, slack.user("lea").id)
    ada.invite(channel, slack.bot_user_id)

    def question() -> Any:
        return next((one for one in ada.messages(channel) if "Shall I watch it" in one["text"]), None)

    asked = scene.eventually(question, "the question")
    assert asked["is_ephemeral"]
    ada.click(channel, asked["ts"], "watch_channel")
    scene.eventually(lambda: "Only leads can do this" in str(ada.messages(channel)), "whom to ask")

    lea.kick(channel, slack.bot_user_id)
    lea.invite(channel, slack.bot_user_id)
    mine = scene.eventually(
        lambda: next((one for one in lea.messages(channel) if "Shall I watch it" in one["text"]), None), "the question"
    )
    lea.click(channel, mine["ts"], "watch_channel")

    scene.eventually(lambda: channel in scene.store.channels.watched(_team(scene)), "the channel to be watched")
    thread_ts = ada.post(channel, "When will I get my refund?")
    ada.wait_for_reply(channel, thread_ts, lambda one: "Draft A" in str(one.get("blocks")), timeout_s=20)


def _team(scene: Any) -> str:
    return str(scene.person("ada").state()["team"]["id"])


def test_the_shortcut_drafts_for_any_message_where_the_bot_is(play: Any, slack: Any) -> None:
    scene = play(case_channels=(slack.channel("random").id,))
    ben, ada = scene.person("ben"), scene.person("ada")
    root = ben.post("support-cases", "When will I get my refund?")
    reply = ada.post("support-cases", "Let me look.", root)

    ada.shortcut("draft_replies", "support-cases", reply)

    scene.suggestion(root)
    case = scene.store.cases.recent(1)[0]
    assert (case.thread_ts, case.author) == (root, slack.user("ben").id)
    assert [(turn.role, turn.text) for turn in case.turns] == [
        ("customer", "When will I get my refund?"),
        ("agent", "Let me look."),
    ]


def test_the_shortcut_says_so_privately_where_the_bot_is_no_member(scene: Any) -> None:
    ada = scene.person("ada")
    ts = ada.post("random", "When will I get my refund?")

    ada.shortcut("draft_replies", "random", ts)

    scene.eventually(lambda: "I am not in this channel" in str(ada.messages("random")), "a private answer")
    assert "I am not in this channel" not in str(scene.person("ben").messages("random"))


def test_a_pasted_case_becomes_a_root_message_of_whoever_pasted_it(scene: Any, slack: Any) -> None:
    ada = scene.person("ada")
    ada.shortcut("new_case")
    view = ada.wait_for_view("new_case")
    assert "channel" in ada.submit(view["id"], {"channel": slack.channel("random").id, "text": "Hi"})["errors"]

    words = "<!channel> When will I get my refund? https://evil.example & more"
    assert ada.submit(view["id"], {"channel": scene.cases, "text": words})["closed"]

    def root() -> Any:
        roots = ada.messages("support-cases")
        return next((one for one in roots if "refund" in one["text"]), None)

    posted = scene.eventually(root, "the root message")
    assert posted["text"] == "&lt;!channel&gt; When will I get my refund? https://evil.example &amp; more"
    scene.suggestion(posted["ts"])
    assert scene.store.cases.recent(1)[0].author == slack.user("ada").id


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("ada", "help", "What I do"),
        ("ada", "", "What I do"),
        ("ada", "gaps", "Nothing is reported as missing."),
        ("ada", "case nonsense", "There is no case"),
        ("ada", "config", "Only leads can do this"),
        ("ada", "retrain", "Only leads can do this"),
        ("ada", "config all", "Only leads can do this"),
        ("lea", "config all", "SLACK_BOT_TOKEN = '***'"),
        ("lea", "config al", "Write /aitl config for the settings of a channel"),
        ("ada", "metrics", "Only leads can do this"),
        ("lea", "metrics 7d", "How the drafts did in the last 7 days"),
        ("lea", "metrics", "How the drafts did in the last 30 days"),
        ("lea", "metrics 8d", "8d is no period; write /aitl metrics 7d, 30d or 90d."),
        ("lea", "dance", "I don't know"),
    ],
)
def test_the_command_answers_privately(scene: Any, name: str, text: str, words: str) -> None:
    answer = scene.person(name).command(text)

    assert answer == {"ok": True, "acked": True}
    assert "xoxb" not in str(scene.whisper(name, words))
    assert scene.whispers("ben") == []


def test_the_command_shows_a_case(scene: Any) -> None:
    _, message = scene.post_case("When will I get my <refund>?")
    case_id = message["metadata"]["event_payload"]["case_id"]

    scene.person("ada").command(f"case {case_id.removeprefix('case_').upper()}")

    shown = str(scene.whisper("ada", "open"))
    assert "When will I get my &lt;refund&gt;?" in shown
    assert "open" in shown


def test_the_home_says_what_the_bot_does(scene: Any) -> None:
    ada = scene.person("ada")
    ada.open_home()

    home = scene.eventually(lambda: ada.open_home(), "the home")

    assert "What I do" in str(home["blocks"])


def test_who_joins_the_leads_group_is_a_lead_from_then_on(play: Any, slack: Any) -> None:
    scene = play(leads=("S08LEADSG1D",))
    scene.person("ben").command("config")
    scene.whisper("ben", "Only leads can do this: please ask <!subteam^S08LEADSG1D>")

    slack.set_group_members("support-leads", ["ben"])
    scene.eventually(lambda: _heard_of(slack, "subteam_updated"), "the news to arrive")
    scene.quiet()
    scene.person("ben").command("config all")
    scene.person("lea").command("config all")

    scene.whisper("ben", "AITL_LEADS")
    scene.whisper("lea", "Only leads can do this")


def test_a_moment_in_which_slack_does_not_say_who_somebody_is_refuses_nobody(scene: Any, slack: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.quiet()
    slack.fail_next("users.info", error="internal_error")
    slack.fail_next("users.info", error="ratelimited", retry_after_s=1)
    newcomer = slack.add_user("nora")
    slack.channel("support-cases").members.append(newcomer.id)

    scene.click("nora", message, "preference.a2")

    scene.note("nora", thread_ts, "Noted: A is better.")
    assert "Only full members" not in str(scene.person("nora").messages("support-cases", thread_ts))


def test_a_form_that_cannot_be_opened_says_so_in_its_place(scene: Any, slack: Any) -> None:
    scene.quiet()
    slack.add_user("nora")
    slack.fail_next("users.info", error="internal_error")

    scene.person("nora").shortcut("new_case")

    (view,) = scene.eventually(scene.person("nora").views, "a view")
    assert "I couldn't open the form because something unexpected happened." in str(view["blocks"])


def _heard_of(slack: Any, kind: str) -> bool:
    events = [one for one in slack.deliveries if one.payload.get("event", {}).get("type") == kind]
    return bool(events) and all(one.acked_ms is not None for one in events)
