"""Chroma: ids and vectors of one index generation, embedded in a folder of its own or on a server.

A generation is written once and never changed, because a second process that has an embedded Chroma open
sees new ids but not new vectors. No text goes in: deleting leaves it on disk.
"""

from __future__ import annotations

import re
import shutil
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray

from core.adapters.vector_file import VectorFile
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


class _Connection:
    """A client that is closed when nobody uses it any more: folders share files and memory, servers hold sockets."""

    def __init__(self, client: ClientAPI) -> None:
        self.client = client
        weakref.finalize(self, _close, client)


class ChromaIndex:
    """One generation's collection. Search is safe from several threads."""

    def __init__(self, connection: _Connection, collection: Collection, file: VectorFile | None = None) -> None:
        """`file`: where the vectors can be read by id; without it Chroma is asked, which takes its time."""
        self._connection, self._collection, self._file = connection, collection, file

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds rows in batches the client accepts; ids are unique. Only before the generation is published."""
        with _failing_as("could not be written"):
            size = self._connection.client.get_max_batch_size()
            for start in range(0, len(ids), size):
                self._collection.add(ids=list(ids[start : start + size]), embeddings=vectors[start : start + size])
        if self._file is not None:
            self._file.add(ids, vectors)

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """The k nearest by cosine, best first; fewer if it holds fewer.

        Raises IndexBroken if the generation has been deleted meanwhile, or its server does not answer.
        """
        with _failing_as("could not be searched"):
            found = self._collection.query(query_embeddings=vector[np.newaxis], n_results=k, include=["distances"])
        distances = (found["distances"] or [[]])[0]
        return [Hit(one, 1.0 - float(distance)) for one, distance in zip(found["ids"][0], distances, strict=True)]

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of those ids that it holds. Raises IndexBroken as `search` does."""
        if self._file is not None and self._file.exists:
            return self._file.vectors(ids)
        found: dict[str, NDArray[np.float32]] = {}
        for start in range(0, len(ids), _READ_BATCH):
            with _failing_as("could not be read"):
                rows = self._collection.get(ids=list(ids[start : start + _READ_BATCH]), include=["embeddings"])
            if rows["ids"]:
                matrix = np.asarray(rows["embeddings"], dtype=np.float32)
                found.update(zip(rows["ids"], matrix, strict=True))
        return found

    def count(self) -> int:
        """How many vectors it holds. Raises IndexBroken as `search` does."""
        with _failing_as("could not be counted"):
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
        return _create(self._connect(folder), _COLLECTION, {}, VectorFile(folder))

    def open(self, location: str) -> ChromaIndex:
        """The index at this location. Raises IndexBroken if it is not there."""
        folder = self._directory / location
        if not (folder / "chroma.sqlite3").is_file():  # opening would make an empty one
            raise IndexBroken(f"There is no vector index at {folder}. Build it again with: aitl ingest PATH")
        return _open(self._connect(folder), _COLLECTION, VectorFile(folder))

    def delete(self, location: str) -> None:
        """Remove the folder and all in it; a missing one is no error."""
        shutil.rmtree(self._directory / location, ignore_errors=True)

    def leftovers(self, known: set[str]) -> list[str]:
        """Locations that no record knows: what a killed ingest left behind."""
        if not self._directory.is_dir():
            return []
        return sorted(folder.name for folder in self._directory.iterdir() if folder.name not in known)

    def _connect(self, folder: Path) -> _Connection:
        import chromadb
        from chromadb.config import Settings

        with _failing_as("could not be opened"):
            settings = Settings(anonymized_telemetry=False)
            return _Connection(chromadb.PersistentClient(path=str(folder), settings=settings))


class ChromaServer:
    """Generations as collections on a Chroma server; a location is a collection's name.

    `owner` tells the collections of one deployment from another's on the same server.
    """

    def __init__(self, url: str, owner: str) -> None:
        self._url, self._owner = url, owner
        self._connection: _Connection | None = None
        self._lock = threading.Lock()

    def location(self, generation_id: str, retriever_version: str) -> str:
        """Where a generation of this id belongs: kb__<retriever>__<generation>."""
        return f"kb__{re.sub(r'[^A-Za-z0-9.-]+', '-', retriever_version)}__{generation_id}"

    def create(self, location: str) -> ChromaIndex:
        """A new empty index. Raises IndexBroken if there is one already or the server does not answer."""
        return _create(self._connected(), location, {_OWNER: self._owner})

    def open(self, location: str) -> ChromaIndex:
        """The index at this location. Raises IndexBroken if it is not there or the server does not answer."""
        return _open(self._connected(), location)

    def delete(self, location: str) -> None:
        """Remove the collection; a missing one is no error."""
        from chromadb.errors import NotFoundError

        with _failing_as("could not be deleted"):
            try:
                self._connected().client.delete_collection(location)
            except NotFoundError:
                return

    def leftovers(self, known: set[str]) -> list[str]:
        """This deployment's collections that no record knows: what a killed ingest left behind."""
        with _failing_as("could not be listed"):
            collections = self._connected().client.list_collections()
        mine = [one.name for one in collections if (one.metadata or {}).get(_OWNER) == self._owner]
        return sorted(name for name in mine if name not in known)

    def _connected(self) -> _Connection:
        with self._lock:
            if self._connection is None:
                self._connection = self._connect()
            return self._connection

    def _connect(self) -> _Connection:
        import chromadb
        from chromadb.config import Settings

        parts = urlsplit(self._url)
        secure = parts.scheme == "https"
        try:
            client = chromadb.HttpClient(
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
        return _Connection(client)


@contextmanager
def _failing_as(what: str) -> Iterator[None]:
    """Chroma's own errors, and those of the network to its server, as IndexBroken."""
    from chromadb.errors import ChromaError

    try:
        yield
    except (ChromaError, httpx.HTTPError) as error:
        raise IndexBroken(f"The vector index {what}: {error or type(error).__name__}") from error


def _create(
    connection: _Connection, name: str, metadata: dict[str, str], file: VectorFile | None = None
) -> ChromaIndex:
    with _failing_as(f"{name} could not be made"):
        collection = connection.client.create_collection(
            name, embedding_function=None, configuration=_CONFIGURATION, metadata=metadata or None
        )
    return ChromaIndex(connection, collection, file)


def _open(connection: _Connection, name: str, file: VectorFile | None = None) -> ChromaIndex:
    from chromadb.errors import NotFoundError

    with _failing_as(f"{name} could not be opened"):
        try:
            collection = connection.client.get_collection(name, embedding_function=None)
        except NotFoundError as error:
            raise IndexBroken(f"There is no vector index {name}. Build it again with: aitl ingest PATH") from error
    return ChromaIndex(connection, collection, file)


def _close(client: ClientAPI) -> None:
    parts = (client, getattr(client, "_admin_client", None))
    sessions = [getattr(getattr(part, "_server", None), "_session", None) for part in parts]
    client.close()
    for session in sessions:
        if isinstance(session, httpx.Client):
            session.close()  # closing the client leaves its sockets open
