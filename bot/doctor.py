"""`aitl doctor`: looks at everything a bot needs, and says what to do about each fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryFile

import click
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.named_people import check_leads, check_owners
from bot.parked import describe, parked_work, retry_parked
from bot.people import Identity, People
from bot.sandbox.manifest import load_manifest
from bot.schedule_check import check_schedule
from bot.workspace import check_token, identify, make_client, scopes_of
from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.clock import utc_now
from core.commands.options import print_json
from core.errors import AitlError, EmptyKnowledge, IndexBroken
from core.generators import check_language_model
from core.knowledge_base import make_indexes
from core.registry.bundle import MODELS_FOLDER, Registry
from core.registry.files import check_files
from core.settings import Settings
from core.store import Store, make_engine
from core.store.engine import parse_url
from core.store.migrate import current, newest


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: `advice` says what was found, and for a fault what to do."""

    name: str
    ok: bool
    advice: str


def doctor_command(settings: Settings, as_json: bool, *, retry: bool = False) -> int:
    """Print every check; 1 if one of them found a fault, else 0. `retry`: have parked work tried again."""
    masker = settings.masker()
    checks = [replace(check, advice=masker(check.advice)) for check in run_checks(settings, retry=retry)]
    if as_json:
        print_json({"checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            click.echo(f"{'ok   ' if check.ok else 'FAULT'}  {check.name}: {check.advice}")
    return 0 if all(check.ok for check in checks) else 1


def run_checks(settings: Settings, *, retry: bool = False) -> Iterator[Check]:
    """Every check, the ground first: what cannot be looked at because of an earlier fault is left out."""
    yield Check("settings", True, "every setting can be read")
    yield Check("retention", True, _retention(settings))
    yield _home(settings.home)
    yield _guarded("embedder", lambda: _embedder(settings))
    yield _guarded("language model", lambda: check_language_model(settings))
    yield from _database(settings, retry)
    yield from _slack(settings)


def _guarded(name: str, look: Callable[[], str]) -> Check:
    """A check that raises is a fault; its message is the advice."""
    try:
        return Check(name, True, look())
    except SlackApiError as error:
        return Check(name, False, f"Slack answered {error.response.get('error', error)!r}.")
    except (AitlError, SQLAlchemyError, OSError, HTTPException, ValueError) as error:
        return Check(name, False, str(error).splitlines()[0])


def _retention(settings: Settings) -> str:
    if settings.retention_days is None:
        return "the words of cases are kept for good (redacted); AITL_RETENTION_DAYS removes them after so many days"
    days = f"{settings.retention_days} day{'s' if settings.retention_days > 1 else ''}"
    return f"the words of a case are removed {days} after its last activity; labels stay"


def _home(home: Path) -> Check:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    try:
        with TemporaryFile(dir=there):
            return Check("home", True, f"{home} can be written")
    except OSError as error:
        said = f"{home} cannot be written ({error.strerror}); set AITL_HOME to a folder of your own."
        return Check("home", False, said)


def _embedder(settings: Settings) -> str:
    if settings.embedder and not Path(settings.embedder).is_dir():
        return f"{settings.embedder} is loaded by name when it is first needed"
    return f"{SentenceTransformerEmbedder(settings.embedder).version} is there"


def _database(settings: Settings, retry: bool) -> Iterator[Check]:
    try:
        url = parse_url(settings.database_url)
    except AitlError as error:
        yield Check("database", False, str(error))
        return
    if settings.is_sqlite and url.database and not Path(url.database).exists():
        yield Check("database", True, f"{url.database} will be made at the first start")
        yield Check("knowledge", False, "The knowledge base is empty. Fill it with: aitl ingest PATH")
        return
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            at = current(connection)
        if at != newest():
            yield Check("database", True, f"at schema {at}; the next start brings it to {newest()}")
            return
        yield Check("database", True, f"answers, at its newest schema ({at})")
        store = Store(engine, utc_now, models=settings.home / MODELS_FOLDER)
        yield _guarded("knowledge", lambda: _knowledge(store))
        if store.knowledge.pointers():
            yield _guarded("index", lambda: _index(store, settings))
        yield _guarded("models", lambda: _models(store.registry))
        yield _guarded("schedule", lambda: check_schedule(store, utc_now()))
        yield _retried(store) if retry else _parked(store)
    except (SQLAlchemyError, AitlError) as error:
        said = str(error).splitlines()[0]
        yield Check("database", False, f"It does not answer ({said}). Check AITL_DATABASE_URL.")
    finally:
        engine.dispose()


def _knowledge(store: Store) -> str:
    articles, generations = store.knowledge.current_articles(), store.knowledge.pointers()
    if not articles or not generations:
        raise EmptyKnowledge
    return f"{len(articles)} articles, {generations[0].snippet_count} snippets"


def _index(store: Store, settings: Settings) -> str:
    generations, indexes = store.knowledge.pointers(), make_indexes(settings)
    for generation in generations:
        held = indexes.open(generation.location).count()
        if held != generation.snippet_count:
            raise IndexBroken(
                f"The index of {generation.retriever_version} holds {held} of {generation.snippet_count} snippets. "
                "Build it again with: aitl ingest PATH"
            )
    embedders = ", ".join(one.retriever_version for one in generations)
    return f"answers, with all {generations[0].snippet_count} vectors of {embedders}"


def _models(registry: Registry) -> str:
    """Who serves; both with all their files."""
    aliases = registry.aliases()
    for version in (aliases.champion, aliases.challenger):
        if version is not None:
            check_files(registry, registry.bundle(version))
    challenger = aliases.challenger
    beside = "" if challenger is None else f", version {challenger} challenges it on {aliases.share:.0%} of the cases"
    return f"version {aliases.champion} is the champion{beside}; all files are whole"


def _parked(store: Store) -> Check:
    stuck = parked_work(store, utc_now())
    if not stuck:
        return Check("parked work", True, "nothing was given up")
    said = f"Pieces of work that were given up: {len(stuck)}. {describe(stuck)}."
    return Check("parked work", False, f"{said} Once the cause is gone: aitl doctor --retry-parked")


def _retried(store: Store) -> Check:
    tried, dropped = retry_parked(store, utc_now())
    return Check("parked work", True, f"tried again by the bot that runs: {tried}; a day old and dropped: {dropped}")


def _slack(settings: Settings) -> Iterator[Check]:
    try:
        client = make_client(settings)
        identity = identify(client)
    except AitlError as error:
        yield Check("bot token", False, str(error))
        return
    yield Check("bot token", True, f"we are <@{identity.bot_user_id}> in workspace {identity.team_id}")
    yield _guarded("app token", lambda: _app_token(client, settings))
    yield _guarded("scopes", lambda: _scopes(client))
    people = People(client, identity, settings)
    yield _guarded("leads", lambda: check_leads(settings, people))
    if settings.knowledge_owners not in ((), settings.leads):
        yield _guarded("knowledge owners", lambda: check_owners(settings, people))
    for channel in settings.case_channels:
        look = partial(_case_channel, channel, client, identity, settings)
        yield _guarded(f"case channel {channel}", look)
    if settings.leads_channel:
        yield _guarded("leads channel", lambda: _membership(settings.leads_channel, client))


def _app_token(client: WebClient, settings: Settings) -> str:
    if settings.slack_signing_secret.reveal() and not settings.slack_app_token.reveal():
        return "SLACK_APP_TOKEN is not set, so only aitl run --http can receive"
    check_token("SLACK_APP_TOKEN", settings.slack_app_token, "xapp-", "Basic Information → App-Level Tokens")
    try:
        client.apps_connections_open(app_token=settings.slack_app_token.reveal())
    except SlackApiError as error:
        code = error.response.get("error", error)
        raise ValueError(
            f"SLACK_APP_TOKEN was refused by Slack ({code}); it needs the scope connections:write."
        ) from error
    return "Socket Mode can be opened"


def _scopes(client: WebClient) -> str:
    missing = load_manifest(None).scopes - scopes_of(client.auth_test().headers)
    if missing:
        raise ValueError(
            f"The app lacks {', '.join(sorted(missing))}, which manifest.yml has. Add them under OAuth & Permissions "
            "and install the app again."
        )
    return "all scopes of manifest.yml are granted"


def _case_channel(channel: str, client: WebClient, identity: Identity, settings: Settings) -> str:
    said = _membership(channel, client)
    outsiders = People(client, identity, settings).barriers(channel)
    if outsiders:
        raise ValueError(
            f"{channel} can be read from outside ({', '.join(outsiders[:3])}), so no drafts are posted there. "
            "Remove guests and people from other workspaces, or use another channel."
        )
    return said


def _membership(channel: str, client: WebClient) -> str:
    try:
        info = client.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        code = error.response.get("error", error)
        raise ValueError(f"{channel} cannot be seen ({code}). Invite the bot there with /invite.") from error
    if info.get("is_archived"):
        raise ValueError(f"{channel} is archived; choose another channel.")
    if not info.get("is_member"):
        raise ValueError(f"The bot is not in {channel}. Invite it there with /invite.")
    return f"the bot is in #{info.get('name', channel)}"
