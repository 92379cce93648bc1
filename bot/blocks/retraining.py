"""A retraining in words: one message that changes as it goes, and what whoever asked for it hears at its end."""

from __future__ import annotations

from datetime import datetime

from bot.blocks.elements import Block, context, section
from bot.mrkdwn import escape, escape_within
from core.retraining import Retraining

_SAID_MAX = 1200
UNTOUCHED = "The champion and all data are as they were."
NO_SCHEDULER = (
    "No scheduler took up the retraining that you asked for, so none was started. Have `aitl run` started without "
    "`--no-schedule`, or `aitl schedule` beside it, and ask again."
)


def build_retraining(one: Retraining) -> Block:
    """`text` and `blocks` of the leads' message."""
    title, line = _title(one), _state(one)
    began = f"began {moment_in_words(one.started_at)}" if one.started_at else "waits"
    ended = f" · ended {moment_in_words(one.finished_at)}" if one.finished_at else ""
    return {"text": f"{title}: {line}"[:_SAID_MAX], "blocks": [section(f"*{title}*\n{line}"), context(began + ended)]}


def build_report(one: Retraining) -> Block:
    """The same for whoever asked, once it is over."""
    said = NO_SCHEDULER if one.state == "unanswered" else f"The retraining that you asked for: {_state(one)}"
    return {"text": said[:_SAID_MAX], "blocks": [section(said)]}


def build_asked(leads_channel: str, is_scheduled: bool) -> Block:
    """Right after the command."""
    where = f"Its progress is shown in <#{leads_channel}>." if leads_channel else "You hear here how it ends."
    soon = (
        "It begins within seconds."
        if is_scheduled
        else "No scheduler runs at the moment: if none takes it up within a minute, you hear so here."
    )
    said = f"A retraining is asked for. {soon} {where}"
    return {"text": said, "blocks": [section(said)]}


def build_under_way(one: Retraining) -> Block:
    """A second one is not started."""
    if one.state == "running" and one.started_at:
        doing = f" ({escape(one.progress)})" if one.progress else ""
        said = f"A retraining is running since {moment_in_words(one.started_at)}{doing}; another one can follow it."
    else:
        said = f"A retraining was asked for at {moment_in_words(one.asked_at)} and is about to begin."
    return {"text": said, "blocks": [section(said)]}


def moment_in_words(moment: datetime) -> str:
    """In UTC, to the minute: leads may sit anywhere."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _title(one: Retraining) -> str:
    if one.cause == "asked" and one.asked_by:
        return f"Retraining, asked for by <@{one.asked_by}>"
    return "Retraining, because enough is new" if one.cause == "annotations" else "Retraining, as scheduled"


def _state(one: Retraining) -> str:
    """Where it is, or how it ended; escaped."""
    if one.state == "waiting":
        return "it was interrupted, and goes on as soon as a scheduler runs." if one.attempts else "about to begin."
    if one.state == "running":
        return f"{escape(one.progress) or 'starting'} …"
    reason = escape_within(str(one.outcome.get("reason") or ""), _SAID_MAX).rstrip()
    if one.state == "failed":
        return f"it failed. {reason} {UNTOUCHED}"
    follows = escape_within(str(one.outcome.get("next") or ""), _SAID_MAX)
    return f"{reason or 'it is done.'} {follows}".rstrip()
