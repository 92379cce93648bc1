"""What tests are given: fresh databases (SQLite, and PostgreSQL in a throw-away cluster), a clock, and a world.

The world is one case with one posted suggestion: two candidates over three snippets.
"""

from __future__ import annotations

import itertools
import logging
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, text

from bot.demo.demo import Demo, running_demo
from bot.sandbox import Sandbox
from bot.sandbox.patience import Patience
from core.feedback import Feedback
from core.knowledge.generation import IndexGeneration
from core.redaction import redact
from core.settings import Settings
from core.store import Store, database, make_engine, upgrade
from core.store.tables import Table
from core.values import (
    Article,
    Candidate,
    Case,
    CheckReport,
    RankedSnippet,
    SentenceCheck,
    Slot,
    Snippet,
    Suggestion,
    Turn,
)
from tests.chat_server import COMPLETE_REPLY, DIRECT_REPLY, ChatServer, served_by_transformers

ROOT = Path(__file__).parent.parent
_NUMBERS = itertools.count(1)


class Watch:
    """A clock that stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class _Loggers(dict[str, Any]):
    """All loggers, which the runner walks over while the threads of a bot add theirs: it gets a copy to walk over."""

    def values(self) -> Any:
        return list(super().values())


def pytest_configure() -> None:
    """Before the first test: a shared machine may be slow, which no property is about."""
    settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("shared")
    # A shell starts what runs in the background deaf to Ctrl-C, and so would be all programs that tests start.
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    logging.root.manager.loggerDict = _Loggers(logging.root.manager.loggerDict)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--seeds N`: how many sequences of random moments a test with a `seed` tries."""
    parser.addoption("--seeds", type=int, default=2, help="how many seeds a test with a seed tries (default: 2)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a `seed` runs once for each."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("seeds")))


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """What must come may come late on a machine that others use too; only what never comes costs the whole wait.

    So may the database: a thread that stands still while it writes keeps what Slack delivers from being stored.
    """
    haste_ms = database.HASTE_MS
    Patience.times = 3.0
    database.HASTE_MS = round(haste_ms * Patience.times)
    yield
    Patience.times, database.HASTE_MS = 1.0, haste_ms


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a test in which a deadline is to pass, or time moves by hand."""
    monkeypatch.setattr(Patience, "times", 1.0)


@pytest.fixture(scope="session", autouse=True)
def no_rule_of_slack_is_broken_unseen() -> Iterator[None]:
    """A sandbox that is stopped with breaches which nobody looked at or expected fails the test that made it."""
    Sandbox.is_forgiving = False
    yield
    Sandbox.is_forgiving = True


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The whole product on the sample knowledge, in a home of its own."""
    settings = Settings.from_environment({"AITL_HOME": str(tmp_path_factory.mktemp("demo"))})
    with running_demo(settings, 0, lambda line: None) as running:
        yield running


@pytest.fixture
def watch() -> Watch:
    """Monday, 4 May 2026, 9:00 UTC."""
    return Watch()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database at the newest schema: copying it is faster than migrating anew."""
    path = tmp_path_factory.mktemp("template") / "aitl.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a language model that nobody has trained."""
    from tests.tiny_models import save_tiny_model  # here: torch takes seconds

    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny-llama")


@pytest.fixture(scope="session")
def parrot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a language model that answers every case with the same two replies: those of `chat_server`."""
    from tests.tiny_models import save_parrot  # here: torch takes seconds

    return save_parrot(tmp_path_factory.mktemp("models") / "parrot", DIRECT_REPLY, COMPLETE_REPLY)


@pytest.fixture(scope="session")
def transformers_serve(parrot: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of `transformers serve` with the parrot in it."""
    with served_by_transformers(parrot, tmp_path_factory.mktemp("served")) as base_url:
        yield base_url


@pytest.fixture
def chat_server() -> Iterator[ChatServer]:
    """An OpenAI-compatible server that answers as it is told to."""
    with ChatServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The folder of the server's socket. Skips where PostgreSQL is not installed."""
    initdb, pg_ctl = _postgresql_program("initdb"), _postgresql_program("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="aitl-pg-"))
    as_user = _as_somebody_else(folder)
    data = str(folder / "data")
    options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=200"
    try:
        _run([*as_user, initdb, "-D", data, "-U", "aitl", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"])
        _run([*as_user, pg_ctl, "-D", data, "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start"])
        try:
            yield str(folder)
        finally:
            _run([*as_user, pg_ctl, "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_database(postgresql_server: str) -> Iterator[Engine]:
    """One database at the newest schema: emptying it is faster than making another."""
    _create_database(postgresql_server, "migrated")
    engine = make_engine(_url(postgresql_server, "migrated"))
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database at the newest schema, once of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "aitl.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    database: Engine = request.getfixturevalue("postgresql_database")
    tables = ", ".join(f'"{name}"' for name in Table.metadata.tables)
    with database.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
    return database.url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    folder = request.getfixturevalue("postgresql_server")
    name = f"empty_{next(_NUMBERS)}"
    _create_database(folder, name)
    return _url(folder, name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a fresh database."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine, watch: Watch, tmp_path: Path) -> Store:
    """A store on a fresh database, once of each kind, with a clock that stands still."""
    return Store(engine, watch, models=tmp_path / "models")


def snippet(number: int, version: int = 1) -> Snippet:
    return Snippet(
        id=f"snip_{number}",
        article_id=f"article-{number}",
        article_version=version,
        title=f"Article {number}",
        section="Refunds",
        url=f"https://help.example/articles/{number}",
        text=f"Refund rule number {number} applies.",
    )


def candidate(slot: Slot, text: str, citations: tuple[int, ...]) -> Candidate:
    sentence = SentenceCheck(text, citations, supported=True, states_fact=True, grants=False, reason="quoted")
    report = CheckReport((sentence,), citations_valid=True, answers_question=True)
    return Candidate(slot, text, "direct" if slot == "a" else "complete", "knowledge", f"bundle-{slot}", report)


@dataclass
class World:
    """One open case with one posted suggestion, and what people do to it."""

    store: Store
    feedback: Feedback
    clock: Watch
    case: Case
    suggestion: Suggestion

    def revise(self, **changes: Any) -> Suggestion:
        """The next revision, posted; the one before is superseded."""
        number = self.store.suggestions.next_revision(self.case.id)
        latest = self.store.suggestions.latest(self.case.id)
        assert latest is not None
        newer = replace(latest, id=f"sug_{self.case.id}_{number}", revision=number, created_at=self.clock(), **changes)
        stored = self.store.suggestions.add(newer)
        self.store.suggestions.retire(latest.id, "superseded")
        self.store.suggestions.mark_posted(stored.id, self.case.channel, f"{number}.9", self.clock())
        return stored


def publish(store: Store, *numbers: int) -> None:
    """The knowledge base is the articles with these numbers now, each with its one snippet; the others are retired."""
    known = {article.id for article in store.knowledge.current_articles()}
    articles = [Article(f"article-{n}", 1, f"Article {n}", None, "Text.", f"hash-{n}", "here") for n in numbers]
    index = IndexGeneration(f"gen-{next(_NUMBERS)}", "minilm", "here", len(numbers))
    gone = sorted(known - {article.id for article in articles})
    store.knowledge.publish(articles, gone, [snippet(n) for n in numbers], index)


def a_suggestion(case: Case, at: datetime) -> Suggestion:
    shown = tuple(RankedSnippet(snippet(number), number, 1.0 / number) for number in (1, 2, 3))
    return Suggestion(
        id=f"sug_{case.id}_1",
        case_id=case.id,
        revision=1,
        turns=case.turns,
        query="where is my refund",
        retrieved=(*shown, RankedSnippet(snippet(4), 4, 0.25)),
        shown=shown,
        candidates=(
            candidate("a", "Hi! Refund rule number 1 applies. [1]", (1,)),
            candidate("b", "Refund rule number 2 applies. [2] It takes five days. [2]", (2,)),
        ),
        similar=(),
        bundle="bundle-a",
        parameters={"seed": 7, "weights": [0.7, 0.3]},
        timings_s={"retrieve": 0.125},
        created_at=at,
    )


@pytest.fixture
def new_world(store: Store, watch: Watch) -> Callable[[str], World]:
    """Opens a case in the thread of that timestamp, with a suggestion posted at once."""
    feedback = Feedback(store, watch, redact)

    def make(thread_ts: str) -> World:
        turn = Turn("customer", "Where is my refund?", thread_ts, watch())
        case, _ = store.cases.open("T1", "C1", thread_ts, "U_CUSTOMER", turn)
        suggestion = store.suggestions.add(a_suggestion(case, watch()))
        store.suggestions.mark_posted(suggestion.id, "C1", f"{thread_ts}1", watch())
        return World(store, feedback, watch, case, suggestion)

    return make


@pytest.fixture
def world(new_world: Callable[[str], World]) -> World:
    """One case, `1.0`."""
    return new_world("1.0")


def _postgresql_program(name: str) -> str:
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (str(beside[-1]) if beside else None)
    if found is None:
        pytest.skip(f"PostgreSQL is not installed: no {name} on the path or in /usr/lib/postgresql")
    return found


def _as_somebody_else(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: who runs it instead, and owns the folder."""
    if os.geteuid() != 0:
        return []
    for user in ("postgres", "nobody"):
        try:
            shutil.chown(folder, user)
        except LookupError:
            continue
        return ["runuser", "-u", user, "--"]
    pytest.skip("PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody")


def _run(command: list[str]) -> None:
    # From a folder that anybody may enter: the programs look at where they are.
    answer = subprocess.run(
        command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    assert answer.returncode == 0, answer.stderr.decode()


def _url(folder: str, name: str) -> str:
    return f"postgresql://aitl@/{name}?host={folder}"


def _create_database(folder: str, name: str) -> None:
    engine = make_engine(_url(folder, "postgres")).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
