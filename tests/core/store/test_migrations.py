"""Migrations: from nothing to what the models say, once, however many start together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from core.errors import BadSetting, StoreUnavailable
from core.store import make_engine, upgrade
from core.store.migrate import _config, current, newest
from core.store.tables import Table

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def empty(empty_database_url):
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_an_empty_database_becomes_what_the_models_say(empty):
    upgrade(empty)

    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []
        assert current(connection) == newest()
    assert set(inspect(empty).get_table_names()) == {*Table.metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing(empty):
    upgrade(empty)

    upgrade(empty)

    with empty.connect() as connection:
        assert current(connection) == newest()


def test_a_database_can_go_back_to_nothing(empty):
    upgrade(empty)

    with empty.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert inspect(empty).get_table_names() == ["alembic_version"]


@pytest.mark.slow
def test_processes_that_start_together_migrate_once(empty, empty_database_url):
    program = "import sys; from core.store import make_engine, upgrade; upgrade(make_engine(sys.argv[1]))"
    processes = [
        subprocess.Popen([sys.executable, "-c", program, empty_database_url], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(3)
    ]

    complaints = [process.communicate(timeout=120)[1].decode() for process in processes]

    assert complaints == ["", "", ""]
    with empty.connect() as connection:
        assert current(connection) == newest()


def test_sqlite_is_set_up_for_many_readers_and_one_writer(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'home' / 'aitl.db'}")

    with engine.connect() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "busy_timeout", "synchronous", "foreign_keys")
        ]
    engine.dispose()

    assert modes == ["wal", 5000, 1, 1]


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("sqlite://", "memory is lost to other processes"),
        ("sqlite:///:memory:", "memory is lost to other processes"),
        ("mysql://localhost/aitl", "AITL_DATABASE_URL is 'mysql'"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_in_one_sentence(url, complaint):
    with pytest.raises(BadSetting, match=complaint):
        make_engine(url)


def test_a_database_that_does_not_answer_is_an_error_of_ours(tmp_path):
    engine = make_engine(f"postgresql://aitl@/nothing?host={tmp_path}")

    with pytest.raises(StoreUnavailable, match="The database cannot be opened"):
        upgrade(engine)
