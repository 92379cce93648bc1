"""`aitl gaps` and what can be done about a gap: draft, edit, approve, reject, assign, merge, split, rename"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from core.annotations import MissingKnowledge
from core.clock import utc_now
from core.commands.options import NamedPath, json_option, print_json
from core.gap_queue import Approved, Queue, RetrievalFailure
from core.knowledge.exam import ExamResult
from core.knowledge.gap_draft import as_markdown, read_edited
from core.knowledge.gaps import GapGroup
from core.open_gap_queue import open_gap_queue
from core.program import Program

BY = "command line"
_REMOVED = "(removed after the retention time)"


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def gaps(ctx: click.Context, as_json: bool) -> None:
    """List what agents reported as missing from the knowledge base: like reports are one gap, most cases first.

    A gap becomes an article: draft it, edit the draft in a file, approve it.
    """
    if ctx.invoked_subcommand is not None:
        return
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        waiting = queue.waiting()
    if as_json:
        print_json(_described(waiting))
        return
    if not waiting.groups and not waiting.failures:
        click.echo("Nothing is reported as missing.")
    for line in _lines(waiting, utc_now()):
        click.echo(line)


@gaps.command()
@click.argument("gap")
@click.pass_context
def draft(ctx: click.Context, gap: str) -> None:
    """Print the draft of GAP as Markdown, made from replies and reports. Nothing is published."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        made = queue.draft(gap, BY)
    click.echo(as_markdown(made, gap), nl=False)
    if not made.body:
        click.echo(f"No reply has stated an answer yet. Write it in a file: aitl gaps edit {gap} FILE", err=True)


@gaps.command()
@click.argument("gap")
@click.argument("file", type=NamedPath(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def edit(ctx: click.Context, gap: str, file: Path) -> None:
    """Take FILE, Markdown, as the next version of the draft of GAP."""
    program: Program = ctx.obj
    title, body = read_edited(file)
    with open_gap_queue(program.settings()) as queue:
        edited = queue.edit(gap, title, body, BY)
    click.echo(f"The draft of {gap} is “{edited.title}” now. Publish it with: aitl gaps approve {gap}")
    for flag in edited.flags:
        click.echo(f"! {flag}")


@gaps.command()
@click.argument("gap")
@click.option("--anyway", is_flag=True, help="Also where the exam says that another article would be lost.")
@json_option
@click.pass_context
def approve(ctx: click.Context, gap: str, anyway: bool, as_json: bool) -> None:
    """Publish the draft of GAP as an article, and ask again what its cases asked."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        approved = queue.approve(gap, BY, anyway=anyway)
    if as_json:
        print_json(_approved(approved))
        return
    click.echo(f"Published as {approved.article_id}, version {approved.version}: {approved.file}")
    for result in approved.results:
        click.echo(f"  {result.question.case_id}: {found_in_words(result)}")


@gaps.command()
@click.argument("gap")
@click.option("--reason", required=True, help="Why it is not needed.")
@click.pass_context
def reject(ctx: click.Context, gap: str, reason: str) -> None:
    """Say that GAP is not needed, and why."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        queue.reject(gap, reason, BY)
    click.echo(f"{gap} is not needed.")


@gaps.command()
@click.argument("gap")
@click.argument("person")
@click.pass_context
def assign(ctx: click.Context, gap: str, person: str) -> None:
    """Say who is to write the article of GAP: a user id of Slack, or a name."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        queue.assign(gap, person, BY)
    click.echo(f"{gap} is assigned to {person}.")


@gaps.command()
@click.argument("gap")
@click.argument("others", nargs=-1, required=True)
@click.pass_context
def merge(ctx: click.Context, gap: str, others: tuple[str, ...]) -> None:
    """Put the reports of OTHERS into GAP."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        queue.merge(gap, others, BY)
    click.echo(f"{gap} holds the reports of {', '.join(others)} now.")


@gaps.command()
@click.argument("gap")
@click.argument("reports", nargs=-1, required=True)
@click.pass_context
def split(ctx: click.Context, gap: str, reports: tuple[str, ...]) -> None:
    """Make a gap of its own of some REPORTS of GAP; `aitl gaps --json` names them."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        made = queue.split(gap, reports, BY)
    click.echo(f"They are {made} now.")


@gaps.command()
@click.argument("gap")
@click.argument("name")
@click.pass_context
def rename(ctx: click.Context, gap: str, name: str) -> None:
    """Call GAP by this NAME."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        queue.rename(gap, name, BY)
    click.echo(f"{gap} is “{name}” now.")


def found_in_words(result: ExamResult) -> str:
    """Whether the article is found now for one question."""
    if result.rank is None:
        return "not among the 75 found"
    return f"{'found' if result.passed else 'not among those shown, but found'} at rank {result.rank}"


def _lines(waiting: Queue, now: datetime) -> Iterator[str]:
    for group in waiting.groups:
        yield from _of_group(group, now)
    if waiting.failures:
        yield "In the knowledge base, but not found (lessons for the search, no article to write):"
    for failure in waiting.failures:
        yield f"  {_line(failure.report)} → {_evidence(failure)}"


def _of_group(group: GapGroup, now: datetime) -> Iterator[str]:
    count, days = len(group.cases), (now - group.since).days
    state = f", {group.status}" if group.status != "open" else ""
    assigned = f", for {group.assigned_to}" if group.assigned_to else ""
    age = f"{days} day{'' if days == 1 else 's'} old"
    yield f"{group.id}  {count} case{'' if count == 1 else 's'}, {age}{state}{assigned}: {group.title or _REMOVED}"
    for report in group.reports:
        yield f"  {_line(report)}"


def _line(report: MissingKnowledge) -> str:
    kind = "exists, was not found" if report.kind == "exists_not_found" else "does not exist"
    link = f"  {report.link}" if report.link else ""
    return f"{report.created_at:%Y-%m-%d}  {report.case_id}  {kind}: {report.description or _REMOVED}{link}"


def _evidence(failure: RetrievalFailure) -> str:
    check = failure.check
    where = "not among the 75 found" if check.rank is None else f"rank {check.rank}"
    return f"{check.article_id}: {where} (version {check.bundle}, {check.at:%Y-%m-%d})"


def _described(waiting: Queue) -> dict[str, Any]:
    """`gaps`: every report that waits, newest first; `groups`: the gaps they make."""
    rows = [
        {**one.model_dump(mode="json"), "group": group.id, "retrieval_failure": None}
        for group in waiting.groups
        for one in group.reports
    ]
    rows += [
        {
            **one.report.model_dump(mode="json"),
            "group": None,
            "retrieval_failure": {
                "article_id": one.check.article_id,
                "rank": one.check.rank,
                "bundle": one.check.bundle,
                "at": one.check.at.isoformat(),
            },
        }
        for one in waiting.failures
    ]
    newest_first = sorted(rows, key=lambda row: (row["created_at"], row["id"]), reverse=True)
    return {"gaps": newest_first, "groups": [_group(one) for one in waiting.groups]}


def _group(group: GapGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "title": group.title,
        "status": group.status,
        "cases": list(group.cases),
        "reports": [one.id for one in group.reports],
        "since": group.since.isoformat(),
        "assigned_to": group.assigned_to,
    }


def _approved(approved: Approved) -> dict[str, Any]:
    return {
        "article_id": approved.article_id,
        "version": approved.version,
        "file": str(approved.file),
        "questions": [
            {"case_id": one.question.case_id, "rank": one.rank, "passed": one.passed} for one in approved.results
        ],
    }
