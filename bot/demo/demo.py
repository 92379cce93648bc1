"""A demo that runs: a local Slack, the sample knowledge in a home of its own, and the bot between them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.app import Bot
from bot.demo.scripted import ScriptedDesk
from bot.sandbox import Sandbox, SandboxError
from core.bootstrap import Services, open_services
from core.errors import ConfigurationError
from core.ingest_command import ingest_paths
from core.sample import sample_articles_dir
from core.settings import Secret, Settings

CASES = "support-cases"
LEADS = "support-leads"
AGENTS = ("ada", "ben")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    sandbox: Sandbox
    services: Services

    @property
    def home(self) -> Path:
        """Where everything it writes lives."""
        return self.services.settings.home

    def desk(self, channel: str = CASES, agents: Sequence[str] = AGENTS) -> ScriptedDesk:
        """A customer and agents who can be told to work in that channel; nobody works at two desks at once."""
        return ScriptedDesk(self.sandbox.person("customer"), [self.sandbox.person(name) for name in agents], channel)


@contextmanager
def running_demo(settings: Settings, port: int, say: Say, more_channels: Sequence[str] = ()) -> Iterator[Demo]:
    """Start everything and stop it at the end; `say` hears what is being done, one line at a time.

    `more_channels`: names of further case channels, to be opened: Slack takes one message a second in each.

    Raises ConfigurationError when the port is taken.
    """
    try:
        # Another seed each time: ids of an earlier run in the same home would count as delivered twice.
        sandbox = Sandbox(port=port, seed=secrets.randbits(32))
    except SandboxError as error:
        raise ConfigurationError(str(error)) from error
    with sandbox:
        for name in more_channels:
            _open_channel(sandbox, name)
        settings = demo_settings(settings, sandbox, [CASES, *more_channels])
        with open_services(settings) as services:
            say("Reading the sample knowledge base ...")
            ingest_paths([sample_articles_dir()], settings, services.store, services.suggester.embedder)
            # Without a scheduler: nobody plays for a week, and `/aitl retrain` says that none runs.
            bot = Bot(settings, services)
            bot.start()
            try:
                yield Demo(sandbox, services)
            finally:
                bot.stop()


def _open_channel(sandbox: Sandbox, name: str) -> None:
    """With everybody in it who is in the first case channel."""
    lead = sandbox.person("lea")
    opened = lead.create_channel(name)
    for member in set(sandbox.channel(CASES).members) - {lead.user_id}:
        lead.invite(opened, member)


def demo_settings(settings: Settings, sandbox: Sandbox, case_channels: Sequence[str] = (CASES,)) -> Settings:
    """The given settings, pointed at the sandbox: its tokens, its case channels, its lead."""
    return replace(
        settings,
        slack_api_url=sandbox.api_url,
        slack_bot_token=Secret(sandbox.bot_token),
        slack_app_token=Secret(sandbox.app_token),
        slack_signing_secret=Secret(sandbox.signing_secret),
        case_channels=tuple(sandbox.channel(name).id for name in case_channels),
        case_bots=(sandbox.user("helpdesk").bot_id or "",),
        leads=(sandbox.user("lea").id,),
        knowledge_owners=(sandbox.user("lea").id,),
        leads_channel=sandbox.channel(LEADS).id,
    )
