"""An artefact: the folder a trainer leaves behind, complete with its manifest or not there at all.

Written beside its place and renamed into it, so that a killed trainer leaves nothing that looks finished.
`manifest.json` says what it was made from:

    {"part": "retriever", "data_hash": "9f…", "base": "all-MiniLM-L6-v2@aee62a5d", "parent": 2, "seed": 0,
     "parameters": {"epochs": 1, …}, "rows": 812, "dropped": 3, "metrics": {"loss": 0.41}, "sha256": "…",
     "code": "0.1.0", "packages": {"torch": "2.13.0", …}, "seconds": 41.2}
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.registry.bundle import Part
from core.registry.files import MANIFEST, content_hash
from core.response_ranker.lookup import Lookup
from training.trainers.first_stage import FirstStage

_PACKAGES = ("torch", "transformers", "sentence-transformers", "peft", "trl", "numpy", "scikit-learn")


@dataclass(frozen=True, slots=True)
class Job:
    """What every trainer is handed besides its rows.

    `out`: the artefact's folder; checkpoints stand in `work` beside it until it is there. `progress` hears (done,
    total) steps; `should_stop` is asked between steps, and a run that it stops goes on from there when called again.
    `first_stage`: behind what a reranker will serve; without one it goes by what the rows say of that.
    `lookup`: where a response ranker will find what else the knowledge base says.
    """

    out: Path
    parent: int
    data_hash: str
    seed: int = 0
    progress: Callable[[int, int], None] = lambda done, total: None
    should_stop: Callable[[], bool] = lambda: False
    first_stage: FirstStage | None = None
    lookup: Lookup | None = None

    @property
    def work(self) -> Path:
        """Where checkpoints go; removed once the artefact is there."""
        return self.out.with_name(self.out.name + ".work")


class Stopped(Exception):
    """A trainer was asked to stop; its checkpoint is kept and the same call goes on from there."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a manifest says of how an artefact came to be. `dropped`: rows that could not be learned from."""

    part: Part
    base: str
    parameters: Mapping[str, Any]
    rows: int
    dropped: int
    metrics: Mapping[str, float]
    seconds: float


@dataclass(frozen=True, slots=True)
class Artefact:
    """A finished folder and its manifest."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """Of all files but the manifest: two runs that made the same have the same."""
        return str(self.manifest["sha256"])


def write_artefact(job: Job, made: Made, save: Callable[[Path], None]) -> Artefact:
    """Let `save` fill a folder, add the manifest, and move the whole into its place; then `job.work` is removed."""
    partial = job.out.with_name(job.out.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    save(partial)
    manifest = {
        **asdict(made),
        "data_hash": job.data_hash,
        "parent": job.parent,
        "seed": job.seed,
        "sha256": content_hash(partial),
        "code": version("aitl"),
        "packages": {name: version(name) for name in _PACKAGES},
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _reach_the_disk(partial)
    shutil.rmtree(job.out, ignore_errors=True)
    partial.rename(job.out)
    shutil.rmtree(job.work, ignore_errors=True)
    return Artefact(job.out, manifest)


def read_artefact(folder: Path) -> Artefact | None:
    """The finished artefact in that folder; None where there is none, or its files are not those of its manifest."""
    with suppress(FileNotFoundError, json.JSONDecodeError):
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["sha256"] == content_hash(folder):
            return Artefact(folder, manifest)
    return None


def _reach_the_disk(folder: Path) -> None:
    """A rename may reach the disk before what was written: after a power cut the folder would be there, empty."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
