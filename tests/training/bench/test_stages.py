"""Time and memory by stage."""

from __future__ import annotations

import numpy as np
import pytest

from training.bench.flywheel.stages import Stages, Watch


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


def test_what_a_stage_held_for_a_moment_is_in_its_peak():
    stages = Stages()

    with stages.stage("small"):
        pass
    with stages.stage("large"):
        np.ones(25_000_000).sum()  # 191 MiB

    assert stages.peaks_mib["large"] > stages.peaks_mib["small"] + 150
