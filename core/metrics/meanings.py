"""What each figure says, in a sentence, and where it comes from."""

from __future__ import annotations

from core.metrics.measures import OF_DRAFTS

_DECISIONS = "From decisions that stand: use, edit, neither, and confirmed replies of an agent's own."
_OF_SOURCE = "From decisions that stand: use and edit count the draft that was used, neither counts both."
_WORDS = {"as_is": "sent as it is", "edited": "sent after an edit", "rejected": "refused, with the other one"}
_SOURCES = {
    "knowledge": "composed from articles",
    "solved_case": "taken from a solved case",
    "no_answer": "that say they know no answer",
}
_PREFERENCES = "From preferences that stand."
_CHALLENGED = "From preferences that are no tie, where one draft is the champion's and one the challenger's."
_MARKS = "From marks that stand; what nobody marked does not count."
_FIRST = "From cases that came in the period, and their first drafts."
_JUDGE = "From the latest ruling on each annotation that stands."
_AUDITS = "From rulings that a second person looked at in the period, without being told the verdict."

MEANINGS: dict[str, str] = {
    "adoption.used": f"The share of decisions that sent a draft, unchanged or after an edit. {_DECISIONS}",
    "adoption.as_is": f"The share of decisions that sent a draft unchanged. {_DECISIONS}",
    "adoption.edited": f"The share of decisions that sent a draft after an edit. {_DECISIONS}",
    "adoption.rejected": f"The share of decisions that refused both drafts. {_DECISIONS}",
    "adoption.own_reply": f"The share of decisions that sent words of the agent's own. {_DECISIONS}",
    **{
        f"adoption.{decision}.{source}": f"Of drafts {words}, the share that was {_WORDS[decision]}. {_OF_SOURCE}"
        for source, words in _SOURCES.items()
        for decision in OF_DRAFTS
    },
    "edit_distance": "The share of the words that an edit changes, on average. From edits that stand.",
    "preference.tie": f"The share of preferences that call both drafts the same. {_PREFERENCES}",
    "preference.position_a": f"The share that prefers draft A; far from 50 %, the place decides. {_PREFERENCES}",
    "preference.challenger": f"How often the challenger's draft wins. {_CHALLENGED}",
    "preference.challenger_as_a": f"How often the challenger's draft wins where it stands first. {_CHALLENGED}",
    "preference.challenger_as_b": f"How often the challenger's draft wins where it stands second. {_CHALLENGED}",
    "precision_at_8": f"The share of marked snippets, of the eight on the screen, that helped. {_MARKS}",
    "outdated": f"The share of marked snippets that are outdated. {_MARKS}",
    "recall_of_known": (
        "Of what is known to help a case, the share that its first drafts had on the screen. Known are snippets marked "
        "as helpful on any of its drafts, and articles that a report of missing knowledge names as there but not "
        "found; from marks and reports that stand, on cases that came in the period."
    ),
    "citation_correctness": (
        f"The share of facts in both drafts that the cited snippets bear out, by the checker's report. {_FIRST}"
    ),
    "unanswerable": f"The share of cases for which a draft says that no article answers. {_FIRST}",
    "suggestion_s": f"The median time from a case to its drafts in Slack. {_FIRST}",
    "reply_s": f"The median time from a case to the first reply sent through the bot that stands. {_FIRST}",
    "annotation_coverage": f"The share of cases about which somebody has clicked anything. {_FIRST}",
    "annotation_s": "The median time from the drafts to an annotation, with the reading. From all that stands.",
    "time_per_annotation_s": (
        "The median time from an agent's annotation to their next one on the same drafts: what one more costs. "
        "From all that stands but an agent's first one on a pair of drafts, which includes the reading."
    ),
    "judge.accepted": f"The share of annotations that the judge lets teach in full. {_JUDGE}",
    "judge.downweighted": f"The share of annotations that the judge lets teach with less weight. {_JUDGE}",
    "judge.held": f"The share of annotations that the judge holds for a person. {_JUDGE}",
    "judge.precision": f"The share of what the judge lets teach that a person would let teach. {_AUDITS}",
    "judge.precision_held": f"The share of what the judge holds that a person would hold too. {_AUDITS}",
    "judge.kappa": f"Agreement of judge and people beyond chance: 1 is all, 0 is none. {_AUDITS}",
}
