"""`/aitl`: answered from our own database, for the asker's eyes only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.blocks.case import build_case
from bot.blocks.elements import section
from bot.blocks.gaps import build_gaps
from bot.blocks.help import build_help
from bot.blocks.notes import build_note
from bot.desk import Desk
from bot.listeners.metrics import show_metrics
from bot.listeners.models import ask_to_promote, ask_to_roll_back, show_models
from bot.mrkdwn import escape
from bot.queue import cases_waiting
from bot.retraining import ask_for_retraining
from core.errors import InvalidAnnotation, UnknownCase
from core.registry.provenance import provenance
from core.store.records import Work

Block = dict[str, Any]

COMMANDS = ("help", "case", "gaps", "metrics", "retrain", "models", "promote", "rollback", "config", "export")


def work_command(work: Work, desk: Desk) -> None:
    """Answer whoever asked, and nobody else."""
    asked = work.payload
    desk.answer(work.key, asked["response_url"], answer_to(work, desk))


def answer_to(work: Work, desk: Desk) -> Block:
    """`text` and `blocks` of the answer. Raises NotAllowed with whom to ask."""
    user = work.payload["user"]
    word, _, rest = work.payload["text"].strip().partition(" ")
    word = word.lower() or "help"
    desk.permissions.require(f"/aitl {word if word in COMMANDS else 'help'}", user)
    answers: dict[str, Callable[[], Block]] = {
        "help": lambda: build_help(desk.settings.reactions, "lead" in desk.people.standings(user)),
        "case": lambda: _case(rest, desk),
        "gaps": lambda: _gaps(desk),
        "metrics": lambda: show_metrics(rest, desk),
        "retrain": lambda: ask_for_retraining(work, desk),
        "models": lambda: show_models(desk),
        "promote": lambda: ask_to_promote(rest, desk),
        "rollback": lambda: ask_to_roll_back(desk),
        "config": lambda: _config(rest, desk),
        "export": lambda: build_note("Exports are made on the terminal for now: `aitl export KIND --out FILE`."),
    }
    if word in answers:
        return answers[word]()
    return build_note(f"I don't know `/aitl {escape(word[:40])}`. `/aitl help` lists what I can do.")


def _gaps(desk: Desk) -> Block:
    return build_gaps(desk.gaps.listed(desk.identity.team_id), desk.clock())


def _case(text: str, desk: Desk) -> Block:
    if not text.strip():
        raise InvalidAnnotation("Which case? Write /aitl case ID; the id stands under every suggestion.")
    case = desk.store.cases.find(desk.identity.team_id, text)
    if case is None:
        raise UnknownCase(text.strip()[:60])
    sent = [(reply.agent_id, reply.text) for reply in desk.store.replies.of_case(case.id) if reply.state != "undone"]
    waiting = cases_waiting(desk)
    before = waiting.index(case.id) if case.id in waiting else None
    revisions = desk.store.suggestions.of_case(case.id)
    drafted_by = provenance(desk.store.registry, revisions[-1]) if revisions else []
    return build_case(case, len(revisions), sent, before, drafted_by)


def _config(text: str, desk: Desk) -> Block:
    """Every setting by its name, secrets masked; without `all` a view is opened instead."""
    if text.strip().lower() != "all":
        raise InvalidAnnotation("Write /aitl config for the settings of a channel, or /aitl config all for every one.")
    lines = [f"{name} = {escape(value)}" for name, value in desk.settings.described().items()]
    return {"text": "Settings of AITL", "blocks": [section("```" + "\n".join(lines)[:2900] + "```")]}
