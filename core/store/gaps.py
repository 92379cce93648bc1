"""The queue of missing knowledge."""

from __future__ import annotations

from core.annotations import MissingKnowledge
from core.store.annotations import Annotations
from core.store.cases import Cases


class Gaps:
    """Reports that wait for a person."""

    def __init__(self, annotations: Annotations, cases: Cases) -> None:
        self._annotations, self._cases = annotations, cases

    def open(self) -> list[MissingKnowledge]:
        """Standing reports with status `open`, newest first; none of withdrawn cases."""
        reports = [
            report
            for report in self._annotations.all("gap")
            if isinstance(report, MissingKnowledge) and report.stands and report.status == "open"
        ]
        live = {report.case_id: self._cases.get(report.case_id).status != "withdrawn" for report in reports}
        return [report for report in reversed(reports) if live[report.case_id]]
