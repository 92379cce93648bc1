"""The engine: what is forgotten leaves the file, not only the table."""

from __future__ import annotations

import pytest

from core.store import Store, make_engine, upgrade

SECRET = "jo@mail.example"


@pytest.fixture
def file(tmp_path):
    return tmp_path / "aitl.db"


@pytest.fixture
def store(file, watch):
    engine = make_engine(f"sqlite:///{file}")
    upgrade(engine)
    yield Store(engine, watch)
    engine.dispose()


def bytes_of(file):
    return b"".join(path.read_bytes() for path in sorted(file.parent.glob(f"{file.name}*")))


@pytest.mark.parametrize("length", [1, 60, 400])  # in the row itself, nearly filling a page, on pages of its own
def test_no_byte_of_a_forgotten_payload_stays_in_the_file(file, store, length):
    for number in range(50):
        store.inbox.put(f"k{number}", "message", "events", {"text": f"{SECRET} " * length})
    assert SECRET.encode() in bytes_of(file)
    for work in store.inbox.claim("events", "w1", 30, limit=50):
        store.inbox.finish(work.id)

    assert store.wipe()

    assert SECRET.encode() not in bytes_of(file)


def test_wiping_waits_for_nobody_for_long(file, store):
    store.inbox.put("k1", "message", "events", {"text": SECRET})
    with store.engine.connect() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM inbox").all()  # an old state somebody still looks at
        store.inbox.finish(store.inbox.claim("events", "w1", 30)[0].id)

        assert not store.wipe()

    assert store.wipe()
    assert SECRET.encode() not in bytes_of(file)
