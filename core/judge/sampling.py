"""Which rulings a second person looks at too, without being told them: so that the judge is measured, not believed.

Accepted and held annotations are drawn with the same probability, so that the sample stands for all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from core.annotations import Adoption, Annotation, MissingKnowledge
from core.judge.ruling import Ruling, lets_teach
from core.store.store import Store

AUDIT = "audit"  # the purpose of such an outbox row; its subject is the annotation's id
HELD = "held"  # the same for what is held and not in the sample


def is_drawn(annotation: Annotation, ruling: Ruling, share: float) -> bool:
    """Whether a person is to look at this one: the same answer each time it is asked, until the verdict changes.

    Reports of missing knowledge go to a person anyway, and an unconfirmed reply of an agent's own teaches nothing.
    """
    if isinstance(annotation, MissingKnowledge) or not annotation.stands:
        return False
    if isinstance(annotation, Adoption) and not annotation.confirmed:
        return False
    digest = hashlib.sha256(f"{annotation.id}:{lets_teach(ruling.verdict)}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def put_before_people(store: Store, share: float, daily_budget: int) -> Callable[[Annotation, Ruling], None]:
    """For the judge, who calls it inside the transaction that stores the ruling.

    What is drawn goes to a second person without the verdict, at most so many in a day per workspace, or as many as
    a lead has set for the case's channel; what else is held goes to the leads with its reasons. Each once, by
    whichever bot of the workspace sends next.
    """

    def hear(annotation: Annotation, ruling: Ruling) -> None:
        case = store.cases.get(annotation.case_id)
        team, set_here = case.team, store.channels.settings(case.team, case.channel).daily_budget
        budget = daily_budget if set_here is None else set_here
        if is_drawn(annotation, ruling, share) and store.audits.ask(annotation.id, ruling.verdict, team, budget):
            _ask(store, AUDIT, annotation.id, team)
        elif ruling.verdict == "held":
            _ask(store, HELD, annotation.id, team)

    return hear


def _ask(store: Store, purpose: str, annotation_id: str, team: str) -> None:
    key = f"{purpose}:{annotation_id}"
    store.outbox.put(key, "", {}, subject=annotation_id, purpose=purpose, order_key=key, team=team)
