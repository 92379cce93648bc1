"""`aitl ingest`: files into the knowledge base, with a progress bar, a summary and an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from core.bootstrap import open_store
from core.knowledge.ingest import IngestReport
from core.knowledge_base import make_embedder
from core.ports import Embedder
from core.progress_bar import progress_bar
from core.publishing import take_in
from core.settings import Settings
from core.store import Store

WAITS = "Another ingest is running on this AITL_HOME; this one starts when it is done."


def ingest_command(paths: Sequence[Path], settings: Settings, as_json: bool) -> int:
    """Bring the knowledge base up to what stands at these paths; 1 if a source was skipped, else 0.

    Raises ConfigurationError for a path that is not there, StoreUnavailable, IndexBroken, ModelUnavailable.
    """
    report = ingest(paths, settings)
    print(json.dumps(asdict(report), ensure_ascii=False) if as_json else summary(report))
    if not as_json:
        for failure in report.failed:
            print(f"skipped {failure.path}: {failure.reason}", file=sys.stderr)
    return 1 if report.failed else 0


def ingest(paths: Sequence[Path], settings: Settings) -> IngestReport:
    """The same without the summary: only the progress bar is drawn, and only on a terminal. Raises alike."""
    with open_store(settings) as store:
        return ingest_paths(paths, settings, store, make_embedder(settings))


def ingest_paths(paths: Sequence[Path], settings: Settings, store: Store, embedder: Embedder) -> IngestReport:
    """The ingest itself, waiting for another one of the same home, with a progress bar on a terminal's stderr.

    Every embedder that serves gets its index; `embedder` is the settings' own.
    """
    console = Console(stderr=True)
    with progress_bar("Indexing", console) as bar:
        return take_in(paths, settings, store, embedder, bar, lambda: console.print(WAITS))


def summary(report: IngestReport) -> str:
    """One line for people."""
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.retired} retired"
    return f"{counts}, {len(report.failed)} skipped" if report.failed else counts
