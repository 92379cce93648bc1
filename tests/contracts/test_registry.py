"""The contract of Registry, on every implementation: SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from core.errors import NotPossible, UnknownBundle
from core.registry.bundle import Aliases, Bundle, Event, NewBundle, PartRef

RETRIEVER = PartRef("bundle-000001/retriever", "ab" * 32)
NEW = NewBundle(
    parent=0,
    parts={"retriever": RETRIEVER},
    data_hash="9f00",
    metrics={"recall@75": {"before": 0.5, "after": 0.625}},
    verdict="superior",
    reason="It finds more.",
)


@pytest.fixture
def registry(store):
    return store.registry


def register(registry, count=1, **changes):
    """So many new versions; gives the numbers."""
    return [registry.register(replace(NEW, **changes), []).version for _ in range(count)]


def actions(registry, version=None):
    return [(event.version, event.action) for event in registry.log(version)]


def test_what_ships_with_the_product_serves_at_first(registry):
    assert registry.bundles() == [Bundle(0, None, None)]
    assert registry.bundle(0) == Bundle(0, None, None)
    assert registry.aliases() == Aliases(champion=0, challenger=None, share=0.0)
    assert registry.log() == registry.log(0) == registry.lessons(0) == []
    assert registry.previous_champion() is None


def test_a_registered_version_is_kept_as_it_was_and_does_not_serve(registry, watch):
    made = registry.register(NEW, ["ann_2", "ann_1", "ann_2"], by="gate")

    assert made == Bundle(
        1,
        parent=0,
        created_at=watch(),
        parts={"retriever": RETRIEVER},
        data_hash="9f00",
        metrics={"recall@75": {"before": 0.5, "after": 0.625}},
        verdict="superior",
        reason="It finds more.",
    )
    assert registry.bundle(1) == made
    assert registry.bundles() == [made, Bundle(0, None, None)]
    assert registry.lessons(1) == ["ann_1", "ann_2"]
    assert registry.log() == [Event(1, "registered", watch(), "gate", "It finds more.")]
    assert registry.aliases() == Aliases()


def test_two_thousand_lessons_are_no_more_than_a_statement_can_carry(registry):
    ids = [f"ann_{number:04}" for number in range(2000)]

    registry.register(NEW, ids)

    assert registry.lessons(1) == ids


def test_the_same_cycle_registers_once_however_often_it_says_so(registry, watch):
    first = registry.register(replace(NEW, cycle="2026-05-04"), ["ann_1"])
    watch.advance(60)

    again = registry.register(replace(NEW, cycle="2026-05-04", reason="Said again."), ["ann_2"])
    other = registry.register(replace(NEW, cycle="2026-05-11"), [])

    assert again == first
    assert other.version == 2
    assert registry.lessons(1) == ["ann_1"]
    assert actions(registry) == [(1, "registered"), (2, "registered")]


def test_versions_without_a_cycle_are_all_different(registry):
    assert register(registry, 3) == [1, 2, 3]


def test_an_inferior_version_is_kept_as_refused_and_cannot_challenge(registry):
    register(registry, verdict="inferior", reason="It finds less.")

    with pytest.raises(NotPossible, match="Version 1 was refused by the gate"):
        registry.challenge(1, 0.5, "gate", "")

    assert actions(registry) == [(1, "refused")]
    assert registry.aliases() == Aliases()


def test_a_challenger_stands_beside_the_champion_on_its_share(registry, watch):
    register(registry)

    registry.challenge(1, 0.2, "gate", "Inconclusive, with every guardrail green.")
    registry.challenge(1, 0.2, "gate", "Said again.")

    assert registry.aliases() == Aliases(champion=0, challenger=1, share=0.2)
    assert registry.log(1)[1:] == [
        Event(1, "challenger", watch(), "gate", "Inconclusive, with every guardrail green."),
    ]


def test_a_share_can_be_changed(registry):
    register(registry)
    registry.challenge(1, 0.2, "gate", "")

    registry.challenge(1, 1.0, "U_LEAD", "")

    assert registry.aliases() == Aliases(0, 1, 1.0)
    assert actions(registry) == [(1, "registered"), (1, "challenger"), (1, "challenger")]


def test_a_newer_challenger_takes_the_place_of_the_older(registry):
    register(registry, 2)
    registry.challenge(1, 0.5, "gate", "")

    registry.challenge(2, 0.5, "gate", "")

    assert registry.aliases() == Aliases(0, 2, 0.5)
    assert actions(registry, 1) == [(1, "registered"), (1, "challenger"), (1, "withdrawn")]


@pytest.mark.parametrize("share", [0.0, -0.5, 1.5, float("nan")])
def test_a_share_that_is_none_is_refused(registry, share):
    register(registry)

    with pytest.raises(NotPossible, match="must be above 0 and at most 1"):
        registry.challenge(1, share, "gate", "")


def test_the_champion_does_not_challenge_itself(registry):
    with pytest.raises(NotPossible, match="Version 0 is the champion"):
        registry.challenge(0, 0.5, "gate", "")


def test_a_challenger_can_be_withdrawn_once(registry):
    register(registry)
    registry.challenge(1, 0.5, "gate", "")

    assert registry.withdraw("agents' preferences", "They prefer the champion.")
    assert not registry.withdraw("agents' preferences", "They prefer the champion.")

    assert registry.aliases() == Aliases()
    assert actions(registry) == [(1, "registered"), (1, "challenger"), (1, "withdrawn")]


def test_a_promoted_challenger_is_the_champion_and_challenges_no_more(registry, watch):
    register(registry)
    registry.challenge(1, 0.5, "gate", "")

    assert registry.promote(1, "agents' preferences", "They prefer it.")
    assert not registry.promote(1, "agents' preferences", "They prefer it.")

    assert registry.aliases() == Aliases(champion=1)
    assert registry.previous_champion() == 0
    assert registry.log(1)[2:] == [Event(1, "promoted", watch(), "agents' preferences", "They prefer it.")]


def test_promoting_another_version_withdraws_the_challenger(registry):
    register(registry, 2)
    registry.challenge(1, 0.5, "gate", "")

    registry.promote(2, "U_LEAD", "")

    assert registry.aliases() == Aliases(champion=2)
    assert actions(registry)[2:] == [(1, "challenger"), (1, "withdrawn"), (2, "promoted")]


def test_rolling_back_goes_further_back_each_time_until_the_first(registry):
    register(registry, 3)
    for version in (1, 2, 3):
        registry.promote(version, "U_LEAD", "")

    assert [registry.rollback("U_LEAD", "") for _ in range(3)] == [2, 1, 0]
    with pytest.raises(NotPossible, match="there is nothing to go back to"):
        registry.rollback("U_LEAD", "")

    assert registry.aliases() == Aliases()
    assert registry.previous_champion() is None
    assert actions(registry)[-3:] == [(3, "rolled back"), (2, "rolled back"), (1, "rolled back")]


def test_what_was_rolled_back_is_not_gone_back_to(registry):
    register(registry, 3)
    registry.promote(1, "U_LEAD", "")
    registry.promote(2, "U_LEAD", "")
    registry.rollback("U_LEAD", "2 was worse.")
    registry.promote(3, "U_LEAD", "")

    assert registry.rollback("U_LEAD", "3 was worse.") == 1


def test_two_who_ask_to_leave_the_same_version_go_back_once(registry):
    register(registry, 2)
    registry.promote(1, "U_LEAD", "")
    registry.promote(2, "U_LEAD", "")

    assert registry.rollback("U_LEAD", "", leaving=2) == 1
    with pytest.raises(NotPossible, match="Version 1 serves by now, not 2; nothing was changed"):
        registry.rollback("U_OTHER", "", leaving=2)

    assert registry.aliases() == Aliases(champion=1)


def test_the_base_can_be_promoted_and_rolled_back_from(registry):
    register(registry)
    registry.promote(1, "U_LEAD", "")

    assert registry.promote(0, "U_LEAD", "")

    assert registry.aliases() == Aliases(champion=0)
    assert registry.rollback("U_LEAD", "") == 1


def test_a_rollback_withdraws_the_challenger(registry):
    register(registry, 2)
    registry.promote(1, "U_LEAD", "")
    registry.challenge(2, 0.5, "gate", "")

    registry.rollback("U_LEAD", "")

    assert registry.aliases() == Aliases()
    assert actions(registry)[-2:] == [(2, "withdrawn"), (1, "rolled back")]


def test_a_version_that_is_not_there_is_named(registry):
    asked = [
        lambda: registry.bundle(7),
        lambda: registry.challenge(7, 0.5, "gate", ""),
        lambda: registry.promote(7, "U_LEAD", ""),
        lambda: registry.log(7),
        lambda: registry.lessons(7),
        lambda: registry.register(replace(NEW, parent=7), []),
    ]
    for ask in asked:
        with pytest.raises(UnknownBundle, match="There is no version 7"):
            ask()

    assert registry.log() == []


def test_what_is_done_inside_a_transaction_is_seen_inside_it_and_undone_with_it(store, registry):
    register(registry, 2)

    def fail():
        with store.transaction():
            registry.promote(1, "U_LEAD", "")
            registry.challenge(2, 0.5, "gate", "")
            assert registry.aliases() == Aliases(1, 2, 0.5)
            registry.withdraw("gate", "")
            assert registry.rollback("U_LEAD", "") == 0
            raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="the disk is full"):
        fail()

    assert registry.aliases() == Aliases()
    assert actions(registry) == [(1, "registered"), (2, "registered")]


def test_the_files_are_in_the_models_folder(registry, tmp_path):
    assert registry.folder(RETRIEVER) == tmp_path / "models" / "bundle-000001" / "retriever"


def test_many_at_once_get_versions_of_their_own_and_one_of_them_promotes(registry):
    versions: list[int] = []
    promoted: list[bool] = []

    def work(number):
        versions.append(registry.register(replace(NEW, cycle=f"cycle-{number // 2}"), []).version)
        promoted.append(registry.promote(1, f"U_{number}", ""))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(versions) == [1, 1, 2, 2, 3, 3, 4, 4]
    assert sorted(promoted) == [False] * 7 + [True]
    assert sorted(actions(registry)) == [
        (1, "promoted"),
        *((number, "registered") for number in (1, 2, 3, 4)),
    ]


def test_many_who_leave_the_same_version_at_once_go_back_once(registry):
    register(registry, 2)
    registry.promote(1, "U_LEAD", "")
    registry.promote(2, "U_LEAD", "")
    refused: list[str] = []

    def work():
        try:
            registry.rollback("U_LEAD", "", leaving=2)
        except NotPossible as refusal:
            refused.append(str(refusal))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["Version 1 serves by now, not 2; nothing was changed."] * 5
    assert registry.aliases() == Aliases(champion=1)
