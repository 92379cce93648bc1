"""Migrations: from nothing to what the models say, once, however many start together."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from core.errors import BadSetting, ConfigurationError, StoreUnavailable
from core.knowledge.generation import IndexGeneration
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


def test_replies_adopted_before_there_was_a_memory_are_remembered_too(world, store):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k1")
    with store.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")

    upgrade(store.engine)

    [place] = store.solved.arrived(0)
    assert store.solved.standing([place])[place].case_id == world.case.id


def test_the_index_that_was_live_is_that_of_its_embedder_and_again_the_only_one_on_the_way_back(store):
    store.knowledge.publish([], [], [], IndexGeneration("gen-1", "minilm", "here", 3))
    store.knowledge.publish([], [], [], IndexGeneration("gen-2", "minilm", "there", 4))
    with store.engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0012")
        assert connection.execute(text("SELECT id, generation_id FROM index_pointer")).all() == [(1, "gen-2")]

    upgrade(store.engine)

    assert store.knowledge.pointers() == [IndexGeneration("gen-2", "minilm", "there", 4)]


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


def test_what_is_no_url_is_named_without_its_password():
    with pytest.raises(BadSetting, match="AITL_DATABASE_URL is 'db:port/aitl'") as failure:
        make_engine("postgresql://bot:hunter2@db:port/aitl")

    assert "hunter2" not in str(failure.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ConfigurationError, match=r"folder .*file/home cannot be made .*set AITL_HOME"):
        make_engine(f"sqlite:///{tmp_path / 'file' / 'home' / 'aitl.db'}")


def test_a_file_that_is_no_database_is_an_error_of_ours(tmp_path):
    (tmp_path / "aitl.db").write_text("Dear diary, " * 100)
    engine = make_engine(f"sqlite:///{tmp_path / 'aitl.db'}")

    with pytest.raises(StoreUnavailable, match="The database cannot be opened: file is not a database"):
        upgrade(engine)
    engine.dispose()


def test_an_error_of_the_database_is_one_line():
    engine = make_engine("postgresql://aitl@127.0.0.1:1/nothing")

    with pytest.raises(StoreUnavailable) as failure:
        upgrade(engine)

    assert "\n" not in str(failure.value)
    assert "Check AITL_DATABASE_URL." in str(failure.value)
