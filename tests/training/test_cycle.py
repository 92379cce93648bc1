"""A retraining cycle from end to end: real annotations, a real trainer, the real gate."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.errors import NotPossible
from core.registry.bundle import Aliases, NewBundle
from core.retrieval.blend import Blend
from tests.conftest import ROOT
from tests.training.cycles import EMBEDDER, LATER, RANKER, SMALL, Home, open_home
from training.negatives import judged_questions
from training.parts import RECIPES
from training.trainers.artefact import Made, Stopped, write_artefact
from training.trainers.ranker import RankerOptions


@pytest.fixture
def after(cycled, tmp_path):
    """A home after its first cycle, and the outcome."""
    folder, outcome = cycled
    with open_home(Path(shutil.copytree(folder, tmp_path / "after"))) as home:
        yield home, outcome


def test_a_better_bundle_is_registered_and_stands_beside_the_champion(after):
    home, outcome = after

    assert outcome["verdict"] == "superior"
    assert outcome["reason"].startswith("Better: how often the preferred draft is put first")
    assert outcome["parts"]["ranker"]["after"] > outcome["parts"]["ranker"]["before"]
    assert outcome["data"]["preference"]["train"] > outcome["data"]["preference"]["held_out"] > 0
    assert outcome["next"].startswith("Version 1 is shown beside the champion on all cases")
    assert home.store.registry.aliases() == Aliases(champion=0, challenger=1, share=1.0)
    bundle = home.store.registry.bundle(1)
    assert (bundle.parent, list(bundle.parts), bundle.reason) == (0, ["ranker"], outcome["reason"])
    assert home.folders() == [bundle.parts["ranker"].folder]
    assert home.store.cycles.latest()[0].ending == "registered"


def test_what_was_asked_is_counted_and_none_of_it_lost_its_answer(after):
    _, outcome = after

    assert outcome["questions"] == {"asked": 16, "no_answer_left": 0}


def test_its_lessons_are_earlier_than_everything_it_is_measured_on(after):
    home, _ = after

    taught = [home.store.annotations.get(one) for one in home.store.registry.lessons(1)]
    cases = {one.case_id for one in taught}
    later = {case_id for case_id in home.store.cases.ids() if case_id not in cases}
    assert taught
    assert max(one.created_at for one in taught) < max(home.store.cases.get(one).created_at for one in later)


def test_what_taught_a_version_is_not_new_to_the_next_cycle(after):
    home, _ = after

    outcome = home.cycle()

    assert outcome["reason"].startswith("Skipped: 0 new annotations may teach, 20 more are needed")
    assert home.store.cycles.latest()[0].ending == "skipped"


def test_the_reranker_is_weighed_against_the_retriever_that_it_will_serve_behind(home_folder):
    found = []

    def train(rows, base, job, options):
        """As the real one, with nothing learned."""
        found.extend(job.first_stage.find(question.turns) for question in judged_questions(rows).questions)
        return write_artefact(job, Made("reranker", base.name, {}, len(rows), 0, {}, 0.0), Blend(0.0).write)

    with open_home(home_folder) as home:
        home.recipes["reranker"] = replace(RECIPES["reranker"], train=train)
        home.cycle(("reranker",))

        generation = home.store.knowledge.pointer(EMBEDDER.version).id
        assert {one.generation for one in found} == {generation}
        assert all(len(one.snippets) == 75 for one in found)


def test_a_cycle_with_a_key_runs_once(after):
    home, outcome = after

    assert home.cycle(key="sunday") == outcome
    assert len(home.store.registry.bundles()) == 2


def test_with_too_little_new_it_is_skipped_and_says_how_much_is_missing(home_folder):
    with open_home(home_folder, AITL_RETRAIN_MIN_ANNOTATIONS="1000") as home:
        outcome = home.cycle()

        kinds = ("preference", "adoption", "relevance", "gap")
        new = sum(1 for kind in kinds for _ in home.store.annotations.all(kind))
        assert outcome["verdict"] == "insufficient data"
        assert outcome["reason"].startswith(f"Skipped: {new} new annotations may teach, {1000 - new} more are needed")
        assert (home.store.cycles.latest()[0].ending, home.store.registry.bundles()[0].version) == ("skipped", 0)


def test_with_too_few_later_cases_nothing_is_trained(home):
    outcome = home.cycle(options=replace(SMALL, fewest_cases=100))

    assert outcome["reason"] == "Skipped: there are 16 later cases to measure on, 84 more are needed."
    assert home.folders() == []


def test_a_part_that_has_too_little_to_learn_from_is_left_out_with_the_reason(home):
    home.recipes = {"ranker": replace(RANKER, options=RankerOptions(fewest_cases=1000))}

    outcome = home.cycle()

    assert outcome["verdict"] == "insufficient data"
    assert outcome["left_out"]["ranker"].startswith("The response ranker needs preferences of 1000 cases")
    assert outcome["reason"] == f"Skipped: {outcome['left_out']['ranker']}"


def test_a_second_run_says_that_one_is_running_since_when(home):
    def at_once(phase: str, doing: str, done: int, total: int) -> None:
        with pytest.raises(NotPossible, match="going on already since 2026-08-03 03:00 UTC"):
            home.cycle()
        raise Stopped

    with pytest.raises(Stopped):
        home.cycle(report=at_once)


def test_a_stopped_cycle_is_gone_on_with(home):
    asked = iter([False] * 5 + [True] * 1000)

    with pytest.raises(Stopped):
        home.cycle(should_stop=lambda: next(asked))
    left = home.store.cycles.unfinished()
    outcome = home.cycle()

    assert left.phase == "train"
    assert outcome["version"] == 1
    assert [one.key for one in home.store.cycles.latest(5)] == [left.key]


def test_another_key_discards_what_was_left_unfinished(home):
    with pytest.raises(Stopped):
        home.cycle(key="saturday", should_stop=lambda: True)

    with pytest.raises(Stopped):
        home.cycle(key="sunday", should_stop=lambda: True)

    assert home.store.cycles.get("saturday").ending == "discarded"
    assert home.store.cycles.unfinished().key == "sunday"


def test_an_unfinished_cycle_begins_again_where_another_version_serves_now(home):
    with pytest.raises(Stopped):
        home.cycle(key="sunday", should_stop=lambda: True)
    another(home)
    home.clock.now += timedelta(hours=1)

    with pytest.raises(Stopped):
        home.cycle(key="sunday", should_stop=lambda: True)

    again = home.store.cycles.unfinished()
    assert (again.key, again.parent, again.started_at) == ("sunday", 1, home.clock.now)


def test_what_was_not_measured_against_the_champion_of_now_does_not_challenge_it(home):
    def at_register(phase: str, doing: str, done: int, total: int) -> None:
        if phase == "register":
            another(home)

    outcome = home.cycle(report=at_register)

    assert outcome["next"] == "Version 1 became champion meanwhile; version 2 was not measured against it."
    assert home.store.registry.aliases() == Aliases(champion=1)


def test_a_failure_is_recorded_and_leaves_the_champion(home):
    def break_it(phase: str, doing: str, done: int, total: int) -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        home.cycle(report=break_it)

    assert home.store.cycles.latest()[0].outcome == {"verdict": "failed", "reason": "Failed: the disk is full"}
    assert home.store.registry.aliases() == Aliases()


def another(home: Home) -> None:
    """Somebody makes another version champion."""
    new = NewBundle(home.store.registry.aliases().champion, {}, "", {}, "superior", "by hand")
    home.store.registry.promote(home.store.registry.register(new, []).version, "U_LEAD", "by hand")


def turned_round(rows):
    """As if whoever preferred a draft had preferred the other."""
    swapped = {"chosen": "rejected", "rejected": "chosen", "chosen_draft": "rejected_draft"}
    swapped["rejected_draft"] = "chosen_draft"
    pairs = [row for row in rows if "chosen" in row]
    return [{name: row[swapped.get(name, name)] for name in row} for row in pairs]


def test_what_was_taught_by_a_poisoned_batch_is_refused(cycled, tmp_path):
    folder = Path(shutil.copytree(cycled[0], tmp_path / "poisoned"))
    with open_home(folder, LATER + timedelta(days=1), AITL_RETRAIN_MIN_ANNOTATIONS="5") as home:
        home.store.registry.promote(1, "U_LEAD", "by hand")
        home.work(80, 4)
        learn = RANKER.train
        home.recipes = {
            "ranker": replace(
                RANKER,
                train=lambda rows, base, job, options: learn(turned_round(rows), base, job, options),
                options=RankerOptions(shrinking=(0.3,), folds=2),
            )
        }

        outcome = home.cycle()

        assert outcome["verdict"] == "inferior"
        assert outcome["reason"].startswith("Refused: how ")
        assert outcome["next"] == "The champion serves on; version 2 is kept for the record and answers nobody."
        assert home.store.registry.aliases() == Aliases(champion=1)
        assert home.store.registry.log(2)[-1].action == "refused"


@pytest.mark.slow
def test_killed_in_every_phase_it_ends_well_at_last(home_folder):
    kills = ["data:0", "train:0", "train:2", "index:0", "evaluate:3", "register:0", "challenge:0"]
    program = [sys.executable, str(ROOT / "tests" / "training" / "cycles.py"), str(home_folder), *kills]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}

    run = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=280, check=False)

    assert run.returncode == 0, run.stderr
    *killed, ended = [json.loads(line) for line in run.stdout.splitlines()]
    said = ended["said"]
    untouched = {"status": -9, "champion": 0, "challenger": None, "share": 0.0, "unfinished": True, "said": said}
    assert killed == [untouched] * len(kills)
    assert ended == {"status": 0, "champion": 0, "challenger": 1, "share": 1.0, "unfinished": False, "said": said}
    with open_home(home_folder) as home:
        assert [event.action for event in home.store.registry.log(1)] == ["registered", "challenger"]
        assert len(home.store.cycles.latest(20)) == 1
        assert home.folders() == [home.store.registry.bundle(1).parts["ranker"].folder]
