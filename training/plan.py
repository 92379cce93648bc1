"""What a training run would learn from, counted: kinds, agents, and reasons why the rest is left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from core.store.store import Store
from training.datasets import Row, completion_rows, data_hash, preference_rows, relevance_rows, unpaired_rows
from training.examples import Example, read_examples
from training.splits import split_by_time

DATASETS: Mapping[str, Callable[[Iterable[Example]], list[Row]]] = {
    "relevance": relevance_rows,
    "preference": preference_rows,
    "completion": completion_rows,
    "unpaired": unpaired_rows,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """`rows`: by data set, {"train": ..., "held_out": ...}. `agents`: annotations by agent. `excluded`: by reason.

    `leaked`: cases that are not learned from because a held-out case asks the same, or because they were still talked
    about when the first of those opened. `hash` names the training rows.
    """

    cases: int
    held_out_cases: int
    rows: Mapping[str, Mapping[str, int]]
    agents: Mapping[str, int]
    excluded: Mapping[str, int]
    leaked: int
    hash: str

    def described(self) -> dict[str, object]:
        """For `--json`: `data` holds the rows."""
        values = asdict(self)
        return {"data": values.pop("rows"), **values}


def make_plan(store: Store) -> Plan:
    """Reads everything that was said; trains nothing."""
    found = read_examples(store)
    split = split_by_time(found.examples)
    train = {kind: make(split.train) for kind, make in DATASETS.items()}
    held_out = {kind: make(split.held_out) for kind, make in DATASETS.items()}
    return Plan(
        cases=len(split.train),
        held_out_cases=len(split.held_out),
        rows={kind: {"train": len(train[kind]), "held_out": len(held_out[kind])} for kind in DATASETS},
        agents=dict(Counter(said.agent_id for example in found for said in example.said)),
        excluded=dict(found.excluded),
        leaked=split.leaked,
        hash=data_hash(train),
    )
