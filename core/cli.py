"""The command line: one table of lazy commands, so that none pays for another's imports.

`aitl --help` reads only this table. A command's module is imported when that command is called.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO, cast

import click

from core.commands.lazy import LazyGroup
from core.errors import AitlError, ConfigurationError
from core.masking import MaskedStream
from core.program import Program

# name -> (module:click command, one line for `aitl --help`)
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("bot.commands.demo:demo", "Try it: a local Slack, the bot, sample knowledge and cases."),
    "run": ("bot.commands.run:run", "Run the bot against Slack, by Socket Mode or HTTP."),
    "sandbox": ("bot.commands.sandbox:sandbox", "Only the local Slack, for trying any Bolt app."),
    "ingest": ("core.commands.ingest:ingest", "Add or update knowledge from files and folders."),
    "suggest": ("core.commands.suggest:suggest", "Draft two cited replies for one case on the terminal."),
    "gaps": ("core.commands.gaps:gaps", "The missing-knowledge queue, and articles that close it."),
    "exam": ("core.commands.exam:exam", "The knowledge exam: a report per article, and which knowledge ails."),
    "train": ("training.commands.train:train", "Retrain from what agents said, and measure the result."),
    "models": ("core.commands.models:models", "The versions of the models, who serves, and what happened."),
    "promote": ("core.commands.models:promote", "Make a version of the models the champion."),
    "rollback": ("core.commands.models:rollback", "Go back to the champion before."),
    "schedule": ("training.commands.schedule:schedule", "Retrain on a cadence, and look after what serves."),
    "metrics": ("core.commands.metrics:metrics", "How the drafts do, with the change against the days before."),
    "causes": ("training.commands.causes:causes", "What to fix first: why suggestions came to a bad end."),
    "export": ("core.commands.export:export", "Write annotations or cases as JSON lines."),
    "bench": ("core.commands.bench:bench", "Measure the product on this machine."),
    "doctor": ("bot.commands.doctor:doctor", "Check the installation and say what to do about each fault."),
}


@click.group(cls=LazyGroup, table=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aitl")
def aitl() -> None:
    """Draft two cited replies for every support case, and learn from what the agents do with them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit: 0 done, 1 failed, 2 usage or configuration."""
    program = Program(environ=dict(os.environ), dotenv=Path(".env"))
    masker = program.masker()
    # Whatever is logged, warned of or crashed with goes out here: the tracebacks of other libraries hold URLs.
    sys.stderr = cast(TextIO, MaskedStream(sys.stderr, masker))
    try:
        code = aitl.main(arguments, prog_name="aitl", obj=program, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except ConfigurationError as error:
        click.echo(masker(f"{type(error).__name__}: {error}"), err=True)
        code = 2
    except AitlError as error:
        click.echo(masker(f"{type(error).__name__}: {error}"), err=True)
        code = 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader went away (`aitl gaps | head`): nothing is left to say
        code = 1
    gc.freeze()  # searching torch's modules for garbage once more, just to leave, takes seconds
    sys.exit(code if isinstance(code, int) else 0)
