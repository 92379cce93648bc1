"""Every row of the permission table against everybody who could try it, as real deliveries over a real socket.

A guest, a stranger and bots get into the case channel without our bot being told: their clicks come before the news.
Each deed returns how to see whether it had its effect.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.blocks.home import build_home
from bot.permissions import PERMISSIONS
from bot.sandbox import wait_for
from core.judge.ruling import Ruling
from core.judge.sampling import put_before_people
from core.own_feedback import Effect as Changed
from core.registry.bundle import NewBundle
from tests.scenarios.conftest import said as said_in

Effect = Callable[[], bool]
NOTHING_NEW = Changed([], [])

# Who plays which part; leads and owners are agents too.
STANDINGS: dict[str, set[str]] = {
    "guest": {"guest"},
    "stranger": {"stranger"},
    "dee": {"gone"},
    "robot": {"bot"},
    "helpdesk": {"case_bot"},
    "aitl": {"ourselves"},
    "ada": {"agent"},
    "ben": {"agent", "owner"},
    "lea": {"agent", "lead"},
}
ROOM = "support-cases"


@dataclass
class Stage:
    """The scene, one standing suggestion that all may try, and what each actor has written."""

    scene: Any
    thread_ts: str
    message: dict[str, Any]
    roots: dict[str, str] = field(default_factory=dict)
    places: set[tuple[str, str]] = field(default_factory=set)  # threads where private words may stand

    def id(self, actor: str) -> str:
        return str(self.scene.slack.user(actor).id)

    def case_of(self, thread_ts: str) -> Any:
        return self.scene.store.cases.by_thread(self.scene.slack.user("lea").team_id, self.scene.cases, thread_ts)

    def drafts_for(self, actor: str, row: str) -> tuple[str, dict[str, Any]]:
        """Drafts of their own for those who may use them up; all others try the same ones."""
        if not may(actor, row):
            return self.thread_ts, self.message
        thread_ts, message = self.scene.post_case(by="customer")
        self.places.add((ROOM, thread_ts))
        return thread_ts, message

    def said_by(self, actor: str, kind: str, source: str) -> Effect:
        """Whether this actor has annotated."""
        all_of = self.scene.store.annotations.all
        return lambda: any(one.agent_id == self.id(actor) and one.source == source for one in all_of(kind))

    def refusals(self, actor: str) -> int:
        """How often this actor was told privately whom to ask."""
        person = self.scene.person(actor)
        shown = [one for place in self.places for one in person.messages(place[0], place[1] or None)]
        return sum(bool(one.get("is_ephemeral")) and one["text"].startswith("Only ") for one in shown)


def may(actor: str, row: str) -> bool:
    return bool(PERMISSIONS[row].who & STANDINGS[actor])


@pytest.fixture
def stage(play: Any, slack: Any, caplog: pytest.LogCaptureFixture) -> Stage:
    caplog.set_level(logging.INFO, "aitl")
    robot = slack.add_user("robot", is_bot=True, bot_id="B0ROBOT", app_id="A0ROBOT")
    scene = play(
        case_channels=(),
        case_bots=(slack.user("helpdesk").id,),
        knowledge_owners=(slack.user("ben").id,),
        leads_channel=slack.channel("support-leads").id,
    )
    scene.store.channels.watch(slack.user("lea").team_id, scene.cases, slack.user("lea").id)
    thread_ts, message = scene.post_case(by="customer")
    scene.quiet()
    newcomers = [slack.user("guest").id, slack.user("stranger").id, slack.user("dee").id, robot.id]
    slack.channel(ROOM).members.extend(newcomers)
    slack.channel("support-leads").members.extend(
        [*newcomers, *(slack.user(one).id for one in ("helpdesk", "ada", "ben"))]
    )
    _let_the_bot_know_that_dee_left(scene, caplog)
    places = {(ROOM, ""), (ROOM, thread_ts), ("support-leads", "")}
    return Stage(scene, thread_ts, message, places=places)


def _let_the_bot_know_that_dee_left(scene: Any, caplog: pytest.LogCaptureFixture) -> None:
    """The local Slack lets nobody act who has left, so dee is back there, unknown to the bot."""
    dee = scene.slack.user("dee")
    dee.deleted = False
    scene.slack.fail_next("users.info", delay_s=2.0)
    scene.person("dee").post(ROOM, "When will I get my refund?")
    dee.deleted = True
    wait_for(lambda: f"refused case to {dee.id}, who is here as: gone" in caplog.messages, 20, "dee to be refused")
    dee.deleted = False


# Messages.


def post_root(stage: Stage, actor: str) -> Effect:
    thread_ts = stage.scene.person(actor).post(ROOM, "When will I get my refund?")
    return lambda: stage.case_of(thread_ts) is not None


def root_of(stage: Stage, actor: str) -> str:
    """A case that this actor has written, opened by an agent where the bot would not have done it."""
    if actor not in stage.roots:
        root_ts = stage.scene.person(actor).post(ROOM, "When will I get my refund?")
        stage.scene.quiet()
        if stage.case_of(root_ts) is None:
            stage.scene.person("ada").shortcut("draft_replies", ROOM, root_ts)
        wait_for(lambda: stage.case_of(root_ts), 20, f"the case of {actor}")
        stage.roots[actor] = root_ts
    return stage.roots[actor]


def write_more(stage: Stage, actor: str) -> Effect:
    root_ts = root_of(stage, actor)
    ts = stage.scene.person(actor).post(ROOM, "How do I cancel?", root_ts)
    return lambda: any(turn.key == ts for turn in stage.case_of(root_ts).turns)


def edit_root(stage: Stage, actor: str) -> Effect:
    root_ts = root_of(stage, actor)
    stage.scene.person(actor).edit(ROOM, root_ts, "Where is my deposit?")
    return lambda: stage.case_of(root_ts).turns[0].text == "Where is my deposit?"


def delete_root(stage: Stage, actor: str) -> Effect:
    root_ts = root_of(stage, actor)
    stage.scene.person(actor).delete(ROOM, root_ts)
    return lambda: stage.case_of(root_ts).status == "withdrawn"


def reply_oneself(stage: Stage, actor: str) -> Effect:
    ts = stage.scene.person(actor).post(ROOM, "It is on its way.", stage.thread_ts)
    return lambda: stage.scene.store.annotations.by_key(f"own_reply:{stage.scene.cases}:{ts}") is not None


# Buttons.


def click(action: str, kind: str, value: str | None = None) -> Callable[[Stage, str], Effect]:
    def deed(stage: Stage, actor: str) -> Effect:
        stage.scene.click(actor, stage.message, action, value)
        return stage.said_by(actor, kind, "button")

    return deed


def open_form(action: str, callback_id: str) -> Callable[[Stage, str], Effect]:
    def deed(stage: Stage, actor: str) -> Effect:
        stage.scene.click(actor, stage.message, action)
        return lambda: callback_id in [view["callback_id"] for view in stage.scene.person(actor).views()]

    return deed


def use(stage: Stage, actor: str) -> Effect:
    thread_ts, message = stage.drafts_for(actor, "use")
    stage.scene.click(actor, message, "use.a")
    return lambda: any(
        one.agent_id == stage.id(actor) for one in stage.scene.store.replies.of_case(stage.case_of(thread_ts).id)
    )


def ask_again(stage: Stage, actor: str) -> Effect:
    thread_ts, message = stage.drafts_for(actor, "again")
    stage.scene.click(actor, message, "again")
    return lambda: stage.scene.store.suggestions.next_revision(stage.case_of(thread_ts).id) == 3


def say_not_a_case(stage: Stage, actor: str) -> Effect:
    thread_ts, message = stage.drafts_for(actor, "not_a_case")
    stage.scene.click(actor, message, "not_a_case")
    return lambda: stage.case_of(thread_ts).status == "withdrawn"


def _sent_reply(stage: Stage, actor: str, by: str, row: str) -> tuple[str, dict[str, Any]]:
    thread_ts, message = stage.drafts_for(actor, row)
    if not stage.scene.store.replies.of_case(stage.case_of(thread_ts).id):
        stage.scene.click(by, message, "use.a")
    sent = stage.scene.reply(thread_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")
    return thread_ts, sent


def undo(stage: Stage, actor: str) -> Effect:
    thread_ts, sent = _sent_reply(stage, actor, actor if may(actor, "undo") else "ada", "undo")
    stage.scene.click(actor, sent, "undo")
    return lambda: stage.scene.store.replies.of_case(stage.case_of(thread_ts).id)[0].state == "undone"


def decide_about_a_channel(action: str) -> Callable[[Stage, str], Effect]:
    def deed(stage: Stage, actor: str) -> Effect:
        scene, leads = stage.scene, stage.scene.slack.channel("support-leads").id
        ada = scene.person("ada")
        if (leads, action) not in stage.roots:
            stage.roots[leads, action] = channel = ada.create_channel(action.replace("_", "-"))
            ada.invite(channel, scene.slack.bot_user_id)
        channel = stage.roots[leads, action]

        def asked() -> Any:
            return next((one for one in ada.messages("support-leads") if channel in str(one.get("blocks"))), None)

        question = scene.eventually(asked, "the question to the leads")
        assert scene.person(actor).click(leads, question["ts"], action)["acked"]
        if action == "watch_channel":
            return lambda: channel in scene.store.channels.watched(scene.slack.user("lea").team_id)
        return lambda: any("I leave" in one["text"] for one in ada.messages("support-leads"))

    return deed


def decide_what_a_held_preference_is_worth(stage: Stage, actor: str) -> Effect:
    scene, leads = stage.scene, stage.scene.slack.channel("support-leads").id
    if "held" not in stage.roots:
        thread_ts, message = scene.post_case(by="customer")
        stage.roots["held"] = stage.case_of(thread_ts).id
        scene.click("ada", message, "preference.a3")
        scene.click("ada", message, "use.b")
    case_id = stage.roots["held"]

    def asked() -> Any:
        questions = scene.person("lea").messages("support-leads")
        return next((one for one in questions if "“A is" in str(one["blocks"]) and case_id in str(one["blocks"])), None)

    question = wait_for(asked, 60, "the question to the leads")
    assert scene.person(actor).click(leads, question["ts"], "held.accept")["acked"]
    return lambda: next(one.judge for one in scene.store.annotations.of_case(case_id)) == "accepted"


def give_a_second_opinion(stage: Stage, actor: str) -> Effect:
    scene, leads = stage.scene, stage.scene.slack.channel("support-leads").id
    if "audit" not in stage.roots:
        thread_ts, message = scene.post_case(by="customer")
        stage.roots["audit"] = stage.case_of(thread_ts).id
        scene.click("ada", message, "preference.b2")
        said = scene.eventually(lambda: scene.store.annotations.of_case(stage.roots["audit"]), "the click")[0]
        scene.store.rulings.add(said.id, Ruling("accepted", 1.0), "checks")
        put_before_people(scene.store, 1.0, 20)(said, Ruling("accepted", 1.0))
    case_id = stage.roots["audit"]

    def asked() -> Any:
        questions = scene.person("lea").messages("support-leads")
        return next((one for one in questions if "second opinion" in said_in(one) and case_id in said_in(one)), None)

    question = scene.eventually(asked, "the question to the leads")
    assert scene.person(actor).click(leads, question["ts"], "audit.disagree")["acked"]
    return lambda: bool(scene.store.audits.answered())


def switch_the_weekly_message_off(stage: Stage, actor: str) -> Effect:
    scene, lea = stage.scene, stage.scene.slack.user("lea")
    web = WebClient(scene.slack.bot_token, base_url=scene.slack.api_url)
    home = web.views_publish(user_id=stage.id(actor), view=build_home(NOTHING_NEW, True, [], []))["view"]
    assert scene.person(actor).click_in_view(home["id"], "news.off")["acked"]
    return lambda: not scene.store.told.wants_news(lea.team_id, stage.id(actor))


def open_about_a_gap(action: str, value: str = "") -> Callable[[Stage, str], Effect]:
    """From the gap's message in the leads' channel, which guests have got into: it shows them no words."""

    def deed(stage: Stage, actor: str) -> Effect:
        scene, leads, person = stage.scene, stage.scene.slack.channel("support-leads").id, stage.scene.person(actor)
        if "gap" not in stage.roots:
            _, message = scene.post_case(by="customer")
            suggestion_id = message["metadata"]["event_payload"]["suggestion_id"]
            ada = scene.slack.user("ada").id
            scene.parts.feedback.report_gap(suggestion_id, ada, "Gift cards", "missing", None, "modal", "gap")
            scene.parts.gaps.take_in()
            [group] = scene.parts.gaps.listed().groups
            stage.roots["gap"] = group.id
        group_id = stage.roots["gap"]

        def shown() -> Any:
            messages = scene.person("lea").messages("support-leads")
            return next((one for one in messages if group_id in str(one.get("blocks"))), None)

        message = scene.eventually(shown, "the gap's message")
        assert "Gift cards" not in said_in(message)
        before = [view["id"] for view in person.views()]
        assert person.click(leads, message["ts"], action, f"{value}:{group_id}" if value else None)["acked"]
        return lambda: any(view["id"] not in before for view in person.views())

    return deed


# Shortcuts, reactions, commands, and what is elsewhere.


def draft_for_a_message(stage: Stage, actor: str) -> Effect:
    root_ts = stage.scene.person("robot").post(ROOM, "When will I get my refund?")
    assert stage.scene.person(actor).shortcut("draft_replies", ROOM, root_ts)["acked"]
    return lambda: stage.case_of(root_ts) is not None


def open_new_case(stage: Stage, actor: str) -> Effect:
    assert stage.scene.person(actor).shortcut("new_case")["acked"]
    view = wait_for(lambda: stage.scene.person(actor).views(), 20, "a view")[-1]
    if not may(actor, "new_case_form"):
        assert "Only full members of this workspace can do this: please ask" in str(view["blocks"])
    return lambda: bool(view["callback_id"] == "new_case")


def open_config(stage: Stage, actor: str) -> Effect:
    assert stage.scene.person(actor).command("config")["acked"]
    return lambda: "config" in [view["callback_id"] for view in stage.scene.person(actor).views()]


def react(emoji: str, kind: str) -> Callable[[Stage, str], Effect]:
    def deed(stage: Stage, actor: str) -> Effect:
        stage.scene.person(actor).react(ROOM, stage.message["ts"], emoji)
        return stage.said_by(actor, kind, "reaction")

    return deed


def react_that_knowledge_is_missing(stage: Stage, actor: str) -> Effect:
    stage.scene.person(actor).react(ROOM, stage.message["ts"], "mag")
    thread = lambda: stage.scene.person(actor).messages(ROOM, stage.thread_ts)  # noqa: E731
    return lambda: "What should the knowledge base have said?" in str(thread())


def confirm_a_reply(stage: Stage, actor: str) -> Effect:
    by = "lea" if actor == "ada" else "ada"
    ts = stage.scene.person(by).post(ROOM, "It is on its way.", stage.thread_ts)
    key = f"own_reply:{stage.scene.cases}:{ts}"
    wait_for(lambda: stage.scene.store.annotations.by_key(key), 20, "the reply")
    stage.scene.person(actor).react(ROOM, ts, "white_check_mark")
    return lambda: stage.scene.store.annotations.by_key(key).confirmed


def ask(word: str) -> Callable[[Stage, str], Effect]:
    def deed(stage: Stage, actor: str) -> Effect:
        before = stage.scene.whispers(actor)
        assert stage.scene.person(actor).command(word)["acked"]
        return lambda: any(
            one not in before and not one["text"].startswith("Only ") for one in stage.scene.whispers(actor)
        )

    return deed


def open_home(stage: Stage, actor: str) -> Effect:
    home = lambda: str(stage.scene.person(actor).open_home())  # noqa: E731
    if not may(actor, "home") and actor != "aitl":
        wait_for(lambda: "Only full members of this workspace can do this: please ask" in home(), 20, "a refusal")
    return lambda: "What I do" in home()


def invite_the_bot(stage: Stage, actor: str) -> Effect:
    person = stage.scene.person(actor)
    channel = person.create_channel(f"{actor}-asks")
    if actor != "aitl":  # who opens a channel is in it already
        person.invite(channel, stage.scene.slack.bot_user_id)
    return lambda: "Shall I watch it" in str(person.messages(channel))


DEEDS: dict[str, dict[str, Callable[[Stage, str], Effect]]] = {
    "messages": {
        "case": post_root,
        "customer_turn": write_more,
        "edited_message": edit_root,
        "deleted_message": delete_root,
        "own_reply": reply_oneself,
    },
    "clicks": {
        "preference": click("preference.a2", "preference"),
        "relevance": click("relevance.1", "relevance", "helpful"),
        "edit": open_form("edit.a", "adoption"),
        "neither": open_form("neither", "rejection"),
        "report_gap": open_form("report_gap", "missing_knowledge"),
    },
    "clicks that use the drafts up": {
        "use": use,
        "again": ask_again,
        "not_a_case": say_not_a_case,
    },
    "clicks elsewhere": {
        "undo": undo,
        "watch_channel": decide_about_a_channel("watch_channel"),
        "leave_channel_alone": decide_about_a_channel("leave_channel_alone"),
        "held": decide_what_a_held_preference_is_worth,
        "audit": give_a_second_opinion,
        "news": switch_the_weekly_message_off,
        "draft_replies": draft_for_a_message,
        "new_case_form": open_new_case,
        "config_form": open_config,
    },
    "clicks about a gap": {
        "gaps.draft": open_about_a_gap("gaps.draft"),
        "gaps.assign": open_about_a_gap("gaps.assign"),
        "gaps.reject": open_about_a_gap("gaps.reject"),
        "gaps.more": open_about_a_gap("gaps.more", "rename"),
    },
    "reactions": {
        "reaction_prefer": react("b", "preference"),
        "reaction_irrelevant": react("one", "relevance"),
        "reaction_neither": react("no_entry_sign", "adoption"),
        "reaction_gap": react_that_knowledge_is_missing,
        "reaction_confirm": confirm_a_reply,
    },
    "commands": {
        row: ask("config all" if row == "/aitl config" else row.removeprefix("/aitl "))
        for row in PERMISSIONS
        if row.startswith("/aitl ")
    },
    "elsewhere": {"home": open_home, "invitation": invite_the_bot},
}
# Only those can do this who were agents a moment before: played one by one below.
FOR_FORMER_AGENTS = {"adoption", "rejection", "missing_knowledge", "new_case", "send_anyway", "reaction_removed"}
# These questions and forms are private to the lead who asked for them: played by a lead who is none any more.
FOR_FORMER_LEADS = {
    *("models.promote", "models.rollback", "metrics.all", "metrics.share"),
    *("config.channel", "config"),
}
# The button stands in a form that only owners see it in: played by an owner who is none any more.
FOR_FORMER_OWNERS = {"gaps.approve"}
# A refusal shows in the view or on the Home itself.
SHOWN_THERE = {"new_case_form", "home"}
# Bolt drops what our own bot has done, and we what it has changed, before anybody is asked.
EVENTS = {"messages", "reactions", "elsewhere"}


def test_every_row_is_played() -> None:
    rows = [row for deeds in DEEDS.values() for row in deeds]

    assert sorted([*rows, *FOR_FORMER_AGENTS, *FOR_FORMER_LEADS, *FOR_FORMER_OWNERS]) == sorted(PERMISSIONS)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("group", DEEDS)
def test_everybody_may_do_what_the_table_says_and_nothing_else(
    group: str, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    wrong: list[str] = []
    for row, deed in DEEDS[group].items():
        refused = [(actor, stage.refusals(actor), deed(stage, actor)) for actor in STANDINGS if not may(actor, row)]
        stage.scene.quiet()
        for actor, told_before, effect in refused:
            if effect():
                wrong.append(f"{row} by {actor} had its effect")
            is_unseen = actor == "aitl" and group in EVENTS
            expected = int(PERMISSIONS[row].told and row not in SHOWN_THERE and not is_unseen)
            if (told := stage.refusals(actor) - told_before) != expected:
                wrong.append(f"{row} by {actor} was refused privately {told} times")
            if not is_unseen and not _is_logged(caplog, row, stage, actor):
                wrong.append(f"{row} by {actor} was refused without a line in the log")
        for actor in (one for one in STANDINGS if may(one, row)):
            effect = deed(stage, actor)
            if not _comes(effect):
                wrong.append(f"{row} by {actor} had no effect")
    assert wrong == []
    seen_by_all = [one for one in stage.scene.person("ada").messages(ROOM) if not one.get("is_ephemeral")]
    assert [one for one in seen_by_all if "Only " in one["text"]] == []


def _comes(effect: Effect) -> bool:
    try:
        return wait_for(effect, 30)
    except AssertionError:
        return False


def _is_logged(caplog: pytest.LogCaptureFixture, row: str, stage: Stage, actor: str) -> bool:
    user = stage.scene.slack.user(actor)
    who = ", ".join(sorted(STANDINGS[actor]))
    return any(f"refused {row} to {name}, who is here as: {who}" in caplog.messages for name in (user.id, user.bot_id))


# Those who were agents when the form opened or the question was asked.

NEWCOMERS = ("one", "two", "three", "four", "five", "six")
REASONS = {"reasons": ["other"]}


def _prepare(scene: Any) -> tuple[list[str], Callable[[], None]]:
    """Six agents, each at a different point of something; returns the threads, and how they go on."""
    thread_ts, message = scene.post_case(by="customer")
    person, room = scene.person, scene.cases
    views = {}
    for name, action, form in (
        ("one", "edit.b", "adoption"), ("two", "neither", "rejection"), ("three", "report_gap", "missing_knowledge"),
    ):  # fmt: skip
        scene.click(name, message, action)
        views[name] = person(name).wait_for_view(form)["id"]
    person("four").shortcut("new_case")
    views["four"] = person("four").wait_for_view("new_case")["id"]
    answered_ts, answered = scene.post_case(by="customer")
    scene.click("ada", answered, "use.a")
    scene.reply(answered_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")
    scene.click("five", answered, "use.b")
    question = scene.note("five", answered_ts, "send anyway?")
    person("six").react(ROOM, message["ts"], "b")
    wait_for(lambda: list(scene.store.annotations.all("preference")), 20, "the reaction to count")
    scene.quiet()

    def go_on() -> None:
        gap = {"description": "Gift cards", "kind": "missing"}
        assert person("one").submit(views["one"], {"reply": "It is on its way."})["closed"]
        assert person("two").submit(views["two"], REASONS)["closed"]
        assert person("three").submit(views["three"], gap)["closed"]
        assert person("four").submit(views["four"], {"channel": room, "text": "Is my deposit released?"})["closed"]
        scene.click("five", question, "send_anyway")
        person("six").react(ROOM, message["ts"], "b", add=False)

    return [thread_ts, answered_ts], go_on


def _taught(scene: Any) -> dict[str, bool]:
    """Which of the six had their effect."""
    store, ids = scene.store, {name: scene.slack.user(name).id for name in NEWCOMERS}
    adopted = {one.agent_id for one in store.annotations.all("adoption") if one.source == "modal"}
    replies = [reply.agent_id for case in store.cases.recent(9) for reply in store.replies.of_case(case.id)]
    return {
        "adoption": ids["one"] in adopted,
        "rejection": ids["two"] in adopted,
        "missing_knowledge": bool(list(store.annotations.all("gap"))),
        "new_case": store.cases.count() == 3,
        "send_anyway": ids["five"] in replies,
        "reaction_removed": not [one for one in store.annotations.all("preference") if one.stands],
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "standing"),
    [({"is_restricted": True}, "guest"), ({"is_stranger": True, "team_id": "T09PR7W3XEB"}, "stranger"), ({}, "agent")],
)
def test_a_form_that_was_opened_before_teaches_nothing_for_somebody_who_is_no_agent_any_more(
    play: Any, slack: Any, caplog: pytest.LogCaptureFixture, changes: dict[str, Any], standing: str
) -> None:
    caplog.set_level(logging.INFO, "aitl")
    newcomers = [slack.add_user(name) for name in NEWCOMERS]
    slack.channel(ROOM).members.extend(user.id for user in newcomers)
    scene = play()
    threads, go_on = _prepare(scene)

    for name in NEWCOMERS:
        slack.change_user(name, **changes)
    wait_for(lambda: _heard_of(slack, "user_change") == len(NEWCOMERS), 20, "the news to arrive")
    scene.quiet()
    go_on()
    if standing == "agent":
        expected = dict.fromkeys(FOR_FORMER_AGENTS, True)
        scene.eventually(lambda: _taught(scene) == expected, "all six effects")
        return
    scene.quiet()

    assert _taught(scene) == {**dict.fromkeys(FOR_FORMER_AGENTS, False), "reaction_removed": True}
    for name, row in zip(
        NEWCOMERS, ("adoption", "rejection", "missing_knowledge", "new_case", "send_anyway"), strict=False
    ):
        seen = [one for place in (None, *threads) for one in scene.person(name).messages(ROOM, place)]
        private = [one["text"] for one in seen if one.get("is_ephemeral") and one["text"].startswith("Only ")]
        assert len(private) == 1, row
        assert f"refused {row} to {slack.user(name).id}, who is here as: {standing}" in caplog.messages


@pytest.mark.slow
@pytest.mark.parametrize("is_still_lead", [True, False])
def test_a_question_that_a_lead_was_asked_decides_nothing_once_they_are_no_lead_any_more(
    play: Any, slack: Any, caplog: pytest.LogCaptureFixture, is_still_lead: bool
) -> None:
    caplog.set_level(logging.INFO, "aitl")
    slack.set_group_members("support-leads", ["ben"])
    scene = play(leads=("S08LEADSG1D",))
    registry, ben = scene.store.registry, scene.person("ben")
    for reason in ("one", "two"):
        registry.register(NewBundle(0, {}, "9f00", {}, "superior", reason), [])
    registry.promote(1, "gate", "")
    assert ben.command("promote 2")["acked"]
    promote = scene.whisper("ben", "Shall version 2")
    assert ben.command("rollback")["acked"]
    roll_back = scene.whisper("ben", "Shall version 0")
    assert ben.command("metrics")["acked"]
    glance = scene.whisper("ben", "How the drafts did")
    assert ben.command("config")["acked"]
    view = ben.wait_for_view("config")["id"]

    if not is_still_lead:
        slack.set_group_members("support-leads", ["lea"])
        wait_for(lambda: _heard_of(slack, "subteam_updated"), 20, "the news to arrive")
        scene.quiet()
    scene.click("ben", roll_back, "models.rollback")
    scene.quiet()
    scene.click("ben", promote, "models.promote")
    scene.click("ben", glance, "metrics.all")
    scene.click("ben", glance, "metrics.share")
    elsewhere = scene.slack.channel("random").id
    assert ben.click_in_view(view, "config.channel", elsewhere)["acked"]
    chosen = elsewhere if is_still_lead else scene.cases
    scene.eventually(lambda: chosen in ben.views()[-1]["private_metadata"], "the form")
    assert ben.submit(view, {f"language.{chosen}": "de"})["closed"]
    scene.quiet()

    shown = [said_in(one) for one in ben.messages(ROOM)]
    assert any("All figures in the last 30 days" in one for one in shown) == is_still_lead
    assert any("Shared by" in one for one in shown) == is_still_lead
    done = [event.action for event in registry.log() if event.by == slack.user("ben").id]
    assert done == (["rolled back", "promoted"] if is_still_lead else [])
    configured = scene.store.channels.all_settings(slack.user("ben").team_id)
    assert {channel: one.language for channel, one in configured.items()} == (
        {elsewhere: "de"} if is_still_lead else {}
    )
    refused = [one["text"] for one in scene.whispers("ben") if one["text"].startswith("Only leads can do this")]
    assert len(refused) == (0 if is_still_lead else len(FOR_FORMER_LEADS))
    for row in FOR_FORMER_LEADS:
        logged = f"refused {row} to {slack.user('ben').id}, who is here as: agent" in caplog.messages
        assert logged != is_still_lead


@pytest.mark.slow
def test_an_article_is_not_published_by_somebody_who_owns_no_knowledge_any_more(
    play: Any, slack: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aitl")
    slack.set_group_members("support-leads", ["ben"])
    scene, ben = play(knowledge_owners=("S08LEADSG1D",)), slack.user("ben").id
    _, message = scene.post_case(by="customer")
    suggestion_id = message["metadata"]["event_payload"]["suggestion_id"]
    scene.parts.feedback.report_gap(suggestion_id, ben, "Gift cards", "missing", None, "modal", "gap")
    scene.parts.gaps.take_in()
    scene.person("ben").command("gaps")
    scene.click("ben", scene.whisper("ben", "Gift cards"), "gaps.draft")
    view = scene.person("ben").wait_for_view("gap_draft")

    slack.set_group_members("support-leads", ["lea"])
    wait_for(lambda: _heard_of(slack, "subteam_updated"), 20, "the news to arrive")
    scene.quiet()
    scene.person("ben").click_in_view(view["id"], "gaps.approve", values={"text": "Gift cards are refunded too."})
    scene.eventually(lambda: "Only owners of the knowledge" in str(scene.person("ben").views()), "the refusal")
    scene.quiet()

    assert scene.store.knowledge.current_articles() == []
    assert f"refused gaps.approve to {ben}, who is here as: agent" in caplog.messages


def _heard_of(slack: Any, kind: str) -> int:
    events = [one for one in slack.deliveries if one.payload.get("event", {}).get("type") == kind]
    return sum(one.acked_ms is not None for one in events)
