"""Vectors by id in a plain file that is mapped into memory: one row is read in microseconds, however many there are.

Beside an index that finds neighbours, for the vectors whose ids are known already. Rows are only ever appended.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_ROWS = "vectors.f32"
_IDS = "vector_ids.jsonl"


class VectorFile:
    """The rows under one folder. Safe for several readers; what is added after the first read is not seen."""

    def __init__(self, folder: Path) -> None:
        self._rows, self._ids = folder / _ROWS, folder / _IDS

    @property
    def exists(self) -> bool:
        """False for a folder to which nothing was added, or by a version that kept no such file."""
        return self._ids.is_file()

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Appends rows; ids are unique. Shape (len(ids), dim), the same dim each time."""
        with self._rows.open("ab") as rows:
            rows.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
        with self._ids.open("a", encoding="utf-8") as lines:
            lines.writelines(json.dumps(one) + "\n" for one in ids)

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The rows of those ids that it holds."""
        places = {one: self._place_of[one] for one in ids if one in self._place_of}
        if not places:
            return {}
        return dict(zip(places, np.asarray(self._matrix[list(places.values())], dtype=np.float32), strict=True))

    @cached_property
    def _place_of(self) -> dict[str, int]:
        with self._ids.open(encoding="utf-8") as lines:
            return {json.loads(line): place for place, line in enumerate(lines)}

    @cached_property
    def _matrix(self) -> NDArray[np.float32]:
        return np.memmap(self._rows, dtype="<f4", mode="r").reshape(len(self._place_of), -1)  # (rows, dim)
