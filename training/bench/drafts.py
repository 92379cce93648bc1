"""How good are the drafts? Every sample case is answered and measured against its labels and its human reply.

    python -m training.bench.drafts --sample [--limit N] [--show 30]

Knowledge and cases are the ones that ship with the product. Nothing is kept: the knowledge base is built in a
temporary folder. One example row of what is measured, per case:
    {"id": "a-001", "cited_gold": true, "first_gold": true, "supported": 1.0, "rouge_l": 0.31, "cosine": 0.72, ...}
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import click
import numpy as np

from core.bootstrap import Services, open_services
from core.citations import without_marks
from core.clock import utc_now
from core.drafting.similarity import near_identical
from core.knowledge.ingest import Ingest
from core.knowledge_base import make_indexes
from core.sample import SampleCase, sample_articles_dir, sample_cases
from core.settings import Settings
from core.values import Candidate, Case, Suggestion
from core.words import words

_SEED = 20260601


@dataclass(frozen=True, slots=True)
class Measured:
    """What one case gives. Shares are in [0, 1]; `None` where a measure does not apply."""

    id: str
    tags: tuple[str, ...]
    styles: tuple[str, ...]
    shown_gold: bool | None  # a snippet of a right article is among the eight
    cited_gold: bool | None  # A or B cites one
    first_gold: bool | None  # the first cited sentence of the better-placed draft is from one
    all_gold: bool | None  # every right article is cited by A or B
    supported: float  # share of fact sentences of both drafts that the checker accepts
    answers: bool  # the checker's third mark, for A or B
    said_unknown: bool  # both drafts say that the help centre does not answer
    near_identical: bool
    rouge_l: float  # the better draft against the human reply
    cosine: float
    words: float  # mean length of the two
    seconds: float


def bench(services: Services, cases: Sequence[SampleCase]) -> tuple[list[Measured], list[Suggestion]]:
    """Every case answered with a fixed seed, and measured."""
    measured, suggestions = [], []
    for number, case in enumerate(cases):
        asked = Case(case.id, "T", "C", str(number), "U", case.turns, "open", utc_now())
        start = time.perf_counter()
        suggestion = services.suggester.suggest(asked, 1, seed=_SEED + number)
        seconds = time.perf_counter() - start
        measured.append(_measured(services, case, suggestion, seconds))
        suggestions.append(suggestion)
    return measured, suggestions


def _measured(services: Services, case: SampleCase, suggestion: Suggestion, seconds: float) -> Measured:
    candidates = suggestion.candidates
    texts = [without_marks(one.text) for one in candidates]
    article_of = {ranked.rank: ranked.snippet.article_id for ranked in suggestion.shown}
    cited = {article_of[n] for one in candidates for n in one.citations}
    gold = set(case.articles)
    facts = [check for one in candidates for check in one.report.sentences if check.states_fact]
    vectors = services.suggester.embedder.embed([case.reply, *texts])
    return Measured(
        id=case.id,
        tags=tuple(sorted(case.tags)),
        styles=tuple(one.style for one in candidates),
        shown_gold=bool(gold & set(article_of.values())) if gold else None,
        cited_gold=bool(gold & cited) if gold else None,
        first_gold=any(article_of[n] in gold for n in _first_cited(candidates)) if gold else None,
        all_gold=gold <= cited if gold else None,
        supported=float(np.mean([check.supported for check in facts])) if facts else 1.0,
        answers=any(one.report.answers_question for one in candidates),
        said_unknown=all(one.source == "no_answer" for one in candidates),
        near_identical=len(candidates) > 1 and near_identical(*(one.text for one in candidates[:2])),
        rouge_l=max(rouge_l(case.reply, text) for text in texts),
        cosine=float((vectors[1:] @ vectors[0]).max()),
        words=float(np.mean([len(text.split()) for text in texts])),
        seconds=seconds,
    )


def _first_cited(candidates: Sequence[Candidate]) -> tuple[int, ...]:
    """The citations of the first fact of the shorter draft: what an agent reads first."""
    shorter = min(candidates, key=lambda one: len(one.text))
    return next((check.citations for check in shorter.report.sentences if check.citations), ())


def rouge_l(reference: str, text: str) -> float:
    """ROUGE-L F1 over lower-case words, in [0, 1]: the longest common subsequence (Lin, 2004)."""
    mine, theirs = words(text), words(reference)
    if not mine or not theirs:
        return 0.0
    lengths = [0] * (len(theirs) + 1)
    for word in mine:
        diagonal = 0
        for place, other in enumerate(theirs, 1):
            above = lengths[place]
            lengths[place] = diagonal + 1 if word == other else max(above, lengths[place - 1])
            diagonal = above
    return 2 * lengths[-1] / (len(mine) + len(theirs))


def summary(measured: Sequence[Measured]) -> dict[str, float]:
    """All figures over the cases: shares and means in [0, 1], lengths in words, times in seconds."""
    answerable = [one for one in measured if "no_answer" not in one.tags]
    unknown = [one for one in measured if "no_answer" in one.tags]
    said = [one for one in measured if one.said_unknown]
    seconds = sorted(one.seconds for one in measured)
    return {
        "cases": len(measured),
        "a right article among the eight": _share([bool(one.shown_gold) for one in answerable]),
        "a right article cited by A or B": _share([bool(one.cited_gold) for one in answerable]),
        "first sentence from a right article": _share([bool(one.first_gold) for one in answerable]),
        "every right article cited": _share([bool(one.all_gold) for one in answerable]),
        "fact sentences supported": float(np.mean([one.supported for one in measured])),
        "answers the question (checker)": _share([one.answers for one in answerable]),
        "ROUGE-L of the better draft": float(np.mean([one.rouge_l for one in measured])),
        "cosine of the better draft": float(np.mean([one.cosine for one in measured])),
        "no answer: precision": _share(["no_answer" in one.tags for one in said]),
        "no answer: recall": _share([one.said_unknown for one in unknown]),
        "answerable, but called unknown": _share([one.said_unknown for one in answerable]),
        "near-identical pairs": _share([one.near_identical for one in measured]),
        "words per draft": float(np.mean([one.words for one in measured])),
        "seconds per suggestion, median": seconds[len(seconds) // 2],
        "seconds per suggestion, 95 %": seconds[int(len(seconds) * 0.95)],
    }


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def by_tag(measured: Sequence[Measured]) -> dict[str, tuple[int, float, float]]:
    """Per tag: how many cases, share with a right article cited (or rightly unknown), mean cosine."""
    tags = sorted({tag for one in measured for tag in one.tags} | {"(plain)"})
    rows = {}
    for tag in tags:
        these = [one for one in measured if tag in one.tags or (tag == "(plain)" and not one.tags)]
        right = [one.said_unknown if one.cited_gold is None else one.cited_gold for one in these]
        if these:
            rows[tag] = (len(these), _share(right), float(np.mean([one.cosine for one in these])))
    return rows


def _print(case: SampleCase, suggestion: Suggestion) -> None:
    click.echo(f"\n{'=' * 20} {case.id} {', '.join(case.tags)} | right: {', '.join(case.articles) or 'none'}")
    for turn in case.turns:
        click.echo(f"{turn.role.upper()}: {turn.text}")
    click.echo("shown: " + ", ".join(f"{one.rank} {one.snippet.article_id}" for one in suggestion.shown))
    for one in suggestion.candidates:
        marks = ", ".join(check.reason for check in one.report.sentences if not check.supported)
        click.echo(f"--- {one.slot.upper()} ({one.style}) {marks}\n{one.text}")
    click.echo(f"--- human\n{case.reply}")


@click.command()
@click.option("--sample", is_flag=True, required=True, help="Measure on the sample cases (the only data set there is).")
@click.option("--limit", type=click.IntRange(min=1), help="Only every k-th case, about this many.")
@click.option(
    "--show", type=click.IntRange(min=0), default=0, help="Print this many suggestions, spread over all cases."
)
@click.option("--out", type=click.Path(path_type=Path), help="Write one JSON object per case here.")
def main(sample: bool, limit: int | None, show: int, out: Path | None) -> None:
    """Measure the drafts on the sample cases."""
    cases = sample_cases()
    cases = cases[:: max(1, len(cases) // limit)] if limit else cases
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.from_environment({"AITL_HOME": folder})
        with open_services(settings) as services:
            Ingest(
                knowledge=services.store.knowledge,
                indexes=make_indexes(settings),
                embedders=lambda: [services.suggester.embedder],
                turn=nullcontext,
            ).run([sample_articles_dir()])
            services.suggester.warm()
            measured, suggestions = bench(services, cases)
    for name, value in summary(measured).items():
        click.echo(f"{name:40} {value:8.3f}")
    click.echo(f"\n{'tag':20} {'n':>4} {'right':>6} {'cosine':>6}")
    for tag, (count, right, cosine) in by_tag(measured).items():
        click.echo(f"{tag:20} {count:4d} {right:6.2f} {cosine:6.2f}")
    step = max(1, len(cases) // show) if show else 0
    for case, suggestion in list(zip(cases, suggestions, strict=True))[:: step or len(cases) + 1][:show]:
        _print(case, suggestion)
    if out:
        out.write_text("".join(json.dumps(asdict(one)) + "\n" for one in measured), "utf-8")


if __name__ == "__main__":
    main()
