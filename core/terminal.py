"""A suggestion as text for a terminal: two drafts, their sources, what the checker found."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from core.values import Candidate, RankedSnippet, Suggestion

EXCERPT = 200


def print_suggestion(suggestion: Suggestion, seconds: float) -> None:
    """Write it to stdout, at the terminal's width."""
    console = Console(highlight=False)
    if suggestion.notice:
        console.print(f"\n{escape(suggestion.notice)}")
    for candidate in suggestion.candidates:
        console.print(f"\n[bold]Draft {candidate.slot.upper()}[/bold] [dim]{escape(_how(candidate))}[/dim]")
        console.print(Padding(escape(candidate.text), (0, 0, 0, 2), expand=False))
        for warning in _warnings(candidate):
            console.print(Padding(f"[yellow]! {escape(warning)}[/yellow]", (0, 0, 0, 2), expand=False))
    console.print("\n[bold]Sources[/bold]")
    for ranked in suggestion.shown:
        _print_snippet(console, ranked)
    stages = ", ".join(f"{stage} {spent:.2f}" for stage, spent in suggestion.timings_s.items() if spent >= 0.005)
    console.print(f"\n[dim]{seconds:.1f} s in all, with loading the model ({stages})[/dim]")


def _how(candidate: Candidate) -> str:
    case = f", after {candidate.solved_case_id}" if candidate.solved_case_id else ""
    return f"({candidate.style}{case})"


def _warnings(candidate: Candidate) -> Iterator[str]:
    for sentence in candidate.report.sentences:
        if not sentence.supported:
            yield f"“{sentence.text}”: {sentence.reason}"
    if not candidate.report.citations_valid:
        yield "a citation does not say what is claimed"


def _print_snippet(console: Console, ranked: RankedSnippet) -> None:
    snippet = ranked.snippet
    place = f" · {snippet.section}" if snippet.section else ""
    text = " ".join(snippet.text.split())
    excerpt = text if len(text) <= EXCERPT else text[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"
    head = f"[bold]\\[{ranked.rank}][/bold] {escape(snippet.title + place)} [dim]{ranked.score:.2f}[/dim]"
    console.print(Padding(head, (0, 0, 0, 2), expand=False))
    if snippet.url:
        console.print(f"      [dim]{escape(snippet.url)}[/dim]", soft_wrap=True)
    console.print(Padding(escape(excerpt), (0, 0, 0, 6), expand=False))
