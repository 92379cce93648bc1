"""What leads are shown of the models' versions: the list, the two questions, and what was done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot import ids
from bot.blocks.elements import Block, actions, button, context, section
from bot.mrkdwn import escape, escape_within
from core.registry.bundle import BASE, Bundle, Event
from core.registry.listing import DONE, Line, Listing
from core.registry.provenance import Provenance

VERSIONS_SHOWN = 10
EVENTS_SHOWN = 5
_USER_ID = re.compile(r"[UW][A-Z0-9]+")


def build_models(listing: Listing) -> Block:
    """`text` and `blocks`: the newest versions, whichever serve, and what happened last."""
    aliases = listing.aliases
    shown = [line for place, line in enumerate(listing.lines) if place < VERSIONS_SHOWN or line.alias]
    blocks = [section(_line(line, aliases.share)) for line in shown]
    if len(shown) < len(listing.lines):
        blocks.append(context(f"{len(listing.lines) - len(shown)} others are listed by `aitl models` on the terminal."))
    if listing.log:
        blocks.append(context("\n".join(_told(event) for event in listing.log[-EVENTS_SHOWN:])))
    challenger = "" if aliases.challenger is None else f", {aliases.challenger} challenges it"
    return {"text": f"Version {aliases.champion} is the champion{challenger}.", "blocks": blocks}


def build_promote_question(line: Line, champion: int) -> Block:
    """Asked before a version becomes the champion."""
    question = f"Shall version {line.bundle.version} answer all cases from now on, in place of version {champion}?"
    confirm = button(ids.PROMOTE, f"Make {line.bundle.version} the champion", str(line.bundle.version), style="primary")
    return {"text": question, "blocks": [section(f"{question}\n{_line(line, 0.0)}"), actions([confirm])]}


def build_rollback_question(champion: int, before: Line) -> Block:
    """Asked before the champion before answers again; the button works only as long as this champion serves."""
    question = f"Shall version {before.bundle.version} answer all cases again, in place of version {champion}?"
    confirm = button(ids.ROLL_BACK, f"Go back to {before.bundle.version}", str(champion), style="danger")
    return {"text": question, "blocks": [section(f"{question}\n{_line(before, 0.0)}"), actions([confirm])]}


def served_by(versions: Sequence[Provenance]) -> str:
    """Which versions drafted, one sentence of mrkdwn; "" where that is not known."""
    return f"Newest drafts by {' and '.join(_served(one) for one in versions)}." if versions else ""


def who(by: str) -> str:
    """A person by name, anything else by what it is called."""
    return f"<@{by}>" if _USER_ID.fullmatch(by) else escape(by)


def _served(one: Provenance) -> str:
    if one.let_serve is None:
        return f"version {one.version}" + (", what ships with the product" if one.version == BASE else "")
    role = "champion" if one.let_serve.action == "promoted" else "challenger"
    taught = f"taught by {len(one.lessons)} annotation{'' if len(one.lessons) == 1 else 's'}"
    return f"version {one.version} ({role} since {one.let_serve.at:%Y-%m-%d} by {who(one.let_serve.by)}, {taught})"


def _line(line: Line, share: float) -> str:
    alias = f"challenger on {share:.0%} of the cases" if line.alias == "challenger" and share else line.alias
    removed = "files removed" if line.files_removed else ""
    about = [f"*Version {line.bundle.version}*", alias, _made(line.bundle), line.trained, removed]
    return " · ".join(part for part in about if part) + f"\n{escape_within(line.verdict, 600)}"


def _made(bundle: Bundle) -> str:
    return "" if bundle.created_at is None else f"made {bundle.created_at:%Y-%m-%d} from version {bundle.parent}"


def _told(event: Event) -> str:
    why = f": {escape_within(event.why, 200)}" if event.why else ""
    return f"{event.at:%Y-%m-%d} version {event.version} {DONE[event.action]} by {who(event.by)}{why}"
