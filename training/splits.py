"""What is learned from and what it is measured on: split by case and by time, and nothing leaks.

The latest cases are held out, because a model is used on cases that come after those it learned from. A case whose
words stood in the held-out part already (the same customer asking again, a form letter) leaves the training part. How
much an agent's word weighs in training is estimated from the training part alone; what is measured on is weighed by all
that is known of the agents, which is more, and teaches nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.solved_cases import question_of
from core.words import content_stems, coverage
from training.agents import Key, weighed, weights_of
from training.examples import Example

# Jaccard overlap of content stems from which two questions count as the same.
SAME = 0.8
# As many as an evaluation asks at most: what is held out beyond that would teach nobody anything.
HELD_OUT_MOST = 400


@dataclass(frozen=True, slots=True)
class Split:
    """`leaked`: how many cases left the training part because the held-out part holds the same question.

    `weighs_less`: by agent and kind, what is left of the weight in training of those whose word counts less.
    """

    train: tuple[Example, ...]
    held_out: tuple[Example, ...]
    leaked: int
    weighs_less: Mapping[Key, float] = field(default_factory=dict)


def split_by_time(examples: Sequence[Example], held_out_share: float = 0.2, most: int = HELD_OUT_MOST) -> Split:
    """The latest cases held out. A case whose last word came after the first held-out case opened is left out too.

    `held_out_share` is in (0, 1); with fewer than two examples nothing is held out, and never more than `most`.
    """
    ordered = sorted(examples, key=lambda one: (one.case.created_at, one.case.id))
    count = min(most, round(len(ordered) * held_out_share)) if len(ordered) > 1 else 0
    if not count:
        return _weighed(ordered, [], ordered)
    held_out = ordered[-count:]
    cut = held_out[0].case.created_at
    before = [one for one in ordered[:-count] if max(said.created_at for said in one.said) < cut]
    seen = Questions(question_of(one.case.turns) for one in held_out)
    train = [one for one in before if not seen.has_one_like(question_of(one.case.turns))]
    return _weighed(train, held_out, ordered)


def _weighed(train: Sequence[Example], held_out: Sequence[Example], everything: Sequence[Example]) -> Split:
    of_train, of_all = (weights_of([said for one in some for said in one.said]) for some in (train, everything))
    return Split(
        tuple(replace(one, said=weighed(one.said, of_train)) for one in train),
        tuple(replace(one, said=weighed(one.said, of_all)) for one in held_out),
        leaked=len(everything) - len(held_out) - len(train),
        weighs_less=of_train,
    )


class Questions:
    """Finds out whether the same question was asked, by its words; with an index, so that 100,000 are no matter."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._stems = [content_stems(text) for text in texts]
        self._with: dict[str, list[int]] = defaultdict(list)
        for place, stems in enumerate(self._stems):
            for stem in stems:
                self._with[stem].append(place)

    def has_one_like(self, text: str) -> bool:
        """True where the content words of both overlap by `SAME` or more. A text without any is like no other."""
        stems = content_stems(text)
        # Whatever overlaps so much shares one of the rarest words: only those are looked up.
        rarest = sorted(stems, key=lambda stem: len(self._with.get(stem, ())))
        wanted = rarest[: max(1, round(len(stems) * (1 - SAME)) + 1)]
        places = {place for stem in wanted for place in self._with.get(stem, ())}
        return any(jaccard(stems, self._stems[place]) >= SAME for place in places)


def jaccard(one: set[str], other: set[str]) -> float:
    """Jaccard overlap of two sets of stems, in [0, 1]; of two empty ones 0.0."""
    shared = coverage(one, other) * len(one)
    return shared / (len(one) + len(other) - shared) if one or other else 0.0
