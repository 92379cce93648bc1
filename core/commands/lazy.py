"""A command group as a table: a command's module is imported when that command is called, never for `--help`."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import click

# name -> (module:click command, one line for `--help`)
Table = Mapping[str, tuple[str, str]]


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def __init__(self, *given: Any, table: Table, **options: Any) -> None:
        super().__init__(*given, **options)
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the table's order: what a newcomer needs comes first."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the one command asked for."""
        if cmd_name not in self._table:
            return None
        module_name, _, attribute = self._table[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module_name), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Print the table's own summaries: asking each command would import it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in self._table.items()])
