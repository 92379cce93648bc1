"""What people type, turned into the form in which Slack keeps and sends it."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.sandbox.state import State

_URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]")
_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b")
_BARE_DOMAIN = re.compile(
    r"\b(?<![@/.])(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev)\b(?:/[^\s<>|]*[^\s<>|.,;:!?)])?"
)
_BROADCAST = re.compile(r"(?<!\w)@(channel|here|everyone)\b")
_REFERENCE = re.compile(r"<[^<>]+>")


def encode_typed(text: str, state: State) -> str:
    """Encode a message as typed: `&<>` escaped, people, channels, links and addresses made live."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    references: list[str] = []

    def keep(reference: str) -> str:
        # Already live parts are set aside, so that a later rule does not find a link inside a link.
        references.append(reference)
        return f"\x00{len(references) - 1}\x00"

    escaped = _URL.sub(lambda found: keep(f"<{found[0]}>"), escaped)
    escaped = _EMAIL.sub(lambda found: keep(f"<mailto:{found[0]}|{found[0]}>"), escaped)
    escaped = _BARE_DOMAIN.sub(lambda found: keep(f"<http://{found[0]}|{found[0]}>"), escaped)
    escaped = _mentions(state, keep, escaped)
    return re.sub("\x00(\\d+)\x00", lambda found: references[int(found[1])], escaped)


def encode_links(text: str) -> str:
    """Make bare URLs live in text that an app wrote; everything else is already Slack's own form."""
    parts: list[str] = []
    end = 0
    for reference in _REFERENCE.finditer(text):
        parts += [_URL.sub(lambda found: f"<{found[0]}>", text[end : reference.start()]), reference[0]]
        end = reference.end()
    return "".join([*parts, _URL.sub(lambda found: f"<{found[0]}>", text[end:])])


def mentioned_users(text: str) -> set[str]:
    """The user ids that a message names."""
    return set(re.findall(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", text))


def escape_command(text: str, state: State) -> str:
    """Slash-command text with should_escape: names become ids with the name beside them."""
    named = _mentions(state, lambda reference: reference, text)

    def with_name(found: re.Match[str]) -> str:
        user = state.users.get(found[1])
        return f"<@{found[1]}|{user.name}>" if user else found[0]

    return re.sub(r"<@([A-Z0-9]+)>", with_name, named)


def _mentions(state: State, keep: Callable[[str], str], text: str) -> str:
    people = {
        name.lower(): f"<@{user.id}>" for user in state.users.values() for name in (user.name, user.real_name) if name
    }
    groups = {group.handle.lower(): f"<!subteam^{group.id}|@{group.handle}>" for group in state.usergroups.values()}
    channels = {channel.name.lower(): f"<#{channel.id}|{channel.name}>" for channel in state.channels.values()}
    text = _BROADCAST.sub(lambda found: keep(f"<!{found[1]}>"), text)
    text = _named("@", {**groups, **people}, keep, text)
    return _named("#", channels, keep, text)


def _named(sign: str, targets: dict[str, str], keep: Callable[[str], str], text: str) -> str:
    if not targets:
        return text
    longest_first = sorted(targets, key=len, reverse=True)
    pattern = rf"(?<![\w&]){sign}({'|'.join(re.escape(name) for name in longest_first)})(?!\w)"
    return re.sub(pattern, lambda found: keep(targets[found[1].lower()]), text, flags=re.IGNORECASE)
