"""The only chooser: settings in, working parts out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryFile

from core.bundles import Shared, assemble, bring_up, make_shared
from core.clock import Clock, utc_now
from core.errors import ConfigurationError
from core.feedback import Feedback
from core.gap_queue import GapQueue
from core.judge.notes import NoteReader
from core.live_suggester import LiveSuggester
from core.ports import Embedder, Reranker
from core.publishing import make_gap_queue
from core.redaction import redact
from core.registry.bundle import BASE, MODELS_FOLDER
from core.settings import Settings
from core.store import Store
from core.store.engine import make_engine
from core.store.migrate import upgrade
from core.suggest import Suggester


@dataclass(frozen=True)
class Services:
    """What the bot and the command line are handed."""

    settings: Settings
    store: Store
    feedback: Feedback
    clock: Clock
    suggester: Suggester | LiveSuggester
    gaps: GapQueue
    notes: NoteReader | None = None


def make_home(settings: Settings) -> None:
    """The folder AITL_HOME. Raises ConfigurationError where it cannot be made or written."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        raise ConfigurationError(
            f"AITL_HOME is {str(settings.home)!r}, where nothing can be written ({error.strerror}); "
            "set it to a folder of your own."
        ) from error


@contextmanager
def open_store(settings: Settings, clock: Clock = utc_now) -> Iterator[Store]:
    """The store, its database brought to the newest schema; connections are closed at the end.

    Raises StoreUnavailable when the database does not answer, BadSetting for a URL that names none,
    ConfigurationError for a home that cannot be written.
    """
    make_home(settings)
    engine = make_engine(settings.database_url)
    try:
        upgrade(engine)
        yield Store(engine, clock, models=settings.home / MODELS_FOLDER)
    finally:
        engine.dispose()


@contextmanager
def open_services(settings: Settings, clock: Clock = utc_now) -> Iterator[Services]:
    """Everything that answers cases. Loads no model yet. Raises as `open_store` does."""
    with open_store(settings, clock) as store:
        shared = make_shared(settings, store)
        opinions = shared.generators.opinions()
        notes = None if opinions is None else NoteReader(opinions)
        suggester = _live_suggester(settings, store, clock, shared)
        gaps = make_gap_queue(settings, store, clock, shared.embedder, lambda: suggester.champion)
        yield Services(settings, store, Feedback(store, clock, redact), clock, suggester, gaps, notes)


def make_suggester(settings: Settings, store: Store, clock: Clock, embedder: Embedder | None = None) -> Suggester:
    """The pipeline on the embedded defaults; one embedder serves all its stages, by default the settings' own."""
    return assemble(settings, store, clock, store.registry.bundle(BASE), make_shared(settings, store, embedder))


def make_live_suggester(
    settings: Settings, store: Store, clock: Clock, embedder: Embedder | None = None
) -> LiveSuggester:
    """Whoever is champion answers, and the challenger beside it. Loads nothing yet."""
    return _live_suggester(settings, store, clock, make_shared(settings, store, embedder))


def _live_suggester(settings: Settings, store: Store, clock: Clock, shared: Shared) -> LiveSuggester:
    base = assemble(settings, store, clock, store.registry.bundle(BASE), shared)
    return LiveSuggester(store.registry, base, lambda bundle: bring_up(settings, store, clock, bundle, shared))


def make_champion(settings: Settings, store: Store, clock: Clock, embedder: Embedder | None = None) -> Suggester:
    """The champion as it is now, for a case or two."""
    champion = store.registry.bundle(store.registry.aliases().champion)
    return assemble(settings, store, clock, champion, make_shared(settings, store, embedder))


def with_reranker(services: Services, reranker: Reranker) -> Services:
    """Version 0 for good, with another second stage."""
    base = make_suggester(services.settings, services.store, services.clock)
    return replace(services, suggester=replace(base, reranker=reranker))
