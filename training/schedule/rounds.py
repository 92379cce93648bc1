"""The scheduler's rounds: what each does, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from core.clock import Clock
from core.judge.judge import Judge
from core.judge.sampling import put_before_people
from core.registry.deploy import exam_of
from core.settings import Settings
from core.store.store import Store
from training.schedule.comparison import compare_live
from training.schedule.due import ask_if_enough
from training.schedule.serving import clean_up, refresh_indexes
from training.schedule.upkeep import Rounds
from training.schedule.weekly import Start, WeeklyCauses

# A bot that runs judges within a minute; what has waited for so long has none.
JUDGED_AFTER = timedelta(minutes=5)

# In seconds.
EVERY_S: Mapping[str, float] = {
    "judge": 60.0,
    "comparison": 20.0,
    "annotations": 300.0,
    "indexes": 300.0,
    "clean-up": 6 * 3600.0,
    "causes": 900.0,
}


def make_rounds(settings: Settings, store: Store, clock: Clock, start: Start) -> Rounds:
    """By name, for the leader. `start`: begins an `aitl` command in a process of its own."""
    examine = exam_of(settings, store, clock)
    judge = Judge(store, put_before_people(store, settings.audit_share, settings.daily_budget))
    return {
        "judge": lambda: judge.round(clock() - JUDGED_AFTER),
        "comparison": lambda: compare_live(store, examine),
        "annotations": lambda: ask_if_enough(store, clock, settings.retrain_min_annotations),
        "indexes": lambda: refresh_indexes(settings, store),
        "clean-up": lambda: clean_up(settings, store, clock),
        "causes": WeeklyCauses(store, clock, start),
    }
