"""What the champion of a flywheel run still gets wrong, sorted by cause, and the worst of it to read.

    python -m training.bench.flywheel.misses DIR OUT [--run main] [--show 50]

DIR is the data set, OUT the folder that `aitl bench flywheel DIR --out OUT` wrote. Each right passage of a scored
question that is not among the eight, though there was room for it, is a miss. Its cause is what stands in its place:

    another subject    the passage is of a subject (title) of which nothing is among the eight: the conversation was
                       taken to be about something else
    not found          its subject is shown, and it is not among the 75
    ranked too low     its subject is shown, it is among the 75, and at least one snippet that is shown is not right
    no room            all eight are right; there are more right passages than places (no miss: counted apart)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import click

from core.values import SNIPPETS_SHOWN
from training.bench.flywheel.bench import FOLDER, MAIN
from training.bench.flywheel.data import DataSet, Query, read_data
from training.bench.flywheel.home import Home, open_home
from training.bench.flywheel.scoring import question_of
from training.evaluation.answers import find

Cause = Literal["another subject", "not found", "ranked too low"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One of the knowledge base, as a person reads it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Miss:
    """A right passage that is not shown. `place`: in the ranking, from 1; 0 where it is not in it."""

    passage: Passage
    cause: Cause
    place: int


@dataclass(frozen=True, slots=True)
class Missed:
    """A question with its misses. `no_room`: right passages beyond the eight that could be shown."""

    query: Query
    shown: tuple[Passage, ...]
    misses: tuple[Miss, ...]
    no_room: int


def missed(query: Query, ranking: Sequence[str], passages: dict[str, Passage]) -> Missed:
    """What is missed in this ranking of passage ids, best first."""
    places = {one: place for place, one in enumerate(ranking, 1)}
    shown = ranking[:SNIPPETS_SHOWN]
    subjects = {passages[one].title for one in shown}
    behind = sorted((one for one in query.gold if one not in shown), key=lambda one: (places.get(one, 0) or 10**9, one))
    room = SNIPPETS_SHOWN - len(query.gold & set(shown))
    misses = [
        Miss(passages[one], _cause(passages[one].title in subjects, found=one in places), places.get(one, 0))
        for one in behind[:room]
    ]
    return Missed(query, tuple(passages[one] for one in shown), tuple(misses), len(behind[room:]))


def _cause(subject_shown: bool, *, found: bool) -> Cause:
    if not subject_shown:
        return "another subject"
    return "ranked too low" if found else "not found"


def misses_of(home: Home, data: DataSet) -> list[Missed]:
    """Of every scored question, in the order of the data set."""
    suggester = home.champion()
    snippets = home.store.knowledge.current_snippets()
    article_of = {one.id: one.article_id for one in snippets}
    passages = {one.article_id: Passage(one.article_id, one.title, one.text) for one in snippets}
    found = []
    for query in data.splits[data.scored]:
        ids = find(suggester, question_of(query, home.clock())).ids
        found.append(missed(query, list(dict.fromkeys(article_of[one] for one in ids)), passages))
    return found


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--run", default=MAIN, show_default=True, help="Which run: the flywheel itself, or a control by name.")
@click.option("--show", default=50, show_default=True, help="How many questions to print, those that miss most first.")
def main(directory: Path, out: Path, run: str, show: int) -> None:
    """Count what is missed by cause, and print the questions that miss most."""
    with open_home(out.resolve() / FOLDER / run) as home:
        found = misses_of(home, read_data(directory))
    causes = Counter(one.cause for each in found for one in each.misses)
    right = sum(len(each.query.gold) - each.no_room for each in found)
    click.echo(f"{len(found)} questions; of {right} right passages that could be shown {causes.total()} are not:")
    for cause, count in causes.most_common():
        click.echo(f"  {cause:<16} {count:>5}  {count / right:.3f}")
    worst = sorted(found, key=lambda each: -len(each.misses))
    for each in worst[:show]:
        if each.misses:
            click.echo("\n".join(_told(each)))


def _told(each: Missed) -> list[str]:
    said = [f"{one.role}: {one.text}" for one in each.query.turns]
    missing = [f"  - {one.cause} (place {one.place or '-'}): {_line(one.passage)}" for one in each.misses]
    shown = [f"  {'+' if one.id in each.query.gold else ' '} {_line(one)}" for one in each.shown]
    return ["", f"== {each.query.id}", *said, "missing:", *missing, "shown (+ right):", *shown]


def _line(passage: Passage) -> str:
    return f"{passage.title}: {passage.text}"


if __name__ == "__main__":
    main()
