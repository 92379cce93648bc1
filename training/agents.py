"""How much each agent's word weighs: less for those whom the others contradict, and nobody outweighs all others.

The judge rules on each annotation by what is known about it. This looks at an agent's answers together, so it belongs
to a data set and not to a ruling: rulings stay as they are explained, and the next data set is weighed anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from core.annotations import Annotation, AnnotationKind, Preference, Relevance, kind_of
from core.judge.reliability import factor, reliabilities

# Of one kind of annotation, an agent's weight is at most this share of all, or twice an equal one if that is more.
MOST = 0.25
# With fewer agents, or fewer annotations of a kind, one who says most is nothing to wonder about.
FEWEST_AGENTS, FEWEST = 4, 40

Key = tuple[str, AnnotationKind]


def weights_of(said: Sequence[Annotation]) -> dict[Key, float]:
    """What is left of the weight, in (0, 1], by agent and kind; those that lose nothing are left out."""
    reliable = {agent: factor(value) for agent, value in reliabilities(_votes(said)).items()}
    heard: dict[AnnotationKind, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    counts: dict[AnnotationKind, int] = defaultdict(int)
    for one in said:
        heard[kind_of(one)][one.agent_id] += one.weight * reliable.get(one.agent_id, 1.0)
        counts[kind_of(one)] += 1
    left: dict[Key, float] = {}
    for kind, by_agent in heard.items():
        capped = _capped(by_agent) if counts[kind] >= FEWEST else {}
        for agent in by_agent:
            value = reliable.get(agent, 1.0) * capped.get(agent, 1.0)
            if value < 1.0:
                left[agent, kind] = value
    return left


def weighed(said: Iterable[Annotation], left: Mapping[Key, float]) -> tuple[Annotation, ...]:
    """The annotations with the weight that is left of each."""
    return tuple(
        one if factor == 1.0 else one.model_copy(update={"weight": one.weight * factor})
        for one in said
        for factor in [left.get((one.agent_id, kind_of(one)), 1.0)]
    )


def _votes(said: Iterable[Annotation]) -> dict[Hashable, dict[str, bool]]:
    """Questions with two answers that several may have answered: which draft is better, whether a snippet helped.

    An outdated snippet and a tie are no answer to these.
    """
    votes: dict[Hashable, dict[str, bool]] = defaultdict(dict)
    for one in said:
        if isinstance(one, Preference) and one.chosen_slot is not None:
            votes[one.suggestion_id, "better"][one.agent_id] = one.chosen_slot == "a"
        elif isinstance(one, Relevance) and one.label != "outdated":
            votes[one.suggestion_id, one.snippet_id][one.agent_id] = one.label == "helpful"
    return votes


def _capped(weights: Mapping[str, float]) -> dict[str, float]:
    """What is left of the weight of those who have more than the largest share, so that they have just that."""
    agents = [agent for agent, weight in sorted(weights.items(), key=lambda item: -item[1]) if weight > 0]
    if len(agents) < FEWEST_AGENTS:
        return {}
    most, rest = max(MOST, 2.0 / len(agents)), sum(weights.values())
    for count, agent in enumerate(agents):  # the `count` before this one have too much
        limit = most / (1.0 - most * count) * rest
        if weights[agent] <= limit:
            return {one: limit / weights[one] for one in agents[:count]}
        rest -= weights[agent]
    return {}
