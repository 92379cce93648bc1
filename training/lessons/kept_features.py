"""Features of drafts that an earlier run has computed: they cost most of the ranker's training, and rows stay rows.

Kept are hashes and numbers, never a text. Part of the hash is whatever the features depend on: screen, draft,
embedder, the knowledge that is searched, and the code itself.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

import core
import training

Features = NDArray[np.float64]
_KEY_BYTES = 16


class KeptFeatures:
    """One file."""

    def __init__(self, file: Path, made_with: str) -> None:
        """`made_with`: names embedder and knowledge. A file that is missing or cannot be read keeps nothing."""
        self._file, self._made_with = file, f"{made_with} {_code()}"
        self._before = _read(file)
        self._used: dict[bytes, Features] = {}

    def keys(self, screen: Mapping[str, Any], drafts: Iterable[Mapping[str, Any]]) -> list[bytes]:
        """Under which the features of these drafts on that screen are kept."""
        of_screen = hashlib.sha256(_words([self._made_with, screen]))
        found = []
        for draft in drafts:
            of_draft = of_screen.copy()
            of_draft.update(_words(draft))
            found.append(of_draft.digest()[:_KEY_BYTES])
        return found

    def get(self, key: bytes) -> Features | None:
        """The features, (features,); None where they are not known."""
        found = self._used.get(key, self._before.get(key))
        if found is not None:
            self._used[key] = found
        return found

    def add(self, key: bytes, features: Features) -> None:
        """Know them from now on."""
        self._used[key] = features

    def save(self, *, finished: bool) -> None:
        """Write the file, whole or not at all.

        `finished`: what was neither asked for nor added is left out, so that the file does not grow for ever.
        """
        kept = self._used if finished else self._before | self._used
        self._file.parent.mkdir(parents=True, exist_ok=True)
        keys = np.frombuffer(b"".join(kept), dtype=np.uint8).reshape(-1, _KEY_BYTES)
        beside = self._file.with_suffix(".partial")
        with beside.open("wb") as file:
            np.savez(file, keys=keys, features=np.array(list(kept.values())))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)


def _words(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _read(file: Path) -> dict[bytes, Features]:
    try:
        with file.open("rb") as opened, np.load(opened) as kept:
            return {key.tobytes(): row for key, row in zip(kept["keys"], kept["features"], strict=True)}
    except (FileNotFoundError, BadZipFile, KeyError, ValueError, EOFError):
        return {}


@cache
def _code() -> str:
    """A hash of all source files that a feature may depend on."""
    digest = hashlib.sha256()
    for package in (core, training):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:_KEY_BYTES]
