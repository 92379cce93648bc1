"""Whatever is done to the registry in whatever order, it says what a plain model of it says."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.errors import NotPossible, UnknownBundle
from core.registry.bundle import Aliases, NewBundle
from core.store import Store, make_engine

NEW = NewBundle(0, {}, "9f00", {}, "superior", "It finds more.")
VERSIONS = st.integers(min_value=0, max_value=5)
SHARES = st.sampled_from([0.2, 1.0])


@dataclass
class Plain:
    """The same in a few variables. `champions`: oldest first, the one that serves last."""

    refused: list[bool] = field(default_factory=lambda: [False])
    champions: list[int] = field(default_factory=lambda: [0])
    challenger: int | None = None
    share: float = 0.0
    log: list[tuple[int, str]] = field(default_factory=list)

    def withdraw(self) -> bool:
        if self.challenger is None:
            return False
        self.log.append((self.challenger, "withdrawn"))
        self.challenger, self.share = None, 0.0
        return True


class RegistryMachine(RuleBasedStateMachine):
    """Registers, challenges, withdraws, promotes and rolls back, versions that are not there among them."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "aitl.db"
        shutil.copy(self.template, path)
        self.engine = make_engine(f"sqlite:///{path}")
        self.registry = Store(self.engine, lambda: datetime(2026, 5, 4, tzinfo=UTC)).registry
        self.plain = Plain()

    def teardown(self) -> None:
        self.engine.dispose()
        self.folder.cleanup()

    @precondition(lambda self: len(self.plain.refused) < 5)
    @rule(refused=st.booleans())
    def register(self, refused: bool) -> None:
        version = len(self.plain.refused)
        made = self.registry.register(replace(NEW, verdict="inferior" if refused else "superior"), [])
        assert made.version == version
        self.plain.refused.append(refused)
        self.plain.log.append((version, "refused" if refused else "registered"))

    @rule(version=VERSIONS, share=SHARES)
    def challenge(self, version: int, share: float) -> None:
        if version >= len(self.plain.refused):
            with pytest.raises(UnknownBundle):
                self.registry.challenge(version, share, "gate", "")
            return
        if self.plain.refused[version] or version == self.plain.champions[-1]:
            with pytest.raises(NotPossible):
                self.registry.challenge(version, share, "gate", "")
            return
        self.registry.challenge(version, share, "gate", "")
        if (self.plain.challenger, self.plain.share) == (version, share):
            return
        if self.plain.challenger != version:
            self.plain.withdraw()
        self.plain.challenger, self.plain.share = version, share
        self.plain.log.append((version, "challenger"))

    @rule()
    def withdraw(self) -> None:
        assert self.registry.withdraw("gate", "") == self.plain.withdraw()

    @rule(version=VERSIONS)
    def promote(self, version: int) -> None:
        if version >= len(self.plain.refused):
            with pytest.raises(UnknownBundle):
                self.registry.promote(version, "U_LEAD", "")
            return
        news = version != self.plain.champions[-1]
        assert self.registry.promote(version, "U_LEAD", "") == news
        if not news:
            return
        if self.plain.challenger != version:
            self.plain.withdraw()
        self.plain.challenger, self.plain.share = None, 0.0
        self.plain.champions.append(version)
        self.plain.log.append((version, "promoted"))

    @rule()
    def rollback(self) -> None:
        if len(self.plain.champions) == 1:
            with pytest.raises(NotPossible):
                self.registry.rollback("U_LEAD", "")
            return
        left = self.plain.champions.pop()
        assert self.registry.rollback("U_LEAD", "") == self.plain.champions[-1]
        self.plain.withdraw()
        self.plain.log.append((left, "rolled back"))

    @invariant()
    def it_says_what_the_plain_model_says(self) -> None:
        plain = self.plain
        assert self.registry.aliases() == Aliases(plain.champions[-1], plain.challenger, plain.share)
        assert self.registry.previous_champion() == (plain.champions[-2] if len(plain.champions) > 1 else None)
        assert [(event.version, event.action) for event in self.registry.log()] == plain.log
        assert [one.version for one in self.registry.bundles()] == list(reversed(range(len(plain.refused))))


def test_no_order_of_events_confuses_the_registry(sqlite_template):
    machine = type("Machine", (RegistryMachine,), {"template": sqlite_template})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
