"""`aitl exam`, and `aitl exam add` for one more question"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from core.commands.options import json_option, print_json
from core.knowledge.exam import ArticleReport, ExamResult, by_article
from core.open_gap_queue import open_gap_queue
from core.program import Program

BY = "command line"


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def exam(ctx: click.Context, as_json: bool) -> None:
    """Ask the champion every exam question: is the article among the eight snippets shown?"""
    if ctx.invoked_subcommand is not None:
        return
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        results = queue.examine()
    reports = by_article(results)
    if as_json:
        print_json({"articles": [_described(one) for one in reports], "lost": _lost(results)})
        return
    if not reports:
        click.echo("There are no exam questions yet: approved articles bring theirs, and `aitl exam add` adds more.")
    for one in reports:
        click.echo(_line(one))
    for result in results:
        if result.is_lost:
            click.echo(f"! {result.question.article_id} was found once and is not any more: {_words(result)}")


@exam.command()
@click.argument("article")
@click.argument("question")
@click.option("--synthetic", is_flag=True, help="It was made up by a machine; marked as such for good.")
@click.pass_context
def add(ctx: click.Context, article: str, question: str, synthetic: bool) -> None:
    """Add a QUESTION that ARTICLE, an article's id, answers."""
    program: Program = ctx.obj
    with open_gap_queue(program.settings()) as queue:
        is_new = queue.add_question(article, question, "synthetic" if synthetic else "written", BY)
    click.echo(f"{article} has one more question." if is_new else f"{article} has this question already.")


def _line(report: ArticleReport) -> str:
    rank = "" if report.mean_rank is None else f", mean rank {report.mean_rank:.1f}"
    return f"{report.id}: {report.passed} passed, {report.failed} failed{rank}"


def _described(report: ArticleReport) -> dict[str, Any]:
    return {
        "id": report.id,
        "passed": report.passed,
        "failed": report.failed,
        "lost": report.lost,
        "hit@8": round(report.hit_at_8, 4),
        "mean_rank": report.mean_rank,
    }


def _lost(results: Sequence[ExamResult]) -> list[dict[str, Any]]:
    """Questions that were passed once and are not any more."""
    return [
        {"article_id": one.question.article_id, "question_id": one.question.id, "rank": one.rank}
        for one in results
        if one.is_lost
    ]


def _words(result: ExamResult) -> str:
    return " ".join(result.question.turns[-1].text.split())[:100]
