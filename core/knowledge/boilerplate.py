"""What help centres print around an article and nobody should be answered with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from core.knowledge.document import Block

_LINE = re.compile(
    r"""^\W*(?:
      (?:was|did|is)\s+(?:this|the|our)\s+(?:article|page|answer|information|content|guide)\b.{0,40}\b(?:help|useful)
    | (?:did\s+you\s+find|have\s+you\s+found)\s+(?:this|it)\b.{0,30}\bhelpful
    | yes\s*[/|·•,]?\s*no\s*$ | (?:yes|no|👍|👎)\W*$
    | \d+\s+(?:out\s+)?of\s+\d+\s+(?:people\s+|users\s+)?found\s+this
    | thank(?:s|\s+you)\s+for\s+your\s+feedback
    | (?:page\s+|article\s+)?(?:last\s+)?(?:updated|modified|reviewed|edited|published)\b(?:\s+on|\s+at)?\s*:?\s
      (?:[^.]{0,12}\d|(?:over\s+|about\s+)?an?\s|(?:yester|to)day).{0,30}$
    | (?:back|return)\s+to\s+(?:top|home|the\s+help\s+cent(?:er|re)) | skip\s+to\s+(?:main\s+)?content
    | (?:still\s+)?(?:need|have)\s+(?:more\s+)?(?:help|questions)\s*\?
    | (?:submit|open)\s+a\s+(?:request|ticket)\s*$ | print\s+(?:this\s+)?(?:page|article)\s*$
    | share\s+(?:this|on|via)\b.{0,40}$ | follow\s+us\b.{0,60}$ | subscribe\s+to\s+our\b
    | (?:©|copyright\b|\(c\)\s).{0,80}$ | all\s+rights\s+reserved
    | \d+\s*min(?:ute)?s?\s+read\s*$ | page\s+\d+(?:\s+of\s+\d+)?\s*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
# What introduces links to elsewhere: as a heading, or as a line of its own, or with the links behind a colon.
_ELSEWHERE = re.compile(
    r"""^\W*(?:related\s+(?:articles?|topics?|links?|content|pages?|questions?)|see\s+also|further\s+reading
    |read\s+(?:more|next)|more\s+articles|(?:more|articles)\s+in\s+this\s+section|you\s+(?:may|might)\s+also\s+like
    |recently\s+viewed|(?:most\s+)?popular\s+articles|in\s+this\s+article|on\s+this\s+page|(?:table\s+of\s+)?contents
    |was\s+this\s+(?:article|page)\s+helpful)\W*(?P<rest>.*)$""",
    re.IGNORECASE | re.VERBOSE,
)
_CRUMB = re.compile(r"\s*[>›»]\s*|\s+/\s+")
_CRUMB_WORDS = 5


def without_boilerplate(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that belong to the article itself, each on one line.

    Votes, dates, breadcrumbs and lists of links to elsewhere are gone.
    """
    kept: list[Block] = []
    skipping: Block | None = None
    for block in blocks:
        if skipping is not None and _still_elsewhere(skipping, block):
            continue
        skipping = block if _points_elsewhere(block) else None
        text = "" if skipping else _own_lines(block.text)
        if text and not (not kept and _is_breadcrumb(block)):
            kept.append(replace(block, text=text))
    return kept


def _own_lines(text: str) -> str:
    """The text on one line, without those of its lines that are boilerplate."""
    kept: list[str] = []
    for line in text.splitlines():
        starts_anew = not kept or kept[-1].endswith((".", "!", "?", ":"))
        if not (starts_anew and (_LINE.match(line) or _names_elsewhere(line))):
            kept.append(line)
    return " ".join(" ".join(kept).split())


def _points_elsewhere(block: Block) -> bool:
    return bool(_ELSEWHERE.match(block.text)) if block.kind == "heading" else _names_elsewhere(block.text)


def _names_elsewhere(line: str) -> bool:
    """ "Related articles", or "Related articles: A · B", but no sentence that begins so."""
    found = _ELSEWHERE.match(line)
    return found is not None and (not found["rest"] or line[: found.start("rest")].rstrip().endswith(":"))


def _still_elsewhere(start: Block, block: Block) -> bool:
    """Under a heading all goes, down to the next of its rank; after a line only the list that follows."""
    if start.kind == "heading":
        return block.kind != "heading" or block.level > start.level
    return block.kind == "item"


def _is_breadcrumb(block: Block) -> bool:
    """ "Help centre > Payments > Refunds" above the text; never a sentence that says what to click."""
    parts = _CRUMB.split(block.text)
    return (
        block.kind == "paragraph"
        and len(parts) >= 3
        and not block.text.rstrip().endswith((".", ":", "!", "?"))
        and all(0 < len(part.split()) <= _CRUMB_WORDS for part in parts)
    )
