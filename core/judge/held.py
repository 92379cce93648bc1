"""What the judge holds goes before the leads, once, by whichever bot of the workspace sends next."""

from __future__ import annotations

from collections.abc import Callable

from core.annotations import Annotation
from core.judge.ruling import Ruling
from core.store.store import Store

HELD = "held"  # the purpose of such an outbox row; its subject is the annotation's id


def put_before_leads(store: Store) -> Callable[[Annotation, Ruling], None]:
    """For the judge, who calls it inside the transaction that stores the ruling."""

    def hear(annotation: Annotation, ruling: Ruling) -> None:
        if ruling.verdict == "held":
            key, team = f"held:{annotation.id}", store.cases.get(annotation.case_id).team
            store.outbox.put(key, "", {}, subject=annotation.id, purpose=HELD, order_key=key, team=team)

    return hear
