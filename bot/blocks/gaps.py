"""Missing knowledge as people see it: the list of what waits, and one gap in the leads' channel."""

from __future__ import annotations

from datetime import datetime

from bot import ids
from bot.blocks.elements import Block, actions, button, context, options, section
from bot.blocks.models import who
from bot.mrkdwn import escape, escape_within, link, visible
from core.gap_queue import Queue, RetrievalFailure
from core.knowledge.gaps import GapGroup

SHOWN = 10
FAILURES_SHOWN = 5
NEW_SHOWN = 5
TITLE_MAX = 300
# Of one failure of the search: with all gaps around it, the list stays within what a message may hold in all.
SAID_MAX = 200
ARTICLE_MAX = 240
REMOVED = "(words removed after the retention time)"
# What a gap's menu offers: option value -> its words.
MORE: dict[str, str] = {
    "cases": "Show cases",
    "rename": "Rename",
    "merge": "Merge into another gap",
    "split": "Split",
}


def build_gaps(queue: Queue, now: datetime, news: str = "") -> Block:
    """The answer to `/aitl gaps`: `text` and `blocks`. `news`: what has just been done, already escaped."""
    blocks = [context(news)] if news else []
    count = len(queue.groups)
    return {"text": f"Missing knowledge: {_count(count, 'gap')}", "blocks": [*blocks, *gap_list(queue, now)]}


def gap_list(queue: Queue, now: datetime, most: int = SHOWN) -> list[Block]:
    """The gaps that touch most cases, each with what can be done about it, then what the search should have found.

    At most 2 * `most` + 11 blocks, for a message or a Home.
    """
    if not queue.groups and not queue.failures and not queue.new:
        return [section("Nothing is reported as missing.")]
    blocks = []
    if queue.new:
        said = [f"• {escape_within(one.description, 200) or REMOVED}" for one in queue.new[:NEW_SHOWN]]
        blocks.append(section("*Just reported*, and about to join the list:\n" + "\n".join(said)))
    if queue.groups:
        blocks.append(section(f"*Missing knowledge: {_count(len(queue.groups), 'gap')}*, those of most cases first"))
    for group in queue.groups[:most]:
        blocks += [section(_described(group, now)), _controls(group)]
    if len(queue.groups) > most:
        blocks.append(context(f"{len(queue.groups) - most} more: `aitl gaps` on the terminal lists all."))
    if queue.failures:
        blocks.append(section("*It is there, but was not found.* The search learns from these; no article is needed."))
        blocks += [section(_failed(one)) for one in queue.failures[:FAILURES_SHOWN]]
    if len(queue.failures) > FAILURES_SHOWN:
        blocks.append(context(f"{len(queue.failures) - FAILURES_SHOWN} more of these."))
    return blocks


def build_gap(group: GapGroup, now: datetime, is_hidden: bool = False) -> Block:
    """One gap as the leads see it: `text` and `blocks`. `is_hidden`: without anybody's words."""
    said = _described(group, now, is_hidden)
    waits = group.status in ("open", "drafted")
    blocks = [section(f":mag: {said}"), *([_controls(group)] if waits else [])]
    return {"text": f"Missing knowledge: {'a gap' if is_hidden else title_of(group)}", "blocks": blocks}


def build_gone() -> Block:
    """In place of a gap of which no report stands any more."""
    said = "Nothing is left of this gap: its reports belong to another one now, or were taken back."
    return {"text": said, "blocks": [section(said)]}


def title_of(group: GapGroup) -> str:
    """What it is called, escaped."""
    return escape_within(" ".join(visible(group.title).split()), TITLE_MAX) or REMOVED


def evidence_of(rank: int | None, shown: int = 8) -> str:
    """What a search says, in words."""
    if rank is None:
        return "not among the 75 snippets found now"
    return f"found at rank {rank} now" if rank <= shown else f"found at rank {rank} now, behind the {shown} shown"


def _described(group: GapGroup, now: datetime, is_hidden: bool = False) -> str:
    days = (now - group.since).days
    about = [
        f"{_count(len(group.reports), 'report')} from {_count(len(group.cases), 'case')}",
        f"{_count(days, 'day')} old" if days else "new today",
        _state(group, is_hidden),
    ]
    title = "A gap in the knowledge base" if is_hidden else title_of(group)
    return f"*{title}*\n" + " · ".join(part for part in about if part)


def _state(group: GapGroup, is_hidden: bool) -> str:
    by = f" by {who(group.changed_by)}" if group.changed_by else ""
    if group.status == "resolved":
        return f":white_check_mark: in the knowledge base now as `{escape(group.article_id or '')}`, approved{by}"
    if group.status == "rejected":
        why = "" if is_hidden or not group.reason else f": {escape_within(group.reason, 300)}"
        return f"not needed, says {who(group.changed_by)}{why}"
    drafted = "draft written" if group.status == "drafted" else ""
    assigned = f"for {who(group.assigned_to)}" if group.assigned_to else "assigned to nobody"
    return " · ".join(part for part in (drafted, assigned) if part)


def _controls(group: GapGroup) -> Block:
    offered = [(f"{name}:{group.id}", words) for name, words in MORE.items() if name != "split" or group.is_divisible]
    return actions(
        [
            button(ids.GAP_DRAFT, "Open draft" if group.status == "drafted" else "Draft article", group.id),
            button(ids.GAP_ASSIGN, "Assign", group.id),
            button(ids.GAP_REJECT, "Not needed", group.id),
            {"type": "overflow", "action_id": ids.GAP_MORE, "options": options(offered)},
        ]
    )


def _failed(failure: RetrievalFailure) -> str:
    report, check = failure.report, failure.check
    said, title = escape_within(report.description, SAID_MAX) or REMOVED, failure.title or check.article_id
    article = link(failure.url or (str(report.link) if report.link else None), title)
    if len(article) > ARTICLE_MAX:
        article = escape_within(title, ARTICLE_MAX)
    return f"{said}\n{article}: {evidence_of(check.rank)} · {report.case_id} · reported by <@{report.agent_id}>"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
