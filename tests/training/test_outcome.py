"""What is on record of a bundle that was measured."""

from __future__ import annotations

from core.retrieval.confidence import Confidence
from training.evaluation.calibration import Calibration
from training.evaluation.evaluate import Evaluation
from training.outcome import measures

PARENT = {"confidence": {"questions": 30, "bias": -0.5, "lead": 9.0}}


def test_a_bundle_with_a_search_of_its_own_is_as_sure_as_it_was_measured_to_be() -> None:
    calibration = Calibration(Confidence(-1.0, 4.0), 24, 0.2, 0.5, (Confidence(-1.0, 4.0),) * 5)

    metrics = measures(Evaluation(calibration=calibration), [], 20, PARENT)

    assert metrics["confidence"] == {
        "questions": 24,
        "log_loss": 0.2,
        "log_loss_of_share": 0.5,
        "bias": -1.0,
        "lead": 4.0,
    }


def test_one_whose_search_could_not_be_measured_inherits_nothing() -> None:
    metrics = measures(Evaluation(calibration=Calibration(None, 7)), [], 20, PARENT)

    assert metrics["confidence"] == {"questions": 7}
    assert Confidence.of(metrics) is None


def test_one_that_searches_as_its_parent_does_is_as_sure_as_that() -> None:
    assert Confidence.of(measures(Evaluation(), [], 20, PARENT)) == Confidence(-0.5, 9.0)
    assert "confidence" not in measures(Evaluation(), [], 20, {})
