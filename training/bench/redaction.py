"""What does redaction mask that it should not, and what does it miss?

    python -m training.bench.redaction --sample [--seed 7] [--each 5]

False alarms: every text of the sample cases, their replies and the articles is redacted, and each mask is listed with
its words around it; the same is done with made-up bookings, orders, amounts and dates. Misses: made-up numbers with
right check digits of many countries stand in sentences, with and without a word that names them. One row of the result:
    {"sort": "[tax id] US SSN", "named": 1.0, "bare": 1.0, "n": 60}
"""

from __future__ import annotations

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import click

from core.redaction import MASKS, redact
from core.sample import sample_articles_dir, sample_cases
from training.bench.personal_numbers import OTHERS, PHONE_REGIONS, SORTS, WORDLESS, fill, phone_sentences, sentences

_MASK = re.compile("|".join(map(re.escape, MASKS)))
_AROUND = 40
# What in the sample is personal by its form: made-up addresses and numbers that nobody can have.
_PERSONAL = re.compile(r"[\w.+-]+@[\w.-]+\.example|[\w.+-]+@example\.(?:com|org|net)|555-01\d\d")


@dataclass(frozen=True, slots=True)
class Found:
    """A mask in a text of the sample. `alarm`: false, because nothing personal stood there."""

    source: str
    mask: str
    around: str
    alarm: bool


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares in [0, 1] of numbers that are masked whole, after a word that names them and without; None: not asked."""

    sort: str
    named: float | None
    bare: float | None
    n: int


def sample_texts() -> Iterator[tuple[str, str]]:
    """Where it stands, and the text: every turn, reply and article."""
    for case in sample_cases():
        yield from ((case.id, turn.text) for turn in case.turns)
        yield f"{case.id} reply", case.reply
    for path in sorted(sample_articles_dir().rglob("*.md")):
        yield path.name, path.read_text("utf-8")


def masks_in(texts: Iterable[tuple[str, str]]) -> list[Found]:
    """Every mask that redaction puts into these texts. A text that has masks already counts them too."""
    found = []
    for source, text in texts:
        redacted = redact(text)
        personal = len(_PERSONAL.findall(text)) - len(_PERSONAL.findall(redacted))
        for number, match in enumerate(_MASK.finditer(redacted)):
            around = redacted[max(0, match.start() - _AROUND) : match.end() + _AROUND]
            found.append(Found(source, match.group(), " ".join(around.split()), alarm=number >= personal))
    return found


def false_alarm_rate(shapes: Iterable[str], each: int, chance: random.Random) -> tuple[float, dict[str, int]]:
    """Share of made-up texts that lose something, in [0, 1], and how often each shape does."""
    total, alarms = 0, defaultdict[str, int](int)
    for shape in shapes:
        for _ in range(each):
            text = fill(shape, chance)
            total, alarms[shape] = total + 1, alarms[shape] + (redact(text) != text)
    return sum(alarms.values()) / total, {shape: count for shape, count in alarms.items() if count}


def recall(each: int, chance: random.Random) -> list[Recall]:
    """Every sort and country, in the order of the tables."""
    by_sort: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for sort in SORTS:
        for number, text, named in sentences(sort, each, chance):
            by_sort[sort.name].append((named, is_masked(number, text)))
    for region in PHONE_REGIONS:
        for number, text, named in phone_sentences(region):
            by_sort[f"[phone] {region}"].append((named, is_masked(number, text)))
    return [
        Recall(
            name,
            _share(hit for named, hit in hits if named),
            _share(hit for named, hit in hits if not named),
            len(hits),
        )
        for name, hits in by_sort.items()
    ]


def is_masked(number: str, text: str) -> bool:
    """True where the whole number is gone and everything else is still there."""
    before, after = text.split(number, 1)
    redacted = redact(text)
    # A bracket or a plus may belong to the number or to the sentence.
    return (
        redacted.startswith(before)
        and redacted.endswith(after)
        and _MASK.fullmatch(redacted[len(before) : len(redacted) - len(after)]) is not None
    )


def _share(hits: Iterable[bool]) -> float | None:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else None


@click.command()
@click.option("--sample", is_flag=True, required=True, help="The sample cases and articles, and made-up numbers.")
@click.option("--seed", default=7, show_default=True)
@click.option("--each", default=5, show_default=True, help="How many numbers of each shape.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on stdout.")
def main(sample: bool, seed: int, each: int, as_json: bool) -> None:
    """Measure redaction."""
    chance = random.Random(seed)
    texts = list(sample_texts())
    start = time.perf_counter()
    found = masks_in(texts)
    seconds = time.perf_counter() - start
    rate, alarms = false_alarm_rate(OTHERS, 40 * each, chance)
    wordless_rate, wordless = false_alarm_rate(WORDLESS, 40 * each, chance)
    recalls = recall(each, chance)
    result = {
        "texts": len(texts),
        "texts_with_a_mask": len({one.source for one in found}),
        "false_alarms": sum(one.alarm for one in found),
        "ms_per_text": 1000 * seconds / len(texts),
        "made_up_references": {"false_alarm_rate": rate, "by_shape": alarms},
        "numbers_without_a_word": {"false_alarm_rate": wordless_rate, "by_shape": wordless},
        "recall": [asdict(one) for one in recalls],
    }
    if as_json:
        click.echo(json.dumps(result))
        return
    _print(result, found, recalls)


def _print(result: dict[str, object], found: list[Found], recalls: list[Recall]) -> None:
    for one in found:
        click.echo(f"{'FALSE' if one.alarm else 'right'}  {one.source:32} {one.around}")
    for name, value in result.items():
        if name != "recall":
            click.echo(f"{name}: {value}")
    click.echo(f"{'':44} named   bare      n")
    for row in recalls:
        click.echo(f"{row.sort:44} {_percent(row.named)} {_percent(row.bare)} {row.n:6}")


def _percent(share: float | None) -> str:
    return "     -" if share is None else f"{share:6.3f}"


if __name__ == "__main__":
    main()
