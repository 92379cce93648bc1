"""One stage swapped at a time: each function says, in a sentence, how the swap repairs the outcome, or None.

A stage is on trial only where it failed although what it was given was right; then its output is replaced by the known
right answer, and everything after it runs as it is. "Repaired" is the same for all: among the drafts that would be
shown is one that answers, rests on a right snippet, and is supported by what it cites.

    query          no right snippet was among the 75; asked in the agent's own words, or for one of the customer's
                   turns alone, the search finds one, and the rest of the pipeline makes a sound draft of it
    retrieval      no right snippet was among the 75, however it is asked; put there by hand, first, it is repaired
    ranking        a right snippet was among the 75 and not among the eight; put there by hand, it is repaired
    drafting       a right snippet was shown, the drafts answer, and none of them is sound or says what the agent did;
                   a draft that does passes the checker
    policy         a right snippet was shown, and the drafts say that they do not know; told to answer, it is repaired
    knowledge gap  an agent says that it is missing or outdated; or what was sent stands in no snippet, and a knowledge
                   base that had it would have made a sound draft of it
    taste          the agent's only reasons are of taste, or the edit changes no fact: there is nothing to repair
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.causes import Cause
from core.checker.lexical import LexicalChecker
from core.drafting.facts import facts_of
from core.knowledge.chunking import snippet_id
from core.ports import Retrieved
from core.solved_cases import question_of
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Candidate, RankedSnippet, Snippet, Suggestion
from training.causes.edits import changes_a_fact, is_taste, says
from training.causes.known import Known
from training.causes.outcomes import BadOutcome
from training.causes.replay import Replay, held, is_sound, put_first
from training.causes.sources import Sources

_TITLE_LENGTH = 120
_WHAT_WAS_SENT = "what-was-sent"  # the id of an article that is not there


@dataclass(frozen=True)
class Trial:
    """One bad outcome, what would have been right, and who replays it."""

    outcome: BadOutcome
    known: Known
    replay: Replay
    sources: Sources

    @property
    def suggestion(self) -> Suggestion:
        """The one that came to a bad end."""
        return self.replay.suggestion

    @cached_property
    def right(self) -> tuple[Snippet, ...]:
        """In a stable order."""
        return tuple(self.sources.by_id[one] for one in sorted(self.known.right))

    @cached_property
    def found(self) -> tuple[RankedSnippet, ...]:
        """The right ones among the 75."""
        return held(self.suggestion.retrieved, self.known.right)

    @cached_property
    def shown(self) -> tuple[RankedSnippet, ...]:
        """The right ones among the eight."""
        return held(self.suggestion.shown, self.known.right)

    @property
    def not_found(self) -> bool:
        """Whether the first stage missed what there was."""
        return bool(self.right) and not self.found and not self.shown

    @cached_property
    def asked_plainly(self) -> tuple[tuple[str, Retrieved], ...]:
        """How it might have been asked, and what the first stage finds for it: the agent's words, or one message of the
        customer by itself.
        """
        customer = [turn.text for turn in self.suggestion.turns if turn.role == "customer" and turn.text.strip()]
        alone = reversed(customer) if len(self.suggestion.turns) > 1 else ()
        ways = [(one, "in the agent's words") for one in self.known.asked]
        ways += [(one, "for one message of the customer alone") for one in alone]
        return tuple((how, self.replay.asked(text)) for text, how in ways)

    @property
    def is_found_plainly(self) -> bool:
        """Whether one of these puts a right snippet near the top: by chance much stands among the 75."""
        return any(held(found.snippets[:SNIPPETS_SHOWN], self.known.right) for _, found in self.asked_plainly)

    @property
    def declined(self) -> bool:
        """Whether every draft says that it does not know."""
        return all(one.source == "no_answer" for one in self.suggestion.candidates)

    def repairs(self, query: str, screen: tuple[RankedSnippet, ...], answerable: bool = False) -> bool:
        """Whether a sound draft would be shown over this screen."""
        if not held(screen, self.known.right):
            return False
        drafts = self.replay.drafted(query, screen, answerable)
        return any(is_sound(one, screen, self.known.right) for one in drafts)


def query(trial: Trial) -> str | None:
    """The question was right, and what was searched for was not."""
    if not trial.not_found:
        return None
    for how, found in trial.asked_plainly:
        right = held(found.snippets, trial.known.right)
        if right and trial.repairs(found.query, trial.replay.reranked(found.query, found.snippets)):
            return f"{whereabouts(trial)}; asked {how}, it is found at rank {right[0].rank}."
    return None


def retrieval(trial: Trial) -> str | None:
    """The search does not find it, however it is asked."""
    if not trial.not_found or trial.is_found_plainly or query(trial):
        return None
    given = trial.suggestion
    found = put_first(trial.right[:SNIPPETS_SHOWN], given.retrieved, SNIPPETS_RETRIEVED)
    if not trial.repairs(given.query, trial.replay.reranked(given.query, found)):
        return None
    by_itself = trial.replay.asked(trial.right[0].text)
    known = "is found." if held(by_itself.snippets, trial.known.right) else "is not found either: is it in the index?"
    return f"{whereabouts(trial)}; asked in its own words it {known}"


def ranking(trial: Trial) -> str | None:
    """It was found, and not put among the eight."""
    if not trial.found or trial.shown:
        return None
    given = trial.suggestion
    screen = put_first([one.snippet for one in trial.found][:SNIPPETS_SHOWN], given.shown, SNIPPETS_SHOWN)
    if not trial.repairs(given.query, screen):
        return None
    return f"{whereabouts(trial)}; were it shown, a draft would rest on it."


def drafting(trial: Trial) -> str | None:
    """It was shown, and the drafts make something else of it."""
    if not trial.shown or trial.declined:
        return None
    claims = tuple(one for one in trial.known.claims if any(_stands_in(right, one) for right in trial.shown))
    accused = _accused(trial)
    if any(_is_good(one, trial, claims) for one in accused) or not _can_be_written(trial):
        return None
    where = whereabouts(trial)
    resting = [one for one in accused if set(one.citations) & {right.rank for right in trial.shown}]
    if not resting:
        return f"{where}, and no draft rests on it."
    if not any(one.report.supported and one.report.citations_valid for one in resting):
        return f"{where}, and the drafts that rest on it say what it does not."
    return f"{where}; it says what the agent sent, and the drafts do not."


def policy(trial: Trial) -> str | None:
    """It was shown, and the drafts hold back."""
    if not trial.shown or not trial.declined:
        return None
    if not trial.repairs(trial.suggestion.query, trial.suggestion.shown, answerable=True):
        return None
    return f"{whereabouts(trial)}, and the drafts say that they do not know."


def knowledge_gap(trial: Trial) -> str | None:
    """The knowledge base cannot have answered."""
    if trial.known.missing:
        return f"{trial.known.missing}."
    if not trial.known.nowhere:
        return None
    given = trial.suggestion
    article = _as_article(" ".join(question_of(given.turns).split())[:_TITLE_LENGTH], trial.known.claims)
    found = put_first([article], given.retrieved, SNIPPETS_RETRIEVED)
    screen = trial.replay.reranked(given.query, found)
    drafts = trial.replay.drafted(given.query, screen)
    if not any(is_sound(one, screen, frozenset({article.id})) for one in drafts):
        return None
    return "What the agent sent stands in no article; were it there, a draft would rest on it."


def taste(trial: Trial) -> str | None:
    """Nothing that was said was wrong."""
    adoption = trial.outcome.adoption
    if adoption is None:
        return None
    if adoption.decision == "edited":
        return None if changes_a_fact(adoption) else "The edit changes the wording and no fact."
    return "The agent's only reasons are of taste." if is_taste(adoption.reasons) else None


SWAPS: Mapping[Cause, Callable[[Trial], str | None]] = {
    "query": query,
    "retrieval": retrieval,
    "ranking": ranking,
    "drafting": drafting,
    "knowledge_gap": knowledge_gap,
    "policy": policy,
    "taste": taste,
}


def _as_article(title: str, claims: tuple[str, ...]) -> Snippet:
    """What was sent, as the knowledge base would have it; under an id of its own, by which generators remember it."""
    text = "\n".join(claims)
    return Snippet(snippet_id(_WHAT_WAS_SENT, title, text), _WHAT_WAS_SENT, 1, title, "", None, text)


def _stands_in(right: RankedSnippet, claim: str) -> bool:
    """Whether a snippet says what the agent said."""
    return says(f"{right.snippet.title}. {right.snippet.text}", claim)


def _accused(trial: Trial) -> list[Candidate]:
    """The draft that was edited; else both."""
    slot = trial.outcome.adoption.slot if trial.outcome.adoption else None
    return [one for one in trial.suggestion.candidates if slot in (None, one.slot)]


def _is_good(draft: Candidate, trial: Trial, claims: tuple[str, ...]) -> bool:
    """Sound, and with something of what the agent said, where that is known and stands in a right snippet."""
    sound = is_sound(draft, trial.suggestion.shown, trial.known.right)
    return sound and (not claims or any(says(draft.text, one) for one in claims))


def _can_be_written(trial: Trial) -> bool:
    """The known right draft, a right snippet quoted under its number, passes the checker."""
    for one in trial.shown:
        for fact in facts_of(one.snippet):
            quoted = f"{fact.lines[0]} [{one.rank}]"
            report = LexicalChecker().check(quoted, trial.suggestion.shown, trial.suggestion.turns)
            if fact.kind == "sentence" and report.supported and report.citations_valid:
                return True
    return False


def whereabouts(trial: Trial) -> str:
    """Where the right snippet stood, the start of a sentence. Only where there is one."""
    if trial.shown:
        return f"“{trial.shown[0].snippet.title}” was shown as number {trial.shown[0].rank}"
    if trial.found:
        return f"“{trial.found[0].snippet.title}” was found at rank {trial.found[0].rank} and not shown"
    return f"“{trial.right[0].title}” was not among the {SNIPPETS_RETRIEVED} found"
