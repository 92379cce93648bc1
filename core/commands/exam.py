"""`aitl exam`: how every article does, its questions, and which knowledge ails"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.bootstrap import open_store
from core.clock import utc_now
from core.commands.options import json_option, print_json
from core.errors import ConfigurationError
from core.generators import make_question_writer
from core.knowledge.exam import ArticleReport, ExamQuestion, ExamResult, by_article
from core.knowledge.health import AilingArticle, ArticleUse
from core.knowledge_health import DAYS, knowledge_health
from core.made_up_questions import make_up_questions
from core.open_gap_queue import open_gap_queue
from core.program import Program
from core.progress_bar import progress_bar
from core.store.usage import MOST_REPLIES

BY = "command line"
LONGEST_DAYS = 3650

days_option = click.option(
    "--days",
    type=click.IntRange(1, LONGEST_DAYS),
    default=DAYS,
    show_default=True,
    help="Sent replies of the last so many days are looked at for what was shown and cited.",
)


@click.group(invoke_without_command=True)
@days_option
@json_option
@click.pass_context
def exam(ctx: click.Context, days: int, as_json: bool) -> None:
    """Ask the champion every exam question: is the article among the eight snippets shown?"""
    if ctx.invoked_subcommand is not None:
        return
    program: Program = ctx.obj
    now = utc_now()
    with open_gap_queue(program.settings()) as queue:
        with progress_bar("Asking the exam") as bar:
            results = queue.examine(progress=bar)
        uses = {one.id: one for one in queue.store.usage.of_articles(now - timedelta(days=days))} if results else {}
    reports = [one for one in by_article(results) if one.id in uses]  # what is retired meanwhile is left out
    if as_json:
        print_json({"articles": [_described(one, uses[one.id], now) for one in reports], "lost": _lost(results)})
        return
    if not reports:
        click.echo("There are no exam questions yet: approved articles bring theirs, and `aitl exam add` adds more.")
        return
    _print(reports, uses, now, days)
    for result in results:
        if result.is_lost:
            click.echo(f"! {result.question.article_id} was found once and is not any more: {result.question.words}")


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


@exam.command()
@click.argument("article", required=False)
@json_option
@click.pass_context
def questions(ctx: click.Context, article: str | None, as_json: bool) -> None:
    """List the questions, of ARTICLE or all.

    With how each went the last time it was asked.
    """
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        asked = store.exam.questions(article)
    if as_json:
        print_json({"questions": [_question(one) for one in asked]})
        return
    if not asked:
        click.echo("There are no exam questions yet. Add one with: aitl exam add ARTICLE QUESTION")
    for one in asked:
        click.echo(f"{one.id}  {one.article_id}  {_ORIGINS[one.origin]}, {_went(one)}: {one.words or _REMOVED}")


@exam.command()
@click.argument("question")
@click.pass_context
def withdraw(ctx: click.Context, question: str) -> None:
    """Ask QUESTION, an id, no more.

    The ids are listed by `aitl exam questions`. It stays in the record.
    """
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        store.exam.withdraw(question, BY)
    click.echo(f"{question} is not asked any more.")


@exam.command()
@click.option("--article", help="Only for this article's id; without it for every one that has fewer than three.")
@json_option
@click.pass_context
def generate(ctx: click.Context, article: str | None, as_json: bool) -> None:
    """Have a language model make up questions.

    At most three an article, marked as made up and counted apart. They are kept article by article: a killed run goes
    on with the others.
    """
    program: Program = ctx.obj
    settings = program.settings()
    writer = make_question_writer(settings)
    if writer is None:
        raise ConfigurationError(
            f"AITL_GENERATOR is {settings.generator!r}, which makes up no questions: one put together from an "
            "article's own words is found by those words and shows nothing. Name a language model, or write questions "
            "with: aitl exam add ARTICLE QUESTION"
        )
    with open_store(settings) as store, progress_bar("Making up questions") as bar:
        made = list(make_up_questions(store, writer, article, bar))
    if as_json:
        print_json({"questions": [_question(one) for one in made]})
        return
    for one in made:
        click.echo(f"{one.id}  {one.article_id}: {one.words}")
    click.echo(f"{len(made)} question{'' if len(made) == 1 else 's'} made up.")


@exam.command()
@days_option
@json_option
@click.pass_context
def health(ctx: click.Context, days: int, as_json: bool) -> None:
    """List the articles to look at, and why.

    A lost exam question, often outdated, another figure than a newer article, mostly irrelevant, never cited though
    often shown, past its review date.
    """
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        found = knowledge_health(store, utc_now(), days)
    if as_json:
        print_json({"articles": [_ailing(one) for one in found]})
        return
    if not found:
        click.echo("No article needs to be looked at.")
    for one in found:
        click.echo(f"{one.id}: {one.title}")
        for reason in one.reasons:
            click.echo(f"  - {reason.text}")


_ORIGINS = {"asked": "asked in a case", "written": "written by a person", "synthetic": "made up by a machine"}
_REMOVED = "(removed after the retention time)"


def _went(one: ExamQuestion) -> str:
    if one.passed is None:
        return "not asked yet"
    if one.passed:
        return f"found at rank {one.rank}"
    return "not found" if one.rank is None else f"not among the eight, but at rank {one.rank}"


def _print(reports: Sequence[ArticleReport], uses: Mapping[str, ArticleUse], now: datetime, days: int) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("Article", overflow="fold")
    for name in ("Found", "Median rank", "Made up", "Days old", "Cited", "Outdated", "Irrelevant"):
        table.add_column(name, justify="right")
    for one in reports:
        use, made_up = uses[one.id], one.made_up_passed + one.made_up_failed
        table.add_row(
            escape(one.id),
            f"{one.passed} of {one.passed + one.failed}",
            "-" if one.median_rank is None else f"{one.median_rank:g}",
            f"{one.made_up_passed} of {made_up}" if made_up else "-",
            *(str(count) for count in ((now - use.changed_at).days, use.cited, use.outdated, use.irrelevant)),
        )
    Console(highlight=False).print(table)
    click.echo("Found: questions that show it among the eight; made-up ones are counted apart.")
    click.echo(f"Cited: by the newest {MOST_REPLIES:,} replies sent in the last {days} days, at most.")


def _described(report: ArticleReport, use: ArticleUse, now: datetime) -> dict[str, Any]:
    return {
        "id": report.id,
        "passed": report.passed,
        "failed": report.failed,
        "lost": report.lost,
        "hit@8": None if report.hit_at_8 is None else round(report.hit_at_8, 4),
        "median_rank": report.median_rank,
        "synthetic": {"passed": report.made_up_passed, "failed": report.made_up_failed},
        "age_days": (now - use.changed_at).days,
        "cited": use.cited,
        "outdated": use.outdated,
        "irrelevant": use.irrelevant,
    }


def _lost(results: Sequence[ExamResult]) -> list[dict[str, Any]]:
    """Questions that were passed once and are not any more."""
    return [
        {"article_id": one.question.article_id, "question_id": one.question.id, "rank": one.rank}
        for one in results
        if one.is_lost
    ]


def _question(one: ExamQuestion) -> dict[str, Any]:
    return {
        "id": one.id,
        "article_id": one.article_id,
        "origin": one.origin,
        "text": one.words,
        "case_id": one.case_id,
        "passed": one.passed,
        "rank": one.rank,
    }


def _ailing(one: AilingArticle) -> dict[str, Any]:
    reasons = [{"ailment": reason.ailment, "text": reason.text} for reason in one.reasons]
    return {"id": one.id, "title": one.title, "url": one.url, "reasons": reasons}
