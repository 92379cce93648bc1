"""Time and memory by stage."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from training.bench.flywheel.stages import Stages, Watch

ROOT = Path(__file__).parents[3]


def test_a_stage_that_comes_again_adds_its_time_and_keeps_the_higher_peak():
    stages = Stages()

    stages.add("play", 2.0, 1.0, 300.0)
    stages.add("play", 3.0, 0.5, 200.0)

    assert stages == Stages({"play": 5.0}, {"play": 1.5}, {"play": 300.0})


def test_what_came_since_a_moment_is_told_apart():
    stages = Stages()
    stages.add("play", 2.0, 1.0, 300.0)
    stages.add("judge", 1.0, 1.0, 300.0)

    spent = stages.since()
    stages.add("play", 3.0, 0.5, 200.0)
    stages.add("train", 4.0, 0.5, 200.0)

    assert spent() == {"play": 3.0, "train": 4.0}


def test_a_stage_ends_where_the_next_begins_also_when_it_is_left_by_an_error():
    stages = Stages()
    watch = Watch(stages)

    watch.enter("train")
    watch.enter("train")
    watch.enter("index")
    watch.leave()
    with pytest.raises(ZeroDivisionError), stages.stage("score"):
        raise ZeroDivisionError

    assert list(stages.seconds) == ["train", "index", "score"]


PROGRAM = """
import numpy as np
from training.bench.flywheel.stages import Stages

stages = Stages()
with stages.stage("small"):
    pass
with stages.stage("large"):
    np.ones(25_000_000).sum()  # 191 MiB
print(stages.peaks_mib["large"] - stages.peaks_mib["small"])
"""


def test_what_a_stage_held_for_a_moment_is_in_its_peak():
    # In a process of its own: one that has trained may hold enough free memory for it already.
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, cwd=ROOT)

    assert float(done.stdout) > 150
