"""Channels and people change: invitations, members who come and go, sharing, archives, new ids, user groups."""

from __future__ import annotations

import logging

from bot import ids
from bot.blocks.invite import build_invite
from bot.blocks.notes import build_note
from bot.desk import Desk
from bot.inbox import EVENTS, Delivery
from bot.listeners.place import look_again, may_post_in, places
from core.store.records import Work

log = logging.getLogger("aitl.bot")


def work_member_joined(work: Work, desk: Desk) -> None:
    """We were invited: ask whether to watch. Somebody else came: look again who can read."""
    event = work.payload
    channel = event["channel"]
    if event["user"] == desk.identity.bot_user_id:
        _invited(work, channel, event.get("inviter", ""), desk)
    look_again(desk, channel)


def work_channel_changed(work: Work, desk: Desk) -> None:
    """A member or we ourselves left, or the channel was shared, unshared, archived, used again or deleted."""
    channel = str(work.payload["channel"])
    look_again(desk, channel)
    if work.kind in ("channel_deleted", "group_deleted"):  # never comes back, so no form offers it
        desk.store.channels.unwatch(desk.identity.team_id, channel)


def work_channel_id_changed(work: Work, desk: Desk) -> None:
    """The channel is what it was, under a new id."""
    old, new = work.payload["old_channel_id"], work.payload["new_channel_id"]
    desk.store.channels.rename(desk.identity.team_id, old, new)
    desk.people.forget_channel(new)
    if old in desk.settings.case_channels:
        log.warning("the case channel %s is %s from now on: change AITL_CASE_CHANNELS", old, new)


def work_people_changed(work: Work, desk: Desk) -> None:
    """Somebody's standing or some user group changed."""
    if work.kind != "user_change":
        desk.people.forget_groups()
        return
    standing = desk.people.learn(work.payload["user"])
    if standing in ("guest", "stranger"):
        _look_at(places(desk), work, desk)
    elif standing is not None:
        _look_at(set(desk.store.channels.barriers(desk.identity.team_id)), work, desk)


def work_uninstalled(work: Work, desk: Desk) -> None:
    """Ask Slack before we believe it: the news may be older than our token. Raises SlackApiError where it is true."""
    desk.client.auth_test()


def work_look_again(work: Work, desk: Desk) -> None:
    """One channel turned out to be other than was known, or perhaps any that matters to us."""
    if "channel" in work.payload:
        look_again(desk, work.payload["channel"])
    else:
        _look_at(places(desk), work, desk)


def _look_at(channels: set[str], work: Work, desk: Desk) -> None:
    """One piece of work each: where Slack does not answer, only that one is tried again."""
    for channel in sorted(channels):
        desk.put(Delivery(f"{work.key}:{channel}", "look_again", EVENTS, {"channel": channel}))


def work_watch_channel(work: Work, desk: Desk) -> None:
    """A lead has decided."""
    click = work.payload
    desk.permissions.require(click["action_id"], click["user"])
    channel = click["value"]
    if click["action_id"] == ids.LEAVE_CHANNEL:
        said = f"I leave <#{channel}> alone. The message shortcut _Draft replies for this_ works there all the same."
    else:
        desk.store.channels.watch(desk.identity.team_id, channel, click["user"])
        said = f"From now on each root message in <#{channel}> is a case. Its settings: `/aitl config`."
    replaced = {"url": click["response_url"], "body": {"replace_original": True, **build_note(said)}}
    desk.send(f"watched:{work.key}", "response_url", replaced, purpose="answer")
    if click["action_id"] == ids.WATCH_CHANNEL:
        may_post_in(desk, channel)


def _invited(work: Work, channel: str, inviter: str, desk: Desk) -> None:
    """Ask the inviter privately; where leads have a channel of their own and the inviter is none, ask them too."""
    if not inviter or not desk.permissions.allows("invitation", inviter):
        return
    if desk.settings.case_channels:
        state = "a case channel" if desk.is_watched(channel) else "not one of the case channels in AITL_CASE_CHANNELS"
        desk.tell(work.key, inviter, channel, build_note(f"Thank you for inviting me: <#{channel}> is {state}."))
        return
    if desk.is_watched(channel):
        desk.tell(work.key, inviter, channel, build_note(f"I watch <#{channel}> for cases already."))
        return
    desk.tell(work.key, inviter, channel, build_invite(channel))
    if desk.settings.leads_channel and "lead" not in desk.people.standings(inviter):
        arguments = {"channel": desk.settings.leads_channel, **build_invite(channel, inviter)}
        desk.send(f"invite:{work.key}", "chat.postMessage", arguments, purpose="notice")
