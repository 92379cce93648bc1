"""Which sample cases a demo plays, and in which order: the same for the same number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, cycle, islice, zip_longest

from core.sample import SampleCase, sample_cases

# Cases that already stand in the channel when the page opens: plain, multi-turn, angry, in words of their own.
SHOWN_FIRST = ("a-001", "b-001", "c-001")


def shown_first() -> list[SampleCase]:
    """The cases that wait in the channel of an interactive demo."""
    by_id = {case.id: case for case in sample_cases()}
    return [by_id[case_id] for case_id in SHOWN_FIRST]


def cases_to_play(count: int) -> list[SampleCase]:
    """`count` cases, by turns from every part of the sample; the first is one that no article answers.

    So even one case brings all four kinds of feedback. More than there are: they start over.
    """
    parts: dict[str, list[SampleCase]] = {}
    for case in sample_cases():
        parts.setdefault(case.id.split("-")[0], []).append(case)
    mixed = [case for case in chain.from_iterable(zip_longest(*parts.values())) if case is not None]
    first = next(case for case in mixed if not case.articles and len(case.turns) == 1)
    return list(islice(cycle(_first(first, mixed)), count))


def _first(case: SampleCase, others: Sequence[SampleCase]) -> list[SampleCase]:
    return [case, *(other for other in others if other is not case)]
