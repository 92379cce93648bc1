"""The suggestion message: two candidates, their buttons, the snippets they rest on, and who has said what.

Candidates are whole, buttons are never dropped; where the message would outgrow Slack's limits, excerpts
shrink first, then titles, then the snippets' links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bot import ids
from bot.blockkit import text_length
from bot.blocks.elements import (
    SECTION_MAX,
    Block,
    actions,
    button,
    context,
    divider,
    options,
    salt_of,
    section,
)
from bot.mrkdwn import escape, escape_within, link, shorten, visible
from bot.refs import SnippetRef
from core.values import Candidate, RankedSnippet, Suggestion

MessageState = Literal["live", "superseded", "withdrawn", "hidden"]
STATE_LINE_MAX = 700
HIDDEN = ":see_no_evil: These drafts are hidden while a guest or somebody from another workspace can read this channel."
OUTDATED = ":pencil2: What the customer wrote has changed since. *Try again* makes drafts for what it says now."
_ITEM = re.compile(r"^- ", re.MULTILINE)  # on one line, a list's dashes would read as dashes
# The sum over a message is undocumented: 9,597 characters were seen to pass, 11,341 to fail.
MESSAGE_TEXT_MAX = 9500


@dataclass(frozen=True, slots=True)
class _Plan:
    """How much of each snippet is shown."""

    excerpt: int
    title: int
    links: bool


_PLANS = (
    *(_Plan(excerpt, 120, True) for excerpt in (250, 200, 160, 120, 80, 40)),
    _Plan(40, 60, True),
    _Plan(0, 60, True),
    _Plan(0, 40, False),
)


def build_suggestion(
    suggestion: Suggestion, state_line: str = "", state: MessageState = "live", *, is_outdated: bool = False
) -> Block:
    """`text`, `blocks` and `metadata` of the message in one of its four states.

    `state_line` is escaped mrkdwn, at most 700 characters, "" where nobody has said anything. `is_outdated`: the
    customer says something else by now, and nobody has asked for newer drafts.
    """
    message: Block = {"text": _summary(suggestion, state), "metadata": build_metadata(suggestion)}
    if state == "withdrawn":
        return {**message, "blocks": [context(_withdrawn(suggestion, state_line))]}
    if state == "hidden":
        return {**message, "blocks": [context(f"{HIDDEN} · {suggestion.case_id}")]}
    note = OUTDATED if is_outdated and state == "live" else ""
    salt = salt_of(state_line, state, note)
    for plan in _PLANS:
        blocks = [*([context(note)] if note else []), *_blocks(suggestion, state_line, state, plan, salt)]
        if text_length({"blocks": blocks}) <= MESSAGE_TEXT_MAX:
            break
    return {**message, "blocks": blocks}


def build_metadata(suggestion: Suggestion) -> Block:
    """What lets us, and a help-desk relay, recognise the message."""
    return {
        "event_type": ids.SUGGESTION_EVENT,
        "event_payload": {
            "case_id": suggestion.case_id,
            "suggestion_id": suggestion.id,
            "revision": suggestion.revision,
        },
    }


def _summary(suggestion: Suggestion, state: MessageState) -> str:
    """What notifications and screen readers say."""
    if state == "withdrawn":
        return f"Draft replies withdrawn ({suggestion.case_id})"
    if state == "hidden":
        return f"Draft replies hidden ({suggestion.case_id})"
    if not suggestion.candidates:
        return shorten(escape(suggestion.notice or "No draft replies"), 300)
    newer = ", replaced by a newer one" if state == "superseded" else ""
    which = f"{suggestion.case_id}, revision {suggestion.revision}{newer}"
    return f"Two draft replies, A and B, with their sources ({which})"


def _blocks(suggestion: Suggestion, state_line: str, state: MessageState, plan: _Plan, salt: str) -> Iterator[Block]:
    live = state == "live"
    if state == "superseded":
        yield context(":fast_forward: Replaced by newer drafts below.")
    if suggestion.notice:
        yield section(escape_within(suggestion.notice, 600))
    for candidate in suggestion.candidates:
        if candidate.slot == "b":
            yield divider()
        yield from _candidate(suggestion, candidate, live)
    if live:
        yield from _rows(suggestion)
    if suggestion.shown:
        yield divider()
    for ranked in suggestion.shown:
        yield _snippet(suggestion, ranked, live, plan, salt)
    if state_line:
        yield context(state_line[:STATE_LINE_MAX])
    yield context(f"{suggestion.case_id} · revision {suggestion.revision}")


def _candidate(suggestion: Suggestion, candidate: Candidate, live: bool) -> Iterator[Block]:
    name = candidate.slot.upper()
    head = f"*Draft {name}*\n"
    yield section(head + escape_within(candidate.text, SECTION_MAX - len(head)))
    if warning := _warning(candidate):
        yield context(warning)
    if live:
        yield actions(
            [
                button(ids.use_action(candidate.slot), f"Send {name}", suggestion.id, style="primary"),
                button(ids.edit_action(candidate.slot), f"Edit {name}", suggestion.id),
            ]
        )


def _warning(candidate: Candidate) -> str:
    """What the checker found, in words; "" where it found nothing."""
    found = next((sentence for sentence in candidate.report.sentences if not sentence.supported), None)
    if found is not None:
        quoted = escape_within(shorten(found.text.replace("\n", " "), 120), 140)
        return f":warning: Check before sending, its source may not say this: “{quoted}”"
    if not candidate.report.citations_valid:
        return ":warning: Check before sending: a citation does not match its snippet."
    return ""


def _rows(suggestion: Suggestion) -> Iterator[Block]:
    others = [
        button(ids.REPORT_GAP, "Knowledge is missing", suggestion.id),
        button(ids.AGAIN, "Try again", suggestion.id),
        button(ids.NOT_A_CASE, "Not a case", suggestion.id),
    ]
    if suggestion.candidates:
        yield context("Which is better?")
        yield actions(
            [button(ids.preference_action(choice), words, suggestion.id) for choice, words in ids.CHOICES.items()]
        )
        others.insert(0, button(ids.NEITHER, "Neither", suggestion.id))
    yield actions(others)


def _snippet(suggestion: Suggestion, ranked: RankedSnippet, live: bool, plan: _Plan, salt: str) -> Block:
    snippet = ranked.snippet
    title = shorten(_one_line(snippet.title) or "Untitled", plan.title)
    url = snippet.url if plan.links else None
    place = shorten(_one_line(snippet.section), plan.title // 2)
    where = f" · {escape_within(place, plan.title // 2)}" if place else ""
    lines = [f"*[{ranked.rank}]* {link(url, title)}{where}"]
    if excerpt := shorten(_one_line(_ITEM.sub("· ", snippet.text)), plan.excerpt):
        lines.append(escape_within(excerpt, plan.excerpt + 30))
    menu = {
        "type": "overflow",
        "action_id": ids.relevance_action(ranked.rank),
        "options": options(ids.RELEVANCE_OPTIONS.items()),
    }
    ref = SnippetRef(suggestion.id, ranked.rank)
    return section("\n".join(lines), accessory=menu if live else None, block_id=ref.block_id(salt))


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())


def _withdrawn(suggestion: Suggestion, reason: str) -> str:
    said = reason or "These draft replies were withdrawn."
    return f"{said} · {suggestion.case_id}"
