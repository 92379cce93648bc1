"""The small forms about a gap: who writes it, why it is not needed, its cases, its name, what belongs together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import ids
from bot.blocks.elements import Block, context, input_block, modal, option, options, plain_text, section, text_input
from bot.blocks.gaps import REMOVED, evidence_of, title_of
from bot.mrkdwn import escape_within, link, visible
from bot.refs import GapRef
from core.annotations import MissingKnowledge
from core.knowledge.gaps import GapGroup, IndexCheck

OPTIONS_MOST = 100
REPORTS_SHOWN = 40


def build_assign(ref: GapRef, group: GapGroup) -> Block:
    """Who is to write the article."""
    select: Block = {"type": "users_select"}
    if group.assigned_to and group.assigned_to.isalnum() and group.assigned_to[0] in "UW":
        select["initial_user"] = group.assigned_to
    field = input_block("person", "Who writes this article?", select)
    return modal(ids.GAP_ASSIGN_FORM, "Assign", "Assign", ref.dumps(), [_about(group), field])


def build_reject(ref: GapRef, group: GapGroup) -> Block:
    """Why no article is needed."""
    field = input_block("reason", "Why is no article needed?", text_input())
    return modal(ids.GAP_REJECT_FORM, "Not needed", "Close the gap", ref.dumps(), [_about(group), field])


def build_rename(ref: GapRef, group: GapGroup) -> Block:
    """What it is called from now on."""
    field = input_block(
        "name", "What is missing, in a few words?", text_input(_in_a_line(group.title), multiline=False)
    )
    return modal(ids.GAP_RENAME_FORM, "Rename", "Rename", ref.dumps(), [field])


def build_merge(ref: GapRef, group: GapGroup, others: Sequence[GapGroup]) -> Block:
    """Which other gap its reports join; `others` are at least one."""
    offered = [option(one.id, _in_a_line(one.title)) for one in others[:OPTIONS_MOST]]
    field = input_block("into", "Which gap is the same?", {"type": "static_select", "options": offered})
    return modal(ids.GAP_MERGE_FORM, "Merge", "Merge", ref.dumps(), [_about(group), field])


def build_split(ref: GapRef, group: GapGroup) -> Block:
    """Which of its reports are about something else."""
    offered = options((one.id, _in_a_line(one.description)) for one in group.reports[:OPTIONS_MOST])
    select = {"type": "multi_static_select", "options": offered}
    field = input_block("reports", "Which reports are about something else?", select)
    return modal(ids.GAP_SPLIT_FORM, "Split", "Make a gap of them", ref.dumps(), [_about(group), field])


def build_gap_cases(group: GapGroup, links: Mapping[str, str], checks: Mapping[str, IndexCheck]) -> Block:
    """What agents reported, with a link to each case. `checks`: what a search said, by report."""
    blocks = [_about(group)]
    blocks += [section(_reported(one, links, checks.get(one.id))) for one in group.reports[:REPORTS_SHOWN]]
    if len(group.reports) > REPORTS_SHOWN:
        blocks.append(context(f"{len(group.reports) - REPORTS_SHOWN} more."))
    return {"type": "modal", "title": plain_text("Cases"), "close": plain_text("Close"), "blocks": blocks}


def _in_a_line(words: str) -> str:
    return " ".join(visible(words).split()) or REMOVED


def _about(group: GapGroup) -> Block:
    return section(f"*{title_of(group)}*")


def _reported(report: MissingKnowledge, links: Mapping[str, str], check: IndexCheck | None) -> str:
    said = escape_within(report.description, 400) or REMOVED
    source = f" · {link(str(report.link), 'source')}" if report.link else ""
    found = f" · {evidence_of(check.rank)}" if check else ""
    case = link(links.get(report.case_id), report.case_id)
    return f"{said}\n{case} · <@{report.agent_id}>, {report.created_at:%Y-%m-%d}{source}{found}"
