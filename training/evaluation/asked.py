"""What both bundles are asked: later questions and choices, and some questions that were answered right once.

Those are frozen: every further change has to answer them too. A few more are taken at each run, until there are enough.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.store.store import Store
from training.evaluation.questions import (
    Choice,
    Question,
    answered_right,
    choices_of,
    count_gone,
    frozen_question,
    questions_of,
)
from training.splits import Split

FROZEN_MOST = 100  # more would take the time of a whole evaluation
FROZEN_AT_ONCE = 20  # so that they come from many months


@dataclass(frozen=True)
class Asked:
    """`gone`: how many questions have lost every right answer from the knowledge base, and measure no search."""

    questions: list[Question]
    choices: list[Choice]
    frozen: list[Question]
    gone: int


def ask(store: Store, split: Split) -> Asked:
    """From the held-out cases, and from what was answered right in training ones; freezes some of those."""
    snippets = store.knowledge.current_snippets()
    freeze(store, answered_right(split.train), frozenset(one.id for one in snippets))
    held_out = split.held_out
    return Asked(
        questions_of(held_out, snippets), choices_of(held_out), frozen_questions(store), count_gone(held_out, snippets)
    )


def freeze(store: Store, right: Mapping[str, Sequence[str]], current: frozenset[str]) -> None:
    """Take some more of what was answered right: snippet ids by suggestion id.

    `current`: the snippets of the knowledge base. A frozen question that none of them answers any more is not asked,
    and leaves its place to another.
    """
    known = store.frozen.all()
    new = {one: [snippet for snippet in right[one] if snippet in current] for one in right if one not in known}
    # In an order that has nothing to do with time or place: they stand for all.
    drawn = sorted(filter(new.get, new), key=lambda one: hashlib.sha256(one.encode()).hexdigest())[:FROZEN_AT_ONCE]
    gone = sum(current.isdisjoint(snippet_ids) for snippet_ids in known.values())
    store.frozen.add({one: new[one] for one in drawn}, FROZEN_MOST + gone)


def frozen_questions(store: Store) -> list[Question]:
    """Those that still have their words, and a right snippet in the knowledge base."""
    frozen: list[Question] = []
    for suggestion_id, snippet_ids in store.frozen.all().items():
        suggestion, current = store.suggestions.get(suggestion_id), store.knowledge.current(snippet_ids)
        if current and not suggestion.forgotten:
            frozen.append(frozen_question(store.cases.get(suggestion.case_id), suggestion, current))
    return frozen
