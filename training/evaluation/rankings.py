"""How good rankings are against what is known to be right, as TREC computes it (ir-measures).

Measures are named as ir-measures names them: `R@75` recall, `P@8` precision, `nDCG@10`, `RR` reciprocal rank (its mean
is the MRR), `Success@8` at least one hit, `Judged@8` the share of the first eight that anybody has judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import ir_measures

Labels = Mapping[str, float]  # by id, 1.0 right and 0.0 wrong; what is not in it was never judged
_GRADES = 1000  # TREC's relevance is a whole number
RIGHT = 0.5  # from this label on an id counts as right


def score_rankings(
    rankings: Mapping[str, Sequence[str]], labels: Mapping[str, Labels], measures: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Scores in [0, 1] by measure and query, for every query in `labels`.

    A ranking holds ids, best first; an id that stands there again keeps its place and gains nothing, and a query
    without a ranking scores 0. Raises ValueError for a query without a right id: it has no score; leave it out.
    """
    parsed = {name: ir_measures.parse_measure(name) for name in measures}
    for query, known in labels.items():
        if not any(label >= RIGHT for label in known.values()):
            raise ValueError(f"the query {query!r} has no right answers, so it has no score; leave it out")
    judged = {query: {one: int(label >= RIGHT) for one, label in known.items()} for query, known in labels.items()}
    run = {query: _places(rankings.get(query, ())) for query in labels}
    found: dict[str, dict[str, float]] = {name: dict.fromkeys(labels, 0.0) for name in parsed}
    names = {str(measure): name for name, measure in parsed.items()}
    for one in ir_measures.iter_calc(list(parsed.values()), judged, run):
        found[names[str(one.measure)]][one.query_id] = float(one.value)
    return found


def score_gains(
    rankings: Mapping[str, Sequence[str]], gains: Mapping[str, Mapping[str, float]], measure: str
) -> dict[str, float]:
    """A measure of graded relevance (nDCG) in [0, 1] by query, for every query in `gains`.

    A gain is in [0, 1] and is kept to three digits; what has none gains nothing. A query without gains scores 0.
    """
    judged = {query: {one: round(gain * _GRADES) for one, gain in known.items()} for query, known in gains.items()}
    run = {query: _places(rankings.get(query, ())) for query in gains}
    found = dict.fromkeys(gains, 0.0)
    for one in ir_measures.iter_calc([ir_measures.parse_measure(measure)], judged, run):
        found[one.query_id] = float(one.value)
    return found


def precision_cap(k: int, right: Collection[str]) -> float:
    """The highest precision@k any ranking can have: with fewer than k right ids it is below 1."""
    return min(k, len(right)) / k


def _places(ranking: Sequence[str]) -> dict[str, float]:
    """Ids by falling score; a repeated one under a name that nobody has judged."""
    run: dict[str, float] = {}
    for place, one in enumerate(ranking):
        run[f"{one} (again at {place})" if one in run else one] = float(len(ranking) - place)
    return run
