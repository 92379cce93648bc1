"""The bot: one Bolt app, the threads that work its inbox and outbox off, and the way deliveries come in."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPException
from threading import Thread
from typing import Any

from slack_bolt import App, BoltResponse
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import SQLAlchemyError

from bot import ids
from bot.blocks.notes import build_note
from bot.bundles import LOOK_EVERY_S, look_for_bundles
from bot.catch_up import CatchUp
from bot.charts import Pictures
from bot.desk import OUT, Desk, Handler
from bot.errors import MALFORMED, report, sentence
from bot.housekeeping import Housekeeping
from bot.inbox import ASKED, CLICKS, DEPLOYS, DRAFTS, EVENTS, Delivery, keep, opens_a_form
from bot.listeners import (
    adoption,
    again,
    audit,
    catch_all,
    command,
    config,
    draft_replies,
    drafting,
    gap_draft,
    gaps,
    held,
    home,
    lifecycle,
    message,
    metrics,
    missing_knowledge,
    models,
    new_case,
    not_a_case,
    preference,
    reactions,
    rejection,
    relevance,
    send_anyway,
    undo,
    use,
)
from bot.news import LOOK_EVERY_S as NEWS_EVERY_S
from bot.news import tell_news
from bot.outbox import Sender
from bot.people import People
from bot.permissions import Permissions
from bot.predecessors import abandon_what_the_dead_held, worker_name
from bot.queue import DRAFT_THREADS, QueueStatus
from bot.receiver import MakeReceiver
from bot.retraining import give_up_unanswered
from bot.rounds import Rounds
from bot.services import Services
from bot.socket_mode import open_sockets
from bot.weekly_digest import EVERY_S as DIGEST_EVERY_S
from bot.weekly_digest import ask_for_digest
from bot.workers import Lane
from bot.workspace import CALL_TIMEOUT_S, identify, make_app, make_client
from core.errors import ConfigurationError, StoreUnavailable
from core.ids import new_id
from core.judge.judge import Judge
from core.judge.sampling import put_before_people
from core.settings import Settings

log = logging.getLogger("aitl.bot")

# A draft that takes longer is made by the next start; a stop is done within ten seconds.
STOP_S = 4.0
HAND_BACK_S = 2.0
LISTENER_THREADS = 32
# An annotation is judged within a minute, but not before its agent had a moment to correct it.
JUDGE_EVERY_S = 5.0
RETRAININGS_EVERY_S = 5.0
JUDGE_AFTER = timedelta(seconds=20)

# How long a thread keeps the interpreter from another that asks for it. An acknowledgement passes through several
# threads while drafts are computed; with Python's own 5 ms it waits at each of them.
SWITCH_S = 0.0005

# What each kind of inbox row asks for.
WORK: dict[str, Handler] = {
    "message": message.work_message,
    "draft_replies": draft_replies.work_draft_replies,
    "new_case": new_case.work_new_case,
    "preference": preference.work_preference,
    "use": use.work_use,
    "held": held.work_held,
    "audit": audit.work_audit,
    "deploy": models.work_deploy,
    "gap_reports": gaps.work_gap_reports,
    "gap_drafting": gap_draft.work_gap_drafting,
    "gap_approve": gap_draft.work_gap_approve,
    ids.GAP_DRAFT_FORM: gap_draft.work_gap_draft,
    ids.GAP_ASSIGN_FORM: gaps.work_gap_assign,
    ids.GAP_REJECT_FORM: gaps.work_gap_reject,
    ids.GAP_RENAME_FORM: gaps.work_gap_rename,
    ids.GAP_MERGE_FORM: gaps.work_gap_merge,
    ids.GAP_SPLIT_FORM: gaps.work_gap_split,
    "metrics": metrics.work_metrics,
    "send_anyway": send_anyway.work_send_anyway,
    "undo": undo.work_undo,
    "again": again.work_again,
    "not_a_case": not_a_case.work_not_a_case,
    "relevance": relevance.work_relevance,
    "adoption": adoption.work_adoption,
    "rejection": rejection.work_rejection,
    "missing_knowledge": missing_knowledge.work_missing_knowledge,
    "news": home.work_news,
    "command": command.work_command,
    "config": config.work_config,
    "reaction_added": reactions.work_reaction_added,
    "reaction_removed": reactions.work_reaction_removed,
    "watch_channel": lifecycle.work_watch_channel,
    "app_home_opened": home.work_app_home_opened,
    "home_of_lead": home.work_home_of_lead,
    "member_joined_channel": lifecycle.work_member_joined,
    "member_left_channel": lifecycle.work_channel_changed,
    "channel_shared": lifecycle.work_channel_changed,
    "channel_unshared": lifecycle.work_channel_changed,
    "channel_archive": lifecycle.work_channel_changed,
    "channel_unarchive": lifecycle.work_channel_changed,
    "channel_deleted": lifecycle.work_channel_changed,
    "channel_left": lifecycle.work_channel_changed,
    "group_archive": lifecycle.work_channel_changed,
    "group_unarchive": lifecycle.work_channel_changed,
    "group_deleted": lifecycle.work_channel_changed,
    "group_left": lifecycle.work_channel_changed,
    "channel_id_changed": lifecycle.work_channel_id_changed,
    "look_again": lifecycle.work_look_again,
    "tokens_revoked": lifecycle.work_uninstalled,
    "app_uninstalled": lifecycle.work_uninstalled,
    "user_change": lifecycle.work_people_changed,
    "subteam_members_changed": lifecycle.work_people_changed,
    "subteam_updated": lifecycle.work_people_changed,
}

Part = Lane | Sender | QueueStatus | CatchUp | Rounds


def periodic_rounds(desk: Desk, services: Services) -> list[Rounds]:
    """What is looked after again and again beside the lanes, each in a thread of its own."""
    tell = put_before_people(services.store, desk.settings.audit_share, desk.settings.daily_budget)
    judge = Judge(services.store, tell, services.notes)

    def judging() -> object:
        return judge.round(services.clock() - JUDGE_AFTER, desk.identity.team_id)

    look = look_for_bundles(services.suggester, desk)
    return [
        Rounds("judge", judging, JUDGE_EVERY_S, "judging annotations"),
        Rounds("retrainings", lambda: give_up_unanswered(desk), RETRAININGS_EVERY_S, "looking after retrainings"),
        Rounds("digests", lambda: ask_for_digest(desk), DIGEST_EVERY_S, "looking whether the weekly digest is due"),
        Rounds("bundles", look, LOOK_EVERY_S, "looking for new models"),
        Rounds("news", lambda: tell_news(desk), NEWS_EVERY_S, "telling what feedback changed"),
    ]


class Bot:
    """Runs inside this process: `start()` returns when it can receive, `stop()` when all threads are done.

    make_receiver: the way deliveries come in. give_up: hears in a sentence why the bot cannot go on; may be called
    from any thread, and more than once. Raises ConfigurationError with the setting that is wrong.
    """

    def __init__(
        self,
        settings: Settings,
        services: Services,
        make_receiver: MakeReceiver = open_sockets,
        give_up: Callable[[str], None] = log.critical,
    ) -> None:
        self._services = services
        client = make_client(settings)
        identity = identify(client)
        worker = worker_name(settings, identity.team_id)
        self._listener_pool = ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="aitl-listener")
        app = make_app(settings, client, self._listener_pool)
        people = People(
            client, identity, settings, set_for=lambda: services.store.channels.all_settings(identity.team_id)
        )
        self._desk = Desk(
            settings=settings,
            store=services.store,
            feedback=services.feedback,
            gaps=services.gaps,
            clock=services.clock,
            people=people,
            permissions=Permissions(people),
            client=client,
            identity=identity,
            wake=self._wake,
            give_up=give_up,
        )
        draft = {"draft": drafting.drafter(services.suggester)}
        self._lanes = {
            CLICKS: Lane(CLICKS, WORK, self._desk, worker),
            EVENTS: Lane(EVENTS, WORK, self._desk, worker),
            DRAFTS: Lane(DRAFTS, draft, self._desk, worker, DRAFT_THREADS, drafting.tell_failure),
            DEPLOYS: Lane(DEPLOYS, WORK, self._desk, worker),
            ASKED: Lane(ASKED, draft, self._desk, worker, tell_failure=drafting.tell_failure),
        }
        pictures = Pictures(self._desk)
        self._senders = [Sender(self._desk, worker, pictures, answers=answers) for answers in (False, True)]
        self._queue_status = QueueStatus(self._desk)
        self._housekeeping = Housekeeping(services.store, services.clock, settings.retention_days)
        self._rounds = periodic_rounds(self._desk, services)
        self._running: list[Part] = []
        register_all(app, self._desk)
        self._receiver = make_receiver(app, settings, self)
        self._catch_up = CatchUp(self._desk, lambda: self._receiver.is_connected)

    def start(self) -> None:
        """Connect, then work off what was left over. Models are loaded beside, not before.

        Raises ConfigurationError with the setting that is wrong.
        """
        sys.setswitchinterval(SWITCH_S)
        try:
            self._receiver.connect()
        except ConfigurationError:
            self._receiver.close()
            raise
        Thread(target=self._warm, name="aitl-warm", daemon=True).start()
        abandon_what_the_dead_held(self._services.store)
        self._desk.put(Delivery(new_id("look_again"), "look_again", EVENTS, {}))  # nobody told us while we were away
        gaps.take_in_later(new_id("start"), self._desk)
        # Housekeeping first: what grew too old while nobody ran is forgotten, not worked off.
        beside: list[Part] = [*self._lanes.values(), *self._senders, self._queue_status, self._catch_up, *self._rounds]
        everybody = [self._housekeeping, *beside]
        for one in everybody:
            one.start()
            self._running.append(one)

    def stop(self) -> None:
        """Receive nothing more, finish what is at hand, hand back the rest; may come at any moment of the start.

        What does not end in time goes on in daemon threads; what it had claimed is somebody else's from now on.
        """
        deadline_s = time.monotonic() + STOP_S
        for one in self._running:
            one.halt()
        self._receiver.close()
        for one in self._running:
            one.join(deadline_s)
        self._listener_pool.shutdown(wait=False, cancel_futures=True)
        handing_back = Thread(target=self._hand_back, name="aitl-hand-back", daemon=True)
        handing_back.start()
        handing_back.join(HAND_BACK_S)  # a database that is locked does not keep us

    def catch_up(self) -> None:
        """Look for what was missed while there was no way in."""
        self._catch_up.wake()

    def give_up(self, sentence: str) -> None:
        """End for a reason that no waiting mends."""
        self._desk.give_up(sentence)

    def faults(self) -> list[str]:
        """What keeps it from working, each in a sentence; empty while all is well."""
        ended = [one.name for one in self._running if not one.is_alive]
        wrong = [f"the thread of {name} ended unexpectedly; start the bot again" for name in ended]
        try:
            self._services.store.ping()
        except (SQLAlchemyError, StoreUnavailable):
            wrong.append("the database does not answer; check AITL_DATABASE_URL")
        return wrong

    def _hand_back(self) -> None:
        """What is still claimed; where that fails, the next start takes it over."""
        try:
            for one in self._running:
                if isinstance(one, Lane | Sender):
                    one.hand_back()
        except (SQLAlchemyError, StoreUnavailable) as error:
            log.warning("what was at hand is taken over by the next start: %s", error)

    def _wake(self, lane: str) -> None:
        if lane == OUT:
            for sender in self._senders:
                sender.wake()
        else:
            self._lanes[lane].wake()
        if lane in (DRAFTS, ASKED):
            self._queue_status.wake()

    def _warm(self) -> None:
        try:
            self._services.suggester.warm()
        except Exception:  # the first draft will say what is wrong, in its thread
            log.exception("the models could not be loaded beforehand")


def register_all(app: App, desk: Desk) -> None:
    """What keeps deliveries, then the listeners of all others; the first that matches runs."""
    app.use(keep(desk.put, desk.identity))
    for feature in (adoption, rejection, missing_knowledge, new_case, gaps, gap_draft, config):
        feature.register(app, desk)
    catch_all.register(app)

    @app.error
    def handle_error(error: Exception, body: dict[str, Any]) -> BoltResponse | None:
        """The one place for what no listener expects: the log and the person get the same reference."""
        key = str(body.get("trigger_id") or body.get("event_id") or "")
        report(error, key, str(body.get("command") or body.get("type") or "a delivery"))
        thread_ts = (body.get("container") or {}).get("thread_ts")
        where = {"response_type": "ephemeral", **({"thread_ts": thread_ts} if thread_ts else {})}
        note = {**where, **build_note(sentence(error, key))}
        if body.get("command") and not opens_a_form(body):  # which is acknowledged first
            return BoltResponse(status=200, body=note)
        if body.get("response_url"):
            tell_at_once(body["response_url"], note)
        return BoltResponse(status=400) if isinstance(error, MALFORMED) else None


def tell_at_once(response_url: str, note: dict[str, Any]) -> None:
    """Past the outbox, which may be what does not work; best effort."""
    try:
        WebhookClient(response_url, timeout=CALL_TIMEOUT_S, retry_handlers=[]).send_dict(note)
    except (OSError, ValueError, HTTPException, SlackClientError) as error:
        log.warning("an error could not be told: %s", error)
