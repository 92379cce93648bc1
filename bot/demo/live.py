"""`aitl demo`: the page to look at and click, until Ctrl-C."""

from __future__ import annotations

import signal
from contextlib import suppress
from typing import NoReturn

import click

from bot.demo.demo import CASES, Demo, running_demo
from bot.demo.selection import shown_first
from core.commands.options import print_json
from core.settings import Settings
from core.summons import SIGNALS, Summons


def serve(settings: Settings, port: int, as_json: bool) -> None:
    """Start everything, put a few cases into the channel, print the address, and serve until Ctrl-C or SIGTERM."""

    def say(line: str) -> None:
        click.echo(line, err=as_json)

    stop = Summons()

    def interrupt(*_: object) -> NoReturn:
        stop.send()  # an exception alone would be lost where it meets a finalizer
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in SIGNALS}  # also while it starts
    try:
        with suppress(KeyboardInterrupt), stop.heard(), running_demo(settings, port, say) as demo:
            _post_first_cases(demo)
            if as_json:
                print_json({"url": demo.sandbox.url, "home": str(demo.home)})
            else:
                say(_welcome(demo))
            stop.wait()
        say("Stopped.")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _post_first_cases(demo: Demo) -> None:
    customer = demo.sandbox.person("customer")
    for case in shown_first():
        customer.post(CASES, case.turns[0].text)


def _welcome(demo: Demo) -> str:
    return (
        f"\n  Open {demo.sandbox.url}\n\n"
        f"  The customers' cases stand in #{CASES}; the drafts are in their threads.\n"
        "  Choose who you are at the top left: two agents, a lead, or a customer who writes the next case.\n"
        f"  Everything is kept in {demo.home}\n\n"
        "  Ctrl-C stops it."
    )
