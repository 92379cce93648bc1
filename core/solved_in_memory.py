"""A small working store of solved cases without a database, for tests and for trying things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.values import SolvedCase


class SolvedCasesInMemory:
    """The port SolvedCaseStore over a list: the first one has place 1. None stands for one that stands no more."""

    def __init__(self, cases: Iterable[SolvedCase] = ()) -> None:
        self.cases: list[SolvedCase | None] = list(cases)
        self._vectors: dict[tuple[int, str], NDArray[np.float32]] = {}

    def arrived(self, after: int) -> list[int]:
        """The places after that one, ascending."""
        return list(range(after + 1, len(self.cases) + 1))

    def vectors(self, places: Sequence[int], embedder: str) -> dict[int, NDArray[np.float32]]:
        """Those kept for this version of the embedder."""
        return {place: self._vectors[place, embedder] for place in places if (place, embedder) in self._vectors}

    def keep_vectors(self, vectors: Mapping[int, NDArray[np.float32]], embedder: str) -> None:
        """Keeps them until the program ends."""
        self._vectors |= {(place, embedder): vector for place, vector in vectors.items()}

    def questions(self, places: Sequence[int]) -> dict[int, str]:
        """What was asked."""
        return {place: case.question for place, case in self.standing(places).items()}

    def standing(self, places: Sequence[int]) -> dict[int, SolvedCase]:
        """Those of the list that are not None."""
        found = {place: self.cases[place - 1] for place in places}
        return {place: case for place, case in found.items() if case is not None}
