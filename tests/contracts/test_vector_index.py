"""The contract of VectorIndex and of the shelf it stands on: embedded Chroma, and a Chroma server."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.adapters.chroma import ChromaServer, EmbeddedChroma
from core.errors import IndexBroken

VERSION = "minilm@0649cb85"


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory):
    """A Chroma server on a loopback port."""
    program = shutil.which("chroma", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("the chroma program is not installed beside Python")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("chroma")
    server = subprocess.Popen(
        [program, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(port, server, timeout_s=60.0):
    until = time.monotonic() + timeout_s
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail("the Chroma server did not start")


@pytest.fixture(params=["embedded", "server"])
def shelf(request, tmp_path):
    if request.param == "embedded":
        return EmbeddedChroma(tmp_path / "index")
    return ChromaServer(request.getfixturevalue("chroma_url"), owner=tmp_path.name)


@pytest.fixture
def location(shelf, tmp_path):
    return shelf.location(f"gen_{tmp_path.name.replace('_', '-')}", VERSION)


def unit(*numbers):
    vector = np.zeros(4, dtype=np.float32)
    vector[: len(numbers)] = numbers
    return vector / np.linalg.norm(vector)


def test_the_nearest_come_first_with_their_cosine(shelf, location):
    index = shelf.create(location)
    index.add(["east", "north", "northeast"], np.stack([unit(1), unit(0, 1), unit(1, 1)]))

    hits = index.search(unit(1, 0.1), 2)

    assert [hit.id for hit in hits] == ["east", "northeast"]
    assert hits[0].score == pytest.approx(0.995, abs=1e-3)


def test_it_gives_fewer_where_it_holds_fewer(shelf, location):
    index = shelf.create(location)
    index.add(["only"], np.stack([unit(1)]))

    assert [hit.id for hit in index.search(unit(0, 1), 75)] == ["only"]
    assert index.count() == 1


def test_vectors_come_back_as_they_went_in(shelf, location):
    index = shelf.create(location)
    index.add(["one", "two"], np.stack([unit(1, 2, 3), unit(3, 2, 1)]))

    stored = index.vectors(["two", "unknown", "one"])

    assert set(stored) == {"one", "two"}
    assert np.allclose(stored["two"], unit(3, 2, 1), atol=1e-6)


def test_a_published_generation_can_be_opened_again(shelf, location):
    shelf.create(location).add(["one"], np.stack([unit(1)]))

    assert shelf.open(location).count() == 1


def test_what_was_deleted_or_never_made_cannot_be_opened(shelf, location):
    shelf.create(location)
    shelf.delete(location)
    shelf.delete(location)

    with pytest.raises(IndexBroken, match="aitl ingest"):
        shelf.open(location)


def test_one_location_holds_one_generation(shelf, location):
    shelf.create(location)

    with pytest.raises(IndexBroken):
        shelf.create(location)


def test_leftovers_are_what_no_record_knows(shelf, location):
    other = shelf.location("gen-other", VERSION)
    shelf.create(location)
    shelf.create(other)

    assert shelf.leftovers({location}) == [other]
    shelf.delete(other)
    assert shelf.leftovers({location}) == []


def test_a_server_keeps_deployments_apart(chroma_url):
    mine, yours = ChromaServer(chroma_url, "mine"), ChromaServer(chroma_url, "yours")
    location = mine.location("gen-of-mine", VERSION)
    mine.create(location)

    assert location == "kb__minilm-0649cb85__gen-of-mine"
    assert yours.leftovers(set()) == []
    assert mine.leftovers(set()) == [location]


def test_a_server_that_does_not_answer_is_named():
    with socket.socket() as taken:  # bound and never listening: nothing answers here
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(IndexBroken, match="AITL_CHROMA_URL"):
            ChromaServer(url, "mine").open("kb__x__y")
