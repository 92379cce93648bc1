"""Vectors by id in a file."""

from __future__ import annotations

import numpy as np

from core.adapters.vector_file import VectorFile


def test_rows_come_back_by_id_whatever_the_id_looks_like(tmp_path):
    file = VectorFile(tmp_path)
    file.add(["plain", 'line\nbreak "quoted"'], np.array([[1, 2], [3, 4]], dtype=np.float32))
    file.add(["später"], np.array([[5, 6]], dtype=np.float32))

    found = VectorFile(tmp_path).vectors(["später", "unknown", 'line\nbreak "quoted"'])

    assert {one: row.tolist() for one, row in found.items()} == {"später": [5, 6], 'line\nbreak "quoted"': [3, 4]}


def test_nothing_known_is_nothing_found(tmp_path):
    file = VectorFile(tmp_path)
    file.add(["one"], np.array([[1, 2]], dtype=np.float32))

    assert file.vectors([]) == file.vectors(["two"]) == {}


def test_a_folder_without_such_a_file_says_so(tmp_path):
    file = VectorFile(tmp_path)
    assert not file.exists

    file.add(["one"], np.array([[1, 2]], dtype=np.float32))

    assert file.exists
