"""Does a reply answer what was asked? By the words it shares with each question, directly or through what it cites."""

from __future__ import annotations

from collections.abc import Sequence

from core.conversation import asks_of
from core.values import RankedSnippet, SentenceCheck, Turn
from core.words import content_stems


def answers(checks: Sequence[SentenceCheck], on_screen: dict[int, RankedSnippet], turns: Sequence[Turn]) -> bool:
    """True when every question of the last customer turns is met by a supported fact.

    False for a reply that only says that nothing is known: an honest reply, but no answer.
    """
    facts = [check for check in checks if check.states_fact and check.supported]
    asks = asks_of(turns)
    if not facts or not asks:
        return bool(facts)
    return all(_met(f"{ask.text} {ask.context} {ask.keywords}", facts, on_screen) for ask in asks)


def _met(asked: str, facts: Sequence[SentenceCheck], on_screen: dict[int, RankedSnippet]) -> bool:
    wanted = content_stems(asked)
    return not wanted or any(wanted & _about(fact, on_screen) for fact in facts)


def _about(fact: SentenceCheck, on_screen: dict[int, RankedSnippet]) -> set[str]:
    cited = [on_screen[n].snippet for n in fact.citations if n in on_screen]
    return content_stems(" ".join([fact.text, *(f"{one.title} {one.section} {one.text}" for one in cited)]))
