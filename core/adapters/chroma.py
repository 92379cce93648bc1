"""Chroma: ids and vectors of one index generation, embedded in a folder of its own or on a server.

A generation is written once and never changed, because a second process that has an embedded Chroma open
sees new ids but not new vectors. No text goes in: deleting leaves it on disk.
"""

from __future__ import annotations

import re
import shutil
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from core.errors import IndexBroken
from core.ports import Hit

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

# ef_search above the largest k asked for, so that the approximate search hardly misses anything.
_CONFIGURATION: dict[str, Any] = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 400}}
_COLLECTION = "snippets"
_OWNER = "owner"
_READ_BATCH = 1000


class ChromaIndex:
    """One generation's collection. Search is safe from several threads."""

    def __init__(self, client: ClientAPI, collection: Collection) -> None:
        self._client, self._collection = client, collection
        # Clients of one folder share files and memory, released when the last of them is closed.
        weakref.finalize(self, client.close)

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds rows in batches the client accepts; ids are unique. Only before the generation is published."""
        size = self._client.get_max_batch_size()
        for start in range(0, len(ids), size):
            self._collection.add(ids=list(ids[start : start + size]), embeddings=vectors[start : start + size])

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """The k nearest by cosine, best first; fewer if it holds fewer.

        Raises IndexBroken if the generation has been deleted meanwhile.
        """
        from chromadb.errors import ChromaError

        try:
            found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=k, include=["distances"])
        except ChromaError as error:
            raise IndexBroken(f"The vector index could not be searched: {error}") from error
        distances = (found["distances"] or [[]])[0]
        return [Hit(one, 1.0 - float(distance)) for one, distance in zip(found["ids"][0], distances, strict=True)]

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of those ids that it holds. Raises IndexBroken if it has been deleted meanwhile."""
        from chromadb.errors import ChromaError

        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(ids), _READ_BATCH):
            try:
                rows = self._collection.get(ids=list(ids[start : start + _READ_BATCH]), include=["embeddings"])
            except ChromaError as error:
                raise IndexBroken(f"The vector index could not be read: {error}") from error
            if rows["ids"]:
                matrix = np.asarray(rows["embeddings"], dtype=np.float32)
                found.update(zip(rows["ids"], matrix, strict=True))
        return found

    def count(self) -> int:
        """How many vectors it holds."""
        return int(self._collection.count())


class EmbeddedChroma:
    """Generations as folders under one directory; a location is a folder's name."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def location(self, generation_id: str, retriever_version: str) -> str:
        """Where a generation of this id belongs."""
        return generation_id

    def create(self, location: str) -> ChromaIndex:
        """A new empty index. Raises IndexBroken if there is one already."""
        folder = self._directory / location
        if folder.exists():
            raise IndexBroken(f"There is already an index at {folder}; delete that folder and ingest again.")
        folder.mkdir(parents=True)
        client = self._client(folder)
        return ChromaIndex(client, _create(client, _COLLECTION, {}))

    def open(self, location: str) -> ChromaIndex:
        """The index at this location. Raises IndexBroken if it is not there."""
        folder = self._directory / location
        if not (folder / "chroma.sqlite3").is_file():  # opening would make an empty one
            raise IndexBroken(f"There is no vector index at {folder}. Build it again with: aitl ingest PATH")
        client = self._client(folder)
        return ChromaIndex(client, _open(client, _COLLECTION))

    def delete(self, location: str) -> None:
        """Remove the folder and all in it; a missing one is no error."""
        shutil.rmtree(self._directory / location, ignore_errors=True)

    def leftovers(self, known: set[str]) -> list[str]:
        """Locations that no record knows: what a killed ingest left behind."""
        if not self._directory.is_dir():
            return []
        return sorted(folder.name for folder in self._directory.iterdir() if folder.name not in known)

    def _client(self, folder: Path) -> ClientAPI:
        import chromadb
        from chromadb.config import Settings

        return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


class ChromaServer:
    """Generations as collections on a Chroma server; a location is a collection's name.

    `owner` tells the collections of one deployment from another's on the same server.
    """

    def __init__(self, url: str, owner: str) -> None:
        self._url, self._owner = url, owner

    def location(self, generation_id: str, retriever_version: str) -> str:
        """Where a generation of this id belongs: kb__<retriever>__<generation>."""
        return f"kb__{re.sub(r'[^A-Za-z0-9.-]+', '-', retriever_version)}__{generation_id}"

    def create(self, location: str) -> ChromaIndex:
        """A new empty index. Raises IndexBroken if there is one already or the server does not answer."""
        client = self._client()
        return ChromaIndex(client, _create(client, location, {_OWNER: self._owner}))

    def open(self, location: str) -> ChromaIndex:
        """The index at this location. Raises IndexBroken if it is not there or the server does not answer."""
        client = self._client()
        return ChromaIndex(client, _open(client, location))

    def delete(self, location: str) -> None:
        """Remove the collection; a missing one is no error."""
        from chromadb.errors import NotFoundError

        try:
            self._client().delete_collection(location)
        except NotFoundError:
            return

    def leftovers(self, known: set[str]) -> list[str]:
        """This deployment's collections that no record knows: what a killed ingest left behind."""
        collections = self._client().list_collections()
        mine = [one.name for one in collections if (one.metadata or {}).get(_OWNER) == self._owner]
        return sorted(name for name in mine if name not in known)

    def _client(self) -> ClientAPI:
        import chromadb
        from chromadb.config import Settings

        parts = urlsplit(self._url)
        secure = parts.scheme == "https"
        try:
            return chromadb.HttpClient(
                host=parts.hostname or "localhost",
                port=parts.port or (443 if secure else 8000),
                ssl=secure,
                settings=Settings(anonymized_telemetry=False),
            )
        except ValueError as error:  # what the client raises when nobody answers
            raise IndexBroken(
                f"No Chroma server answers at {self._url} (AITL_CHROMA_URL). Start it, or empty the setting "
                "to use the embedded index."
            ) from error


def _create(client: ClientAPI, name: str, metadata: dict[str, str]) -> Collection:
    from chromadb.errors import ChromaError

    try:
        return client.create_collection(
            name, embedding_function=None, configuration=_CONFIGURATION, metadata=metadata or None
        )
    except ChromaError as error:
        raise IndexBroken(f"The vector index {name} could not be made: {error}") from error


def _open(client: ClientAPI, name: str) -> Collection:
    from chromadb.errors import ChromaError

    try:
        return client.get_collection(name, embedding_function=None)
    except ChromaError as error:
        raise IndexBroken(f"There is no vector index {name}. Build it again with: aitl ingest PATH") from error
