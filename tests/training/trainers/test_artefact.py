"""Artefacts: complete or not there at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.registry.files import content_hash
from training.trainers.artefact import Artefact, Job, Made, read_artefact, write_artefact

MADE = Made("reranker", "base@1", {"epochs": 1}, rows=12, dropped=1, metrics={"loss": 0.5}, seconds=2.0)


def write_weights(folder: Path) -> None:
    (folder / "weights").write_bytes(b"\x01\x02")


def written(out: Path) -> Artefact:
    return write_artefact(Job(out, parent=3, data_hash="d1", seed=7), MADE, write_weights)


def test_an_artefact_says_what_it_was_made_from(tmp_path: Path) -> None:
    artefact = written(tmp_path / "models" / "reranker")

    assert artefact.manifest["part"] == "reranker"
    assert artefact.manifest["parent"] == 3
    assert artefact.manifest["data_hash"] == "d1"
    assert artefact.manifest["rows"] == 12
    assert artefact.manifest["packages"]["torch"].startswith("2.")
    assert artefact.sha256 == content_hash(artefact.folder)
    assert read_artefact(artefact.folder) == artefact


def test_the_same_files_have_the_same_hash_and_others_another(tmp_path: Path) -> None:
    first, second = written(tmp_path / "one"), written(tmp_path / "two")

    assert first.sha256 == second.sha256
    (second.folder / "weights").write_bytes(b"\x01\x03")
    assert content_hash(second.folder) != first.sha256


def test_an_artefact_whose_files_were_changed_is_none(tmp_path: Path) -> None:
    artefact = written(tmp_path / "one")
    (artefact.folder / "weights").write_bytes(b"")

    assert read_artefact(artefact.folder) is None


def test_a_folder_without_a_manifest_is_none(tmp_path: Path) -> None:
    assert read_artefact(tmp_path) is None


def test_a_trainer_that_fails_while_saving_leaves_what_was_there(tmp_path: Path) -> None:
    before = written(tmp_path / "one")

    def fail(folder: Path) -> None:
        (folder / "weights").write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_artefact(Job(tmp_path / "one", parent=3, data_hash="d2"), MADE, fail)
    assert read_artefact(tmp_path / "one") == before


def test_checkpoints_go_once_the_artefact_is_there(tmp_path: Path) -> None:
    job = Job(tmp_path / "one", parent=0, data_hash="d")
    job.work.mkdir(parents=True)

    write_artefact(job, MADE, write_weights)

    assert not job.work.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["one"]
