"""What `aitl bench latency` found, as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from bot.bench.acknowledgement import AckTimes
from bot.bench.bounds import Bound
from bot.bench.drafts import DraftTimes
from bot.bench.encoder import EncoderTimes
from bot.bench.growth import Measure
from bot.bench.latency import Results
from bot.bench.spread import Spread
from bot.bench.startup import StartTimes

_WIDEST_TITLE = 100


def print_results(results: Results, console: Console) -> None:
    """One table per part, the bounds last."""
    console.print(_drafts(results))
    console.print(_acknowledgement(results.acknowledgement, results.plan.in_flight))
    console.print(_growth(results.growth))
    console.print(_encoder(results.encoder))
    console.print(_start(results.start))
    console.print(_bounds(results.bounds))
    machine = results.machine
    console.print(
        f"{machine['cores']} cores, load {machine['load_1min']:.1f} at the end; {results.seconds:.0f} s in all"
    )


def _drafts(results: Results) -> Table:
    title = f"From case to drafts, in seconds: {results.snippets} snippets (the sample and variations of it)"
    columns = [_draft_cells(one) for one in results.drafts.values()]
    rows = ((label, *(column[label] for column in columns)) for label in columns[0])
    return _table(title, ("", *results.drafts), rows)


def _draft_cells(one: DraftTimes) -> dict[str, str]:
    return {
        "in all, p50 / p95": _seconds(one.total_s),
        "the same model calls alone": _seconds(one.bare_s),
        "search, drafting, checking": _seconds(one.pipeline_rest_s),
        "queues, store, Slack": _seconds(one.around_s),
        "everything else than models": f"{one.share_of_everything_else:.1%}",
        "cases a minute, all at once": f"{one.per_minute:.0f}",
        "the model calls alone, one by one": f"{one.per_minute_bare:.0f}",
        "texts asked for / encoded per case": f"{one.texts_asked:.0f} / {one.texts_encoded:.0f}",
    }


def _acknowledgement(times: AckTimes, in_flight: int) -> Table:
    title = f"A click acknowledged, in ms: at least {times.fewest_in_flight} of {in_flight} slow cases in flight"
    spreads = {"AITL": times.bot_ms, "a bare Bolt app": times.bare_bolt_ms, "one committed insert": times.insert_ms}
    rows = ((name, *_ms(one)) for name, one in spreads.items())
    return _table(title, ("", "p50", "p95", "p99"), rows)


def _growth(measures: Sequence[Measure]) -> Table:
    title = "Growth, p50 in ms (made-up snippets with random unit vectors; made-up cases)"
    rows = [(one.name, *_by_size(one), f"{one.ratio:.1f}", f"{one.data_ratio:.0f}") for one in measures]
    return _table(title, ("", "small", "middle", "large", "times as long", "times the data"), rows)


def _by_size(measure: Measure) -> tuple[str, str, str]:
    """Small, middle if there is one, large."""
    small, *middle, large = (
        f"{spread.p50:.2f} ({size})" for size, spread in zip(measure.sizes, measure.ms, strict=True)
    )
    return small, "".join(middle[:1]), large


def _encoder(times: EncoderTimes) -> Table:
    title = (
        f"The encoder, ms per text, p50; the first 75 ranked alike: mean Spearman {times.spearman:.4f}, "
        f"of the first eight {times.top_8_overlap:.1%} the same; "
        f"{'bfloat16 is used here' if times.is_used else 'this processor has no bfloat16, so 32 bits are used'}"
    )
    loads = {"a question alone": times.question_ms, "eight together": times.together_ms, "a snippet": times.snippet_ms}
    names = list(times.question_ms)
    rows = ((label, *(f"{by_name[name].p50:.1f}" for name in names)) for label, by_name in loads.items())
    return _table(title, ("", *names), rows)


def _start(times: StartTimes) -> Table:
    rows = [
        ("ready", f"{times.ready_s.p50:.1f} s"),
        ("first acknowledgement", f"{times.first_acknowledgement_s.p50:.1f} s"),
        ("first drafts", f"{times.first_drafts_s.p50:.1f} s"),
        ("most memory", f"{times.peak_memory_mib:.0f} MiB"),
    ]
    return _table(f"From the start of the process, p50 of {times.ready_s.n}", ("", ""), rows)


def _bounds(bounds: Iterable[Bound]) -> Table:
    rows = [(one.name, f"{one.value:.3g}", one.limit_in_words, "kept" if one.kept else "MISSED") for one in bounds]
    return _table("Bounds", ("", "measured", "promised", ""), rows)


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", min_width=min(len(title), _WIDEST_TITLE))
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _seconds(spread: Spread) -> str:
    return f"{spread.p50:.2f} / {spread.p95:.2f}"


def _ms(spread: Spread) -> tuple[str, ...]:
    return tuple(f"{value:.1f}" for value in (spread.p50, spread.p95, spread.p99))
