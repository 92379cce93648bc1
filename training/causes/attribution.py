"""From a trial to its cause: the only stage whose swap repairs the outcome, else `unknown`."""

from __future__ import annotations

from core.causes import CAUSES, TITLES, Cause
from core.values import Snippet
from training.causes.swaps import SWAPS, Trial, whereabouts


def cause_of(trial: Trial) -> tuple[Cause, str]:
    """The cause and, in a sentence, what shows it."""
    repaired = {cause: evidence for cause in CAUSES if cause in SWAPS and (evidence := SWAPS[cause](trial))}
    if len(repaired) == 1:
        [(cause, evidence)] = repaired.items()
        return cause, evidence
    if repaired:
        names = " and ".join(TITLES[one].lower() for one in repaired)
        return "unknown", f"Each of several swaps alone repairs it: {names}."
    if not trial.known.right and not trial.known.nowhere:
        return "unknown", "What would have been right is not known."
    if not trial.known.right:
        return "unknown", "What the agent sent stands in no article, and would not have helped there either."
    return "unknown", f"{whereabouts(trial)}; no stage alone repairs it."


def subject_of(trial: Trial, cause: Cause) -> Snippet | None:
    """The snippet whose article the outcome is about; None where nothing was found at all.

    What is right, or what comes nearest to it; else what the drafts rest on; else what was found first.
    """
    given = trial.suggestion
    right = trial.shown or trial.found
    if cause != "knowledge_gap" and right:
        return right[0].snippet
    if cause != "knowledge_gap" and trial.right:
        return trial.right[0]
    if trial.known.about is not None:
        return trial.known.about
    cited = {n for one in given.candidates for n in one.citations}
    return next((one.snippet for one in given.shown if one.rank in cited or not cited), None)
