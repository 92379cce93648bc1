"""One suggestion on the screen, and annotations of it by the agents U_ANN and U_BOB."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.annotations import Adoption, Annotation, MissingKnowledge, Preference, Relevance
from core.judge.evidence import Evidence
from core.values import Candidate, CheckReport, RankedSnippet, SentenceCheck, Slot, Snippet, Suggestion, Turn

NINE = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
DRAFTS: dict[Slot, tuple[str, tuple[int, ...]]] = {
    "a": ("Refunds reach your bank within five working days after we have sent them. [1]", (1,)),
    "b": ("Card refunds take up to ten days. [1] Ask your bank for the reference of the refund. [2]", (1, 2)),
}


def on_screen(revision: int = 1, drafts: dict[Slot, tuple[str, tuple[int, ...]]] | None = None) -> Suggestion:
    shown = tuple(
        RankedSnippet(Snippet(f"snip_{n}", f"art_{n}", 1, f"Article {n}", "", None, f"Text {n}."), n, 1.0)
        for n in range(1, 9)
    )
    candidates = tuple(
        Candidate(
            slot,
            text,
            "direct",
            "knowledge",
            "bundle",
            CheckReport((SentenceCheck(text, cited, True, True, False, "quoted"),), True, True),
        )
        for slot, (text, cited) in (drafts or DRAFTS).items()
    )
    turns = (Turn("customer", "Where is my refund?"),)
    return Suggestion("sug_1", "case_1", revision, turns, "q", shown, shown, candidates, (), "bundle", {}, {}, NINE)


@dataclass
class Desk:
    """Makes annotations of the suggestion, each a minute later than the one before."""

    made: list[Annotation] = field(default_factory=list)

    def _shared(self, values: dict[str, Any]) -> dict[str, Any]:
        number = len(self.made) + 1
        shared = {
            "id": f"ann_{number}",
            "key": f"key_{number}",
            "case_id": "case_1",
            "suggestion_id": "sug_1",
            "agent_id": "U_ANN",
            "created_at": NINE + timedelta(minutes=number),
            "latency_s": 60.0 * number,
            "source": "button",
        }
        return {**shared, **values}

    def _keep(self, annotation: Any) -> Any:
        self.made.append(annotation)
        return annotation

    def prefers(self, choice: str, **values: Any) -> Preference:
        slot, strength = (None, 0) if choice == "tie" else (choice[0], int(choice[1]))
        return self._keep(
            Preference.model_validate(self._shared({"chosen_slot": slot, "strength": strength, **values}))
        )

    def sends(self, slot: Slot, final: str | None = None, **values: Any) -> Adoption:
        draft = DRAFTS[slot][0].replace(" [1]", "").replace(" [2]", "")
        decision = "as_is" if final is None else "edited"
        given = {"decision": decision, "slot": slot, "draft": draft, "final": final or draft, **values}
        return self._keep(Adoption.model_validate(self._shared(given)))

    def refuses(self, rationale: str, **values: Any) -> Adoption:
        given = {"decision": "rejected", "reasons": ("other",), "rationale": rationale, "source": "modal", **values}
        return self._keep(Adoption.model_validate(self._shared(given)))

    def marks(self, n: int, label: str, **values: Any) -> Relevance:
        given = {"snippet_id": f"snip_{n}", "n": n, "label": label, "cited": n < 3, **values}
        return self._keep(Relevance.model_validate(self._shared(given)))

    def reports(self, description: str, **values: Any) -> MissingKnowledge:
        given = {"description": description, "kind": "missing", "source": "modal", **values}
        return self._keep(MissingKnowledge.model_validate(self._shared(given)))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def evidence_on(desk: Desk) -> Callable[..., Evidence]:
    """The evidence on one of the desk's annotations: everything the desk made is around it."""

    def make(annotation: Annotation, **changes: Any) -> Evidence:
        given: dict[str, Any] = {
            "annotation": annotation,
            "suggestion": on_screen(),
            "around": tuple(one for one in desk.made if one is not annotation),
            "current": frozenset(f"snip_{n}" for n in range(1, 9)),
            **changes,
        }
        return Evidence(**given)

    return make
