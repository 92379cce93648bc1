"""The command line on a home of its own."""

from __future__ import annotations

import shutil

import pytest
from click.testing import CliRunner

from core.cli import aitl
from core.program import Program


@pytest.fixture
def program(tmp_path, sqlite_template):
    """A program whose home has an empty database, and whose approved articles go to `knowledge` beside it."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(sqlite_template, home / "aitl.db")
    environment = {"AITL_HOME": str(home), "AITL_KNOWLEDGE_DIR": str(tmp_path / "knowledge"), "COLUMNS": "200"}
    return Program(environment, tmp_path / ".env")


@pytest.fixture
def invoke(program):
    """Runs a command; gives what it wrote to stdout."""

    def run(*arguments):
        result = CliRunner().invoke(aitl, list(arguments), obj=program, env={"COLUMNS": "200"})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run
