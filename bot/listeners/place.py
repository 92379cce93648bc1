"""Where drafts may be posted: in a channel that is there, that we are in, and that nobody from outside can read.

What keeps us out is remembered, so the leads hear of it once, and once more when it is over. Then the newest cases
whose customers still wait for an answer get their drafts. Where it is somebody from outside who can read, the drafts
that stand there are hidden from view meanwhile: they hold snippets.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot.desk import Desk
from bot.listeners.said import lacks_drafts
from bot.people import ARCHIVED, GONE, LEFT, SHARED
from core.errors import NotAllowed
from core.ids import new_id

log = logging.getLogger("aitl.bot")

RESUMED_AT_MOST = 20
# Slack takes about fifty updates a minute, and other messages want theirs.
HIDDEN_AT_MOST = 200
OUTSIDERS = "A guest or somebody from another workspace can read this channel, so I post nothing here."
_REFUSALS: dict[tuple[str, ...], str] = {
    ARCHIVED: "This channel is archived, so I post nothing there.",
    GONE: "I can't see this channel: it was deleted, or it is private and I am not in it.",
    LEFT: "I am not in this channel, so I post nothing there. Invite me with /invite, then try again.",
}
_BECAUSE: dict[tuple[str, ...], str] = {
    ARCHIVED: "it was archived. When it is in use again, invite me, and I go on.",
    GONE: "I can't see it any more. It was deleted, or it is private and I was removed; then /invite me, and I go on.",
    LEFT: "I am not in it. Invite me with /invite, and I go on.",
}
_NO_SNIPPETS = (
    "and guests and people from other workspaces must not see snippets of your knowledge base. "
    "Remove them from the channel, or use another one for cases. "
    f"The newest {HIDDEN_AT_MOST} drafts that I posted there are hidden until then; what agents sent stays readable."
)


def may_post_in(desk: Desk, channel: str) -> bool:
    """False where something keeps drafts out of this channel; the leads are told why, once."""
    barriers = desk.people.barriers(channel)
    because, known = " ".join(barriers), desk.store.channels.barriers(desk.identity.team_id).get(channel, "")
    if because != known:
        with desk.together():
            if desk.store.channels.set_barrier(desk.identity.team_id, channel, because):
                _closed(desk, channel, barriers, known.split()) if because else _opened(desk, channel)
                if _is_outside(because.split()) != _is_outside(known.split()):
                    _render_anew(desk, channel, HIDDEN_AT_MOST)
                elif not because:  # what was to be changed there meanwhile could not be
                    _render_anew(desk, channel, RESUMED_AT_MOST, and_withdrawn=True)
    return not because


def require_place(desk: Desk, channel: str) -> None:
    """Raises NotAllowed, in words, where something keeps drafts out of this channel."""
    if not may_post_in(desk, channel):
        raise NotAllowed(_REFUSALS.get(desk.people.barriers(channel), OUTSIDERS))


def require_no_barrier(desk: Desk, channel: str) -> None:
    """The same for a post that is no draft: nothing is remembered, and the leads are not told."""
    barriers = desk.people.barriers(channel)
    if barriers:
        raise NotAllowed(_REFUSALS.get(barriers, OUTSIDERS))


def is_read_from_outside(desk: Desk, channel: str) -> bool:
    """Whether guests or people from other workspaces can read the channel, as far as we were told."""
    return _is_outside(desk.store.channels.barriers(desk.identity.team_id).get(channel, "").split())


def look_again(desk: Desk, channel: str) -> None:
    """Something has changed about this channel: find out whether drafts may be posted and read there now."""
    desk.people.forget_channel(channel)
    team = desk.identity.team_id
    is_kept_out_of = channel in desk.store.channels.barriers(team)
    if is_kept_out_of or desk.is_watched(channel) or desk.store.suggestions.newest_in(team, channel, 1):
        may_post_in(desk, channel)


def places(desk: Desk) -> set[str]:
    """Every channel that matters: case channels, those where cases stand, and those we keep out of."""
    team = desk.identity.team_id
    return desk.watched() | desk.store.cases.channels(team) | set(desk.store.channels.barriers(team))


def _is_outside(barriers: Sequence[str]) -> bool:
    return bool(barriers) and tuple(barriers) not in (ARCHIVED, GONE, LEFT)


def _render_anew(desk: Desk, channel: str, at_most: int, *, and_withdrawn: bool = False) -> None:
    """The newest first: they are what is read."""
    team = desk.identity.team_id
    for suggestion_id in desk.store.suggestions.newest_in(team, channel, at_most, and_withdrawn=and_withdrawn):
        desk.refresh(suggestion_id)


def _closed(desk: Desk, channel: str, barriers: tuple[str, ...], before: list[str]) -> None:
    log.warning("no drafts in %s: %s", channel, ", ".join(barriers))
    if set(barriers) - set(before):
        _tell_leads(desk, channel, f"I post no drafts in <#{channel}>: {_why(barriers)}")


def _opened(desk: Desk, channel: str) -> None:
    waiting = [case for case in desk.store.cases.newest_in(desk.identity.team_id, channel) if lacks_drafts(desk, case)]
    resumed = list(reversed(waiting[:RESUMED_AT_MOST]))  # the oldest of them first, as always
    for case in resumed:
        desk.draft(case.id, desk.store.suggestions.next_revision(case.id), because=new_id("back"))
    log.info("drafts in %s again, for %d cases", channel, len(resumed))
    cases = f" Drafts for cases that waited: {len(resumed)}." if resumed else ""
    _tell_leads(desk, channel, f"I post drafts in <#{channel}> again.{cases}")


def _tell_leads(desk: Desk, channel: str, sentence: str) -> None:
    """Kept together with what it tells, so it is told as often as that changes."""
    if desk.settings.leads_channel:
        message = {"channel": desk.settings.leads_channel, "text": sentence}
        desk.send(f"place:{channel}:{new_id('told')}", "chat.postMessage", message, purpose="notice")


def _why(barriers: tuple[str, ...]) -> str:
    if barriers in _BECAUSE:
        return _BECAUSE[barriers]
    who = "it is shared with another workspace" if barriers == SHARED else f"{_named(barriers)} can read it"
    return f"{who}, {_NO_SNIPPETS}"


def _named(outsiders: tuple[str, ...]) -> str:
    more = f" and {len(outsiders) - 3} more" if len(outsiders) > 3 else ""
    return ", ".join(f"<@{user}>" for user in outsiders[:3]) + more
