"""What people hear about a gap: who asked, whether it is found now, and that what they reported is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import ids
from bot.blocks.elements import Block, actions, button, section
from bot.blocks.gaps import REMOVED, evidence_of, title_of
from bot.blocks.notes import build_note
from bot.mrkdwn import escape_within, link
from core.annotations import MissingKnowledge
from core.knowledge.exam import ExamQuestion
from core.knowledge.gaps import GapGroup

CASES_SHOWN = 15


def build_who_asked(report: MissingKnowledge, where: str, is_hidden: bool) -> Block:
    """In the gap's thread. `where`: the address of the case's thread. `is_hidden`: without anybody's words."""
    said = "" if is_hidden else f": {escape_within(report.description, 800) or REMOVED}"
    return build_note(f"<@{report.agent_id}> missed this in {link(where, report.case_id)}{said}")


def build_asked_again(article: str, questions: Sequence[ExamQuestion], links: Mapping[str, str]) -> Block:
    """In the gap's thread, after the approval. `article`: its title, escaped."""
    return build_note(f"“{article}” is in the knowledge base now. {found_now(questions, links)}")


def build_approved(article: str, questions: Sequence[ExamQuestion], links: Mapping[str, str]) -> Block:
    """To whoever approved it."""
    return build_note(f":white_check_mark: “{article}” is published. {found_now(questions, links)}")


def build_now_there(article: str, questions: Sequence[ExamQuestion], links: Mapping[str, str]) -> Block:
    """To whoever had reported it; `questions`: those of their own cases."""
    said = f":white_check_mark: What you reported as missing is in the knowledge base now: “{article}”."
    return build_note(f"{said} {found_now(questions, links)}\nThank you for reporting it.")


def build_now_found(article: str, case: str) -> Block:
    """To whoever had reported that it was there and not found. `case`: a link to it."""
    return build_note(f":white_check_mark: “{article}”, which was not found for {case}, is found now.")


def build_assigned(group: GapGroup, by: str) -> Block:
    """To whoever is to write the article."""
    said = f"<@{by}> asks you to write an article that is missing: *{title_of(group)}*"
    return {"text": said, "blocks": [section(said), actions([button(ids.GAP_DRAFT, "Draft article", group.id)])]}


def found_now(questions: Sequence[ExamQuestion], links: Mapping[str, str]) -> str:
    """Whether the cases that asked would be shown the article now, case by case."""
    asked = [one for one in questions if one.case_id and one.passed is not None]
    if not asked:
        return "No case could be asked again."
    passed = sum(bool(one.passed) for one in asked)
    told = f"Asked again, {passed} of {len(asked)} case{'' if len(asked) == 1 else 's'} would be shown it now"
    lines = [f"• {link(links.get(one.case_id or ''), one.case_id or '')}: {evidence_of(one.rank)}" for one in asked]
    more = [f"• and {len(lines) - CASES_SHOWN} more"] if len(lines) > CASES_SHOWN else []
    return "\n".join([f"{told}:", *lines[:CASES_SHOWN], *more])
