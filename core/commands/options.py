"""Options that several commands share, and the one way to answer with `--json`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def json_option(command: Command) -> Command:
    """`--json`: exactly one JSON object on stdout, everything else on stderr."""
    return click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")(command)


def print_json(value: Mapping[str, object]) -> None:
    """Write one JSON object and a newline to stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


class NamedPath(click.Path):
    """A path that says something: an empty shell variable must not become the current folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not str(value).strip():
            self.fail("the path is blank.", param, ctx)
        return super().convert(value, param, ctx)
