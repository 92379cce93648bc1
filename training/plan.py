"""What a training run would learn from, counted: kinds, agents, and reasons why the rest is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from core.store.store import Store
from core.values import Snippet
from training.agents import Key
from training.datasets import Row, completion_rows, data_hash, preference_rows, relevance_rows, unpaired_rows
from training.examples import Example, read_examples
from training.lessons.gaps import gap_rows
from training.splits import split_by_time

Rows = Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows`: by data set, {"train": ..., "held_out": ...}. `agents`: annotations by agent. `excluded`: by reason.

    `weighs_less`: by agent and kind of annotation, what is left of the weight of those that the others contradict, or
    that say so much that they would outweigh all others.

    `leaked`: cases that are not learned from because a held-out case asks the same, or because they were still talked
    about when the first of those opened. `hash` names the training rows.
    """

    cases: int
    held_out_cases: int
    rows: Mapping[str, Mapping[str, int]]
    agents: Mapping[str, int]
    excluded: Mapping[str, int]
    weighs_less: Mapping[str, Mapping[str, float]]
    leaked: int
    hash: str

    def described(self) -> dict[str, object]:
        """For `--json`: `data` holds the rows."""
        values = asdict(self)
        return {"data": values.pop("rows"), **values}


def data_rows(examples: Sequence[Example], snippets: Sequence[Snippet]) -> Rows:
    """All data sets by kind. `snippets`: the knowledge base as it is now, for what was reported as not found."""
    return {
        "relevance": relevance_rows(examples) + gap_rows(examples, snippets),
        "preference": preference_rows(examples),
        "completion": completion_rows(examples),
        "unpaired": unpaired_rows(examples),
    }


def make_plan(store: Store) -> Plan:
    """Reads everything that was said; trains nothing."""
    found = read_examples(store)
    split = split_by_time(found.examples)
    snippets = store.knowledge.current_snippets()
    train, held_out = data_rows(split.train, snippets), data_rows(split.held_out, snippets)
    return Plan(
        cases=len(split.train),
        held_out_cases=len(split.held_out),
        rows={kind: {"train": len(train[kind]), "held_out": len(held_out[kind])} for kind in train},
        agents=dict(Counter(said.agent_id for example in found for said in example.said)),
        excluded=dict(found.excluded),
        weighs_less=_by_agent(split.weighs_less),
        leaked=split.leaked,
        hash=data_hash(train),
    )


def _by_agent(weighs_less: Mapping[Key, float]) -> dict[str, dict[str, float]]:
    values: dict[str, dict[str, float]] = {}
    for (agent, kind), left in sorted(weighs_less.items()):
        values.setdefault(agent, {})[kind] = round(left, 3)
    return values
