"""Between Slack's markup and plain text: what people wrote stays data in both directions."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "…"
_MARKUP = re.compile(r"<([^<>]*)>")
_INLINE_LINKED = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)
# Controls that could hide text or turn the rest of a message around (bidirectional overrides and isolates).
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
# One character for one: for text that would outgrow a limit once its <, > and & are escaped.
_LOOKALIKES = str.maketrans({"&": "＆", "<": "‹", ">": "›"})
_BACK_SLASHED_URL = re.compile(r"[\s<>|\"\\^`{}]")
_JOINERS = "\u200d\ufe0e\ufe0f"


def escape(text: str) -> str:
    """Text as Slack's mrkdwn shows it literally: no mention, broadcast or link can come alive."""
    return visible(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_within(text: str, limit: int) -> str:
    """Escaped, in at most `limit` characters: lookalikes for < > & where escapes would be too long, then cut."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    return shorten(visible(text).translate(_LOOKALIKES), limit)


def visible(text: str) -> str:
    """Without controls that hide text or turn its direction around; tabs and line breaks stay."""
    text = _LONE_SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _INVISIBLE.sub("", text)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where one ends near, never inside a joined emoji; "" for limit 0."""
    if len(text) <= limit:
        return text
    if limit <= 0:
        return ""
    cut = limit - 1
    while cut and _continues(text, cut):
        cut -= 1
    head = text[:cut]
    word_end = max(head.rfind(" "), head.rfind("\n"))
    if word_end > cut * 0.7:
        head = head[:word_end]
    return head.rstrip() + ELLIPSIS


def _continues(text: str, at: int) -> bool:
    """True where the character at `at` belongs to the one before it."""
    here, before = text[at], text[at - 1]
    return (
        here in _JOINERS
        or before == "\u200d"
        or unicodedata.combining(here) != 0
        or 0x1F3FB <= ord(here) <= 0x1F3FF  # skin tones
    )


def link(url: str | None, label: str) -> str:
    """`<url|label>` with the label escaped, or the label alone where the address is no plain web address."""
    shown = escape(label.replace("\n", " ")).replace("|", "¦")
    if not url or not url.startswith(("https://", "http://")) or len(url) > 500 or _BACK_SLASHED_URL.search(url):
        return shown
    return f"<{url.replace('&', '&amp;')}|{shown}>"


def plain(text: str) -> str:
    """Slack's message text as a person reads it: mentions by name, links by label and address, no entities."""
    read = _MARKUP.sub(lambda found: _read_markup(found.group(1)), text)
    return read.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _read_markup(inside: str) -> str:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{label.lstrip('@')}" if label else "@someone"
    if target.startswith("#"):
        return f"#{label.lstrip('#')}" if label else "#channel"
    if target.startswith("!"):
        return label or "@" + target[1:].split("^")[0]
    if _INLINE_LINKED.match(target):
        address = target.removeprefix("mailto:").removeprefix("tel:")
        return address if not label or label == address or target.endswith(label) else f"{label} ({address})"
    return f"&lt;{inside}&gt;"
