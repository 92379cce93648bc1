"""The form in which an article that is missing is written and approved, and what it shows before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import ids
from bot.blocks.elements import (
    Block,
    actions,
    button,
    context,
    input_block,
    modal,
    plain_text,
    section,
    text_input,
)
from bot.mrkdwn import escape_within, link
from bot.refs import GapRef
from core.knowledge.gap_draft import ArticleDraft

# A text field holds 3000 characters; longer articles get several, with some room to write in each.
PART_MAX = 2600
PARTS_MOST = 5
FLAGS_SHOWN = 5
SOURCES_SHOWN = 20
_KINDS = {"reply": "reply", "description": "report"}
_TOO_LONG = (
    "This draft is longer than what can be edited in Slack. Edit it in a file, on the terminal: `aitl gaps draft {gap}`"
    " prints it, `aitl gaps edit {gap} FILE` takes it back."
)
_NOTHING_STATED = "No reply has stated an answer yet, so please write it. "
_FROM = "Made from what agents replied and described, without personal data. Nothing is public before an approval."


def build_gap_draft(
    ref: GapRef, draft: ArticleDraft, refusal: str, links: Mapping[str, str], warnings: Sequence[str] = ()
) -> Block:
    """The view. `refusal`: whom to ask for an approval, escaped; "" for those who may approve.

    `links`: where the thread of each case is. `warnings`: besides the draft's own flags.
    """
    parts = split_body(draft.body)
    flags = [*warnings, *draft.flags]
    blocks = [section(f":warning: {escape_within(one, 400)}") for one in flags[:FLAGS_SHOWN]]
    if len(parts) > PARTS_MOST:
        blocks.append(section(_TOO_LONG.format(gap=ref.group_id)))
    else:
        blocks.append(input_block("title", "Title", text_input(draft.title, multiline=False)))
        blocks += [
            input_block(name, "Text" if n == 0 else "Text, continued", text_input(part), optional=n > 0)
            for n, (name, part) in enumerate(zip(_NAMES, parts, strict=False))
        ]
    blocks.append(context((_NOTHING_STATED if not draft.body else "") + _FROM))
    if draft.sources:
        blocks.append(context(_sources(draft, links)))
    if refusal:
        blocks.append(context(f"You can save this draft. {refusal}"))
    elif len(parts) <= PARTS_MOST:
        blocks.append(actions([button(ids.GAP_APPROVE, "Approve and publish", ref.group_id, style="primary")]))
    title = f"Draft, version {draft.version}"
    if len(parts) > PARTS_MOST:
        return _shown(title, blocks)
    return modal(ids.GAP_DRAFT_FORM, title, "Save draft", ref.dumps(), blocks)


def build_drafting() -> Block:
    """Shown at once, until the draft is there."""
    return _shown("Draft", [section(":hourglass_flowing_sand: Collecting what the cases' replies say…")])


def build_publishing(title: str) -> Block:
    """After an approval: the work goes on without the view."""
    said = f":hourglass_flowing_sand: “{escape_within(title, 300)}” is being published, and its cases are asked again."
    return _shown("Approved", [section(f"{said}\nYou get a message when it is done; you can close this.")])


def build_told(title: str, said: str) -> Block:
    """Only one paragraph, already escaped. `title`: at most 24 characters."""
    return _shown(title, [section(said)])


def split_body(body: str) -> list[str]:
    """The text for the fields, cut between paragraphs where it can be; never empty."""
    parts = [""]
    for paragraph in body.split("\n\n"):
        for piece in _pieces(paragraph):
            joined = f"{parts[-1]}\n\n{piece}" if parts[-1] else piece
            if len(joined) <= PART_MAX:
                parts[-1] = joined
            else:
                parts.append(piece)
    return parts


def body_of(values: Mapping[str, str | None]) -> str:
    """The text of all fields together."""
    return "\n\n".join(text.strip() for name in _NAMES if (text := values.get(name)) and text.strip())


_NAMES = ("text", *(f"text_{n}" for n in range(2, PARTS_MOST + 1)))


def _pieces(paragraph: str) -> list[str]:
    """A paragraph in pieces of at most PART_MAX characters, cut between words where there are some."""
    pieces = []
    while len(paragraph) > PART_MAX:
        at = max(paragraph.rfind(mark, 0, PART_MAX) for mark in ("\n", " "))
        at = at if at > 0 else PART_MAX
        pieces.append(paragraph[:at].rstrip())
        paragraph = paragraph[at:].lstrip()
    return [*pieces, paragraph]


def _sources(draft: ArticleDraft, links: Mapping[str, str]) -> str:
    shown = [f"{_KINDS[one.kind]} in {link(links.get(one.case_id), one.case_id)}" for one in draft.sources]
    more = f" and {len(shown) - SOURCES_SHOWN} more" if len(shown) > SOURCES_SHOWN else ""
    return "Sources: " + ", ".join(shown[:SOURCES_SHOWN]) + more


def _shown(title: str, blocks: Sequence[Block]) -> Block:
    return {"type": "modal", "title": plain_text(title), "close": plain_text("Close"), "blocks": list(blocks)}
