"""Whoever the aliases name answers; what cannot be loaded does not."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from core.clock import utc_now
from core.live_suggester import LiveSuggester
from core.registry.bundle import BASE, Bundle, NewBundle, Registry
from core.store import Store, make_engine
from core.suggest import Suggester
from tests.core.suggesters import Broken, asked, pipeline

CASE = asked("When does my refund arrive?")


class Shop:
    """Loads bundles: each number is how often. What is in `faults` cannot be loaded."""

    def __init__(self) -> None:
        self.loaded: Counter[int] = Counter()
        self.faults: dict[int, Exception] = {}
        self.open = threading.Event()
        self.open.set()
        self.broken: set[int] = set()
        self._made: list[weakref.ref[Suggester]] = []

    def __call__(self, bundle: Bundle) -> Suggester:
        assert self.open.wait(60)
        self.loaded[bundle.version] += 1
        if bundle.version in self.faults:
            raise self.faults[bundle.version]
        made = pipeline(bundle.version, retriever=Broken() if bundle.version in self.broken else None)
        self._made.append(weakref.ref(made))
        return made

    @property
    def alive(self) -> list[Suggester]:
        """What it has loaded and somebody still holds."""
        return [one for one in (made() for made in self._made) if one is not None]


@pytest.fixture
def registry(sqlite_template: Path, tmp_path: Path) -> Registry:
    """With versions 1, 2 and 3; version 0 serves."""
    path = tmp_path / "aitl.db"
    path.write_bytes(sqlite_template.read_bytes())
    registry = Store(make_engine(f"sqlite:///{path}"), utc_now).registry
    for number in (1, 2, 3):
        registry.register(NewBundle(BASE, {}, "", {}, "superior", "", cycle=f"cycle {number}"), [])
    return registry


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def live(registry: Registry, shop: Shop) -> LiveSuggester:
    return LiveSuggester(registry, pipeline(BASE), shop, patience_s=30.0, retry_s=3600.0)


def bundles(live: LiveSuggester, seed: int = 1) -> set[str]:
    return {one.bundle for one in live.suggest(CASE, 1, seed).candidates}


def test_version_0_serves_without_loading_anything(live: LiveSuggester, shop: Shop) -> None:
    assert bundles(live) == {"0"}
    assert not shop.loaded


def test_a_new_champion_answers_the_next_case_and_after_a_rollback_the_old_one(
    live: LiveSuggester, registry: Registry, shop: Shop
) -> None:
    assert bundles(live) == {"0"}

    registry.promote(2, "test", "")
    promoted = bundles(live), bundles(live)
    registry.rollback("test", "")

    assert promoted == ({"2"}, {"2"})
    assert bundles(live) == {"0"}
    assert shop.loaded == {2: 1}


def test_a_process_that_starts_waits_for_the_champion(registry: Registry, shop: Shop) -> None:
    registry.promote(1, "test", "")
    live = LiveSuggester(registry, pipeline(BASE), shop, patience_s=0.0)

    assert bundles(live) == {"1"}


def test_while_a_new_one_is_being_loaded_the_old_one_answers_and_nobody_waits(registry: Registry, shop: Shop) -> None:
    live = LiveSuggester(registry, pipeline(BASE), shop, patience_s=0.0)
    bundles(live)
    shop.open.clear()
    registry.promote(1, "test", "")

    meanwhile = [bundles(live) for _ in range(3)]
    shop.open.set()

    assert meanwhile == [{"0"}] * 3
    assert eventually(lambda: bundles(live) == {"1"})
    assert shop.loaded == {1: 1}


def test_a_challenger_takes_its_share_of_the_cases_and_once_promoted_all_without_being_loaded_again(
    live: LiveSuggester, registry: Registry, shop: Shop
) -> None:
    registry.promote(1, "test", "")
    registry.challenge(2, 0.25, "test", "")

    shares = Counter(len(bundles(live, seed)) for seed in range(400))
    registry.promote(2, "test", "")

    assert 70 <= shares[2] <= 130
    assert bundles(live) == {"2"}
    assert shop.loaded == {1: 1, 2: 1}


def test_the_draw_belongs_to_the_seed(live: LiveSuggester, registry: Registry) -> None:
    registry.challenge(2, 0.5, "test", "")

    assert [bundles(live, seed) for seed in range(20)] == [bundles(live, seed) for seed in range(20)]


def test_a_withdrawn_challenger_is_asked_no_more(live: LiveSuggester, registry: Registry) -> None:
    registry.challenge(2, 1.0, "test", "")
    assert bundles(live) == {"0", "2"}

    registry.withdraw("test", "")

    assert bundles(live) == {"0"}


def test_a_champion_that_cannot_be_loaded_leaves_the_old_one_and_it_is_told_once(
    live: LiveSuggester, registry: Registry, shop: Shop
) -> None:
    registry.promote(1, "test", "")
    assert bundles(live) == {"1"}
    shop.faults[2] = OSError("the disk is on fire.")

    registry.promote(2, "test", "")

    assert bundles(live) == {"1"}
    said = "The champion, version 2, could not be loaded: the disk is on fire. Version 1 answers in its place."
    assert [live.refresh(), live.refresh()] == [said, None]
    assert shop.loaded[2] == 1


def test_a_process_whose_champion_cannot_be_loaded_starts_with_version_0(
    live: LiveSuggester, registry: Registry, shop: Shop
) -> None:
    shop.faults[1] = ValueError("no such file.")
    registry.promote(1, "test", "")

    assert bundles(live) == {"0"}


def test_what_could_not_be_loaded_is_tried_again(registry: Registry, shop: Shop) -> None:
    live = LiveSuggester(registry, pipeline(BASE), shop, patience_s=30.0, retry_s=0.0)
    shop.faults[1] = OSError("away")
    registry.promote(1, "test", "")
    assert bundles(live) == {"0"}

    del shop.faults[1]

    assert bundles(live) == {"1"}


def test_a_challenger_that_cannot_be_loaded_leaves_the_champion_alone(
    live: LiveSuggester, registry: Registry, shop: Shop
) -> None:
    shop.faults[2] = OSError("the disk is on fire.")
    registry.promote(1, "test", "")
    registry.challenge(2, 1.0, "test", "")

    assert bundles(live) == {"1"}
    assert live.refresh() == (
        "The challenger, version 2, could not be loaded: the disk is on fire. The champion answers alone."
    )


def test_a_challenger_that_fails_on_a_case_loses_no_case(
    live: LiveSuggester, registry: Registry, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.broken = {2}
    registry.challenge(2, 1.0, "test", "")

    assert bundles(live) == {"0"}
    assert "the weights are not numbers" in caplog.text


def test_a_bundle_that_serves_no_more_is_let_go(live: LiveSuggester, registry: Registry, shop: Shop) -> None:
    registry.promote(1, "test", "")
    registry.challenge(2, 1.0, "test", "")
    assert bundles(live) == {"1", "2"}
    assert sorted(one.version for one in shop.alive) == [1, 2]

    registry.rollback("test", "")
    assert bundles(live) == {"0"}
    gc.collect()

    assert shop.alive == []


def test_many_threads_see_nothing_but_what_served_while_the_aliases_change(registry: Registry, shop: Shop) -> None:
    live = LiveSuggester(registry, pipeline(BASE), shop, patience_s=0.0)
    seen: list[set[str]] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            seen.append(bundles(live, seed=len(seen)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    registry.challenge(1, 1.0, "test", "")
    assert eventually(lambda: {"0", "1"} in seen)
    registry.promote(1, "test", "")
    assert eventually(lambda: {"1"} in seen)
    registry.rollback("test", "")
    assert eventually(lambda: seen[-1] == {"0"})
    over.set()
    for thread in threads:
        thread.join(60)

    assert {frozenset(one) for one in seen} == {frozenset({"0"}), frozenset({"0", "1"}), frozenset({"1"})}


def eventually(look: Callable[[], bool], tries: int = 600) -> bool:
    """Whether it becomes true within a minute."""
    pause = threading.Event()
    return any(look() or pause.wait(0.1) for _ in range(tries))
