"""What to fix first, once a week: when a run is due, and what becomes of it."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from core.judge.ruling import Ruling
from tests.core.suggesters import pipeline
from training.causes.round import find_causes
from training.schedule.child import Ended
from training.schedule.weekly import WEEK, WeeklyCauses

DAY = timedelta(days=1)


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """SQLite alone: what is asked of the store here is tested on both elsewhere."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    return f"sqlite:///{tmp_path / 'aitl.db'}"


class Run:
    """A run that goes on until it is told how it ended."""

    def __init__(self) -> None:
        self.how: Ended | None = None

    def ended(self) -> Ended | None:
        return self.how


@pytest.fixture
def refuse(new_world, store, watch) -> Callable[[str], None]:
    """One more case, whose drafts are refused."""

    def refuse(name: str) -> None:
        world = new_world(name)
        said = world.feedback.reject(world.suggestion.id, "U_ANN", ["tone"], None, None, "modal", name)
        store.rulings.add(said.id, Ruling("accepted", 1.0), "test")

    return refuse


@pytest.fixture
def runs() -> list[Run]:
    return []


@pytest.fixture
def weekly(store, watch, runs) -> WeeklyCauses:
    def start(arguments: tuple[str, ...]) -> Run:
        assert arguments == ("causes", "--json", "--days", "14")
        runs.append(Run())
        return runs[-1]

    return WeeklyCauses(store, watch, start)  # type: ignore[arg-type]


def test_the_first_run_comes_a_week_after_the_first_word_and_the_next_a_week_later(weekly, runs, refuse, store, watch):
    weekly()
    refuse("1.0")
    weekly()
    assert runs == []
    watch.advance(WEEK.total_seconds() + 1)

    weekly()
    weekly()
    assert len(runs) == 1  # it goes on
    find_causes(store, lambda version: pipeline(0), watch() - 2 * WEEK)
    runs[0].how = Ended({"causes": []})
    refuse("2.0")
    watch.advance(6 * DAY.total_seconds())
    weekly()
    assert len(runs) == 1

    watch.advance(DAY.total_seconds())
    weekly()
    assert len(runs) == 2


def test_nothing_is_run_where_nothing_is_new_or_a_retraining_is_under_way(weekly, runs, refuse, store, watch):
    refuse("1.0")
    find_causes(store, lambda version: pipeline(0), watch() - WEEK)
    watch.advance(WEEK.total_seconds() + 1)
    weekly()
    assert runs == []

    refuse("2.0")
    store.retrainings.ask("cadence:1", "cadence")
    weekly()
    assert runs == []


def test_a_run_that_breaks_is_told_of_and_tried_again(weekly, runs, refuse, watch, caplog):
    refuse("1.0")
    watch.advance(WEEK.total_seconds() + 1)
    weekly()
    runs[0].how = Ended(failure="It broke (exit code 1): IndexBroken.")

    with caplog.at_level(logging.WARNING, "aitl.schedule"):
        weekly()
    weekly()

    assert "It broke (exit code 1): IndexBroken." in caplog.text
    assert len(runs) == 2
