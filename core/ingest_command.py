"""`aitl ingest`: files into the knowledge base, with a progress bar, a summary and an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console

from core.bootstrap import open_store
from core.bundles import serving_embedders
from core.knowledge.ingest import Ingest, IngestReport
from core.knowledge.turn import knowledge_turn
from core.knowledge_base import make_embedder, make_indexes
from core.ports import Embedder
from core.progress_bar import progress_bar
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
        return Ingest(
            knowledge=store.knowledge,
            indexes=make_indexes(settings),
            embedders=lambda: serving_embedders(store.registry, embedder),
            turn=lambda: knowledge_turn(settings.home, lambda: console.print(WAITS)),
            progress=bar,
        ).run(paths)


def summary(report: IngestReport) -> str:
    """One line for people."""
    counts = f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, {report.retired} retired"
    return f"{counts}, {len(report.failed)} skipped" if report.failed else counts
