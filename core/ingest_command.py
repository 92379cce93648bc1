"""`aitl ingest`: files into the knowledge base, with a progress bar, a summary and an exit code.

Where articles have exam questions, the champion is asked them over the new knowledge before it is put in force.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from core.bootstrap import make_champion, open_store
from core.clock import utc_now
from core.errors import ExamNotPassed
from core.knowledge.ingest import IngestReport
from core.knowledge_base import make_embedder
from core.ports import Embedder
from core.progress_bar import progress_bar
from core.publishing import make_ingest
from core.settings import Settings
from core.store import Store
from core.values import LostQuestion

WAITS = "Another ingest is running on this AITL_HOME; this one starts when it is done."


def ingest_command(paths: Sequence[Path], settings: Settings, as_json: bool, anyway: bool = False) -> int:
    """Bring the knowledge base up to what stands at these paths; 1 if a source was skipped, else 0.

    `anyway`: also where an article would be lost to a question of its exam. Raises ExamNotPassed where that is not
    meant, ConfigurationError for a path that is not there, StoreUnavailable, IndexBroken, ModelUnavailable.
    """
    try:
        report = ingest(paths, settings, anyway)
    except ExamNotPassed as error:
        if as_json:
            print(json.dumps(asdict(IngestReport(0, 0, 0, 0, (), error.lost)), ensure_ascii=False))
        for lost in error.lost[1:]:
            print(f"also {_in_words(lost)}", file=sys.stderr)
        raise
    print(json.dumps(asdict(report), ensure_ascii=False) if as_json else summary(report))
    if not as_json:
        for failure in report.failed:
            print(f"skipped {failure.path}: {failure.reason}", file=sys.stderr)
        for lost in report.lost:
            print(f"lost {_in_words(lost)}", file=sys.stderr)
        for article_id, count in report.left.items():
            print(f"retired {article_id} with its {count} exam question{'s' * (count != 1)}", file=sys.stderr)
    return 1 if report.failed else 0


def ingest(paths: Sequence[Path], settings: Settings, anyway: bool = False) -> IngestReport:
    """The same without the summary: only the progress bar is drawn, and only on a terminal. Raises alike."""
    with open_store(settings) as store:
        return ingest_paths(paths, settings, store, make_embedder(settings), anyway=anyway)


def ingest_paths(
    paths: Sequence[Path], settings: Settings, store: Store, embedder: Embedder, *, anyway: bool = False
) -> IngestReport:
    """The ingest itself, waiting for another one of the same home, with a progress bar on a terminal's stderr.

    Every embedder that serves gets its index; `embedder` is the settings' own.
    """
    console = Console(stderr=True)
    with progress_bar("Indexing", console) as bar:
        ingest = make_ingest(
            settings,
            store,
            embedder,
            champion=lambda: make_champion(settings, store, utc_now, embedder),
            progress=bar,
            asking=bar.another("Asking the exam"),
            before_waiting=lambda: console.print(WAITS),
        )
        return ingest.run(paths, anyway=anyway)


def _in_words(lost: LostQuestion) -> str:
    return f"{lost.article_id}: “{lost.words}” ({lost.question_id})"


def summary(report: IngestReport) -> str:
    """One line for people."""
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.retired} retired"
    return f"{counts}, {len(report.failed)} skipped" if report.failed else counts
