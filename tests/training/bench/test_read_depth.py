"""How much a reranker has to read: nothing read is the first stage's order, and each depth is measured on its own."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from core.adapters.cross_encoder import CrossEncoderReranker
from core.ingest_command import ingest_paths
from core.registry.bundle import MODELS_FOLDER, NewBundle, PartRef
from core.registry.files import content_hash
from core.retrieval.blend import Blend
from training.bench.flywheel.data import read_data, write_articles
from training.bench.flywheel.home import Home, open_home
from training.bench.flywheel.read_depth import DEPTHS, depths_of


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Forty passages about one inn, and three questions, of which two are scored."""
    passages = [{"id": f"p{n}", "title": "Blue Boar", "text": f"Room {n} has {n + 2} beds."} for n in range(40)]
    queries = [
        {"id": f"q{n}", "turns": [f"U: How many beds has room {n} of the Blue Boar?"], "gold": [f"p{n}"]}
        | {"reply": "It has some.", "group": f"g{n}", "split": split}
        for n, split in ((1, "seed"), (3, "dev"), (30, "dev"))
    ]
    folder = tmp_path / "inns"
    folder.mkdir()
    for name, rows in (("passages", passages), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return folder


def with_reranker(home: Home, weight: float) -> int:
    """The version of a bundle with a cross-encoder whose order is chance."""
    folder = home.settings.home / MODELS_FOLDER / f"reranker-{weight:g}"
    CrossEncoderReranker.untrained(folder)
    Blend(weight).write(folder)
    parts = {"reranker": PartRef(folder.name, content_hash(folder))}
    return home.store.registry.register(NewBundle(0, parts, "", {}, "superior", "by hand"), []).version


@pytest.mark.slow
def test_what_is_read_changes_the_order_and_nothing_read_is_the_first_stage(directory: Path, tmp_path: Path) -> None:
    with open_home(tmp_path / "home") as home:
        ingest_paths(
            [write_articles(directory, tmp_path / "articles.jsonl")], home.settings, home.store, home.shared.embedder
        )
        data = read_data(directory)

        as_found, ms = depths_of(home, data, with_reranker(home, weight=0.0))
        as_read, _ = depths_of(home, data, with_reranker(home, weight=1000.0))

        assert tuple(as_found) == DEPTHS
        assert ms > 0
        assert all(one == as_found[0] for one in as_found.values())
        assert as_read[0] == as_found[0]
        assert as_read[max(DEPTHS)] != as_found[0]
        with pytest.raises(click.UsageError, match="Version 0 has no trained reranker"):
            depths_of(home, data, 0)
