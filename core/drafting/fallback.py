"""Drafts all the same when the language model is down: composed from the snippets, with a sentence that says so."""

from __future__ import annotations

import logging
from dataclasses import replace

from core.circuit import Circuit
from core.errors import AdapterUnusable, ModelUnavailable
from core.ports import DraftRequest, Generator
from core.values import Draft

log = logging.getLogger("aitl.drafting")

DOWN = "The language model does not answer, so these drafts are put together from the snippets alone."


class FallbackGenerator:
    """Asks the first generator while it works, and the second while it does not. Safe for several threads."""

    def __init__(self, primary: Generator, composed: Generator, circuit: Circuit | None = None) -> None:
        """`circuit`: shared by all generators of one model, so that an outage is found out and told once."""
        self._primary, self._composed, self._circuit = primary, composed, circuit or Circuit()

    @property
    def version(self) -> str:
        """That of the first: what stands in for it is seen by the drafts' styles."""
        return self._primary.version

    def warm(self) -> None:
        """Load the first now; an outage is logged. Raises AdapterUnusable: that does not pass by itself."""
        try:
            self._primary.warm()
        except AdapterUnusable:
            raise
        except ModelUnavailable as error:
            self._note_failure(error)

    def draft(self, request: DraftRequest) -> list[Draft]:
        """What the first drafts, or at once what the second does, each with a notice."""
        if self._circuit.may_try():
            try:
                drafts = self._primary.draft(request)
            except ModelUnavailable as error:
                self._note_failure(error)
            else:
                if self._circuit.succeeded():
                    log.warning("The language model answers again.")
                return drafts
        return [replace(draft, notice=DOWN) for draft in self._composed.draft(request)]

    def _note_failure(self, error: ModelUnavailable) -> None:
        if isinstance(error, AdapterUnusable):
            log.warning("%s Its drafts are put together from the snippets alone.", error)  # the others may go on
        elif self._circuit.failed():
            log.warning("%s Until it answers, drafts are put together from the snippets alone.", error)
