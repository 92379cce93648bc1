"""A demo that runs: a local Slack, the sample knowledge in a home of its own, and the bot between them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
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

    def desk(self) -> ScriptedDesk:
        """A customer and two agents who can be told to work."""
        agents = [self.sandbox.person(name) for name in ("ada", "ben")]
        return ScriptedDesk(self.sandbox.person("customer"), agents, CASES)


@contextmanager
def running_demo(settings: Settings, port: int, say: Say) -> Iterator[Demo]:
    """Start everything and stop it at the end; `say` hears what is being done, one line at a time.

    Raises ConfigurationError when the port is taken.
    """
    try:
        # Another seed each time: ids of an earlier run in the same home would count as delivered twice.
        sandbox = Sandbox(port=port, seed=secrets.randbits(32))
    except SandboxError as error:
        raise ConfigurationError(str(error)) from error
    with sandbox:
        settings = demo_settings(settings, sandbox)
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


def demo_settings(settings: Settings, sandbox: Sandbox) -> Settings:
    """The given settings, pointed at the sandbox: its tokens, its case channel, its lead."""
    return replace(
        settings,
        slack_api_url=sandbox.api_url,
        slack_bot_token=Secret(sandbox.bot_token),
        slack_app_token=Secret(sandbox.app_token),
        slack_signing_secret=Secret(sandbox.signing_secret),
        case_channels=(sandbox.channel(CASES).id,),
        case_bots=(sandbox.user("helpdesk").bot_id or "",),
        leads=(sandbox.user("lea").id,),
        knowledge_owners=(sandbox.user("lea").id,),
        leads_channel=sandbox.channel(LEADS).id,
    )
