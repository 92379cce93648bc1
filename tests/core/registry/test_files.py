"""Only what was registered may serve: files that are gone or changed are named."""

from __future__ import annotations

import shutil

import pytest

from core.errors import NotPossible
from core.registry.files import check_files, content_hash, removed_parts


def test_whole_files_pass(shelf):
    bundle = shelf.trained("retriever", "ranker")

    check_files(shelf.registry, bundle)

    assert removed_parts(shelf.registry, bundle) == []


def test_what_ships_with_the_product_needs_no_files(shelf):
    check_files(shelf.registry, shelf.registry.bundle(0))


def test_a_folder_that_is_gone_is_named(shelf):
    bundle = shelf.trained("retriever", "ranker")
    shutil.rmtree(shelf.models / "bundle-000001" / "ranker")

    with pytest.raises(NotPossible, match=r"Version 1 cannot serve: the files of its ranker are not in .*/ranker"):
        check_files(shelf.registry, bundle)

    assert removed_parts(shelf.registry, bundle) == ["ranker"]


def test_a_changed_file_is_noticed(shelf):
    bundle = shelf.trained("ranker")
    (shelf.models / "bundle-000001" / "ranker" / "weights.json").write_text("{}")

    with pytest.raises(NotPossible, match=r"files of its ranker in .*/ranker are not those that were registered"):
        check_files(shelf.registry, bundle)


def test_the_files_of_a_parent_are_looked_at_too(shelf):
    shelf.trained("retriever")
    bundle = shelf.trained("ranker", parent=1)
    (shelf.models / "bundle-000001" / "retriever" / "weights.json").unlink()

    with pytest.raises(NotPossible, match="Version 2 cannot serve: the files of its retriever"):
        check_files(shelf.registry, bundle)


def test_names_and_contents_count_and_the_manifest_does_not(tmp_path):
    (tmp_path / "a.json").write_text("one")
    first = content_hash(tmp_path)
    (tmp_path / "manifest.json").write_text("{}")
    assert content_hash(tmp_path) == first

    (tmp_path / "a.json").rename(tmp_path / "b.json")

    assert content_hash(tmp_path) != first
    assert len(first) == 64
