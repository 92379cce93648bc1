"""The port Checker by rules alone: every sentence against what it cites, deterministic and in milliseconds.

It judges any text, whoever wrote it: the product's own drafts, a language model's, an agent's edit.
What the customer wrote is never evidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.checker.grants import grants
from core.checker.questions import answers
from core.checker.speech import claim_of
from core.checker.support import Support, support
from core.citations import without_marks
from core.sentences import split_sentences
from core.values import CheckReport, RankedSnippet, SentenceCheck, Snippet, Turn

_TOUCHES_IT = 0.25  # of the claim's words: a cited snippet with fewer has nothing to do with it
_MARK = re.compile(r"\[(\d{1,3})\]")


class LexicalChecker:
    """Compares words, numbers, negations, duties, doers and conditions. Stateless and safe for threads."""

    version = "lexical-1"

    def check(self, text: str, shown: Sequence[RankedSnippet], turns: Sequence[Turn]) -> CheckReport:
        """The three marks for a reply with [n] marks against what is on the screen; blank text answers nothing."""
        on_screen = {ranked.rank: ranked for ranked in shown}
        checks = tuple(_checked(sentence, on_screen) for sentence in split_sentences(text))
        return CheckReport(
            sentences=checks,
            citations_valid=all(_points_right(check, on_screen) for check in checks),
            answers_question=answers(checks, on_screen, turns),
        )


def _checked(sentence: str, on_screen: dict[int, RankedSnippet]) -> SentenceCheck:
    plain = without_marks(sentence)
    cited = tuple(dict.fromkeys(int(n) for n in _MARK.findall(sentence)))
    claim = claim_of(_without_titles(plain, on_screen))
    if not claim:
        strays = [n for n in cited if n not in on_screen]
        reason = _off_screen(strays) if strays else "states no fact"
        return SentenceCheck(plain, cited, not strays, False, False, reason)
    supported, reason = _judged(claim, cited, on_screen)
    return SentenceCheck(plain, cited, supported, True, grants(plain), reason)


def _without_titles(sentence: str, on_screen: dict[int, RankedSnippet]) -> str:
    """The sentence without the titles it quotes: naming an article that is on the screen claims nothing."""
    for title in {ranked.snippet.title for ranked in on_screen.values()}:
        sentence = re.sub(rf"[“„«\"]\s?{re.escape(title)}\s?[”“»\"]", "“”", sentence)
    return sentence


def _judged(claim: str, cited: Sequence[int], on_screen: dict[int, RankedSnippet]) -> tuple[bool, str]:
    strays = [n for n in cited if n not in on_screen]
    if strays:
        return False, _off_screen(strays)
    if not cited:
        return False, _uncited(claim, on_screen)
    found = {n: support(claim, on_screen[n].snippet) for n in cited}
    bearing = [n for n, one in found.items() if one.supported]
    if bearing:
        return True, f"[{bearing[0]}] {found[bearing[0]].reason}"
    if len(cited) > 1 and support(claim, _together(cited, on_screen)).supported:
        return True, "the cited snippets say it together"
    best = max(found, key=lambda n: found[n].covered)
    other = _said_elsewhere(claim, cited, on_screen)
    return False, f"[{best}] {found[best].reason}" + (f"; [{other}] says it" if other else "")


def _together(cited: Sequence[int], on_screen: dict[int, RankedSnippet]) -> Snippet:
    """The cited snippets read as one: a sentence may put two facts together."""
    parts = [on_screen[n].snippet for n in cited]
    return replace(
        parts[0],
        title=" ".join(one.title for one in parts),
        section=" ".join(one.section for one in parts),
        text="\n".join(one.text for one in parts),
    )


def _uncited(claim: str, on_screen: dict[int, RankedSnippet]) -> str:
    what = "promises something" if grants(claim) else "states a fact"
    other = _said_elsewhere(claim, (), on_screen)
    return f"{what} and cites nothing" + (f"; [{other}] says it" if other else "")


def _said_elsewhere(claim: str, besides: Sequence[int], on_screen: dict[int, RankedSnippet]) -> int | None:
    """The first snippet that would bear the claim."""
    found: dict[int, Support] = {n: support(claim, one.snippet) for n, one in on_screen.items() if n not in besides}
    return next((n for n, one in found.items() if one.supported), None)


def _off_screen(strays: Sequence[int]) -> str:
    return f"[{strays[0]}] is not on the screen"


def _points_right(check: SentenceCheck, on_screen: dict[int, RankedSnippet]) -> bool:
    """True when every mark of the sentence is on the screen, what it claims is there, and no mark is for show."""
    if any(n not in on_screen for n in check.citations):
        return False
    if not check.citations or not check.states_fact:
        return True
    covered = [support(check.text, on_screen[n].snippet).covered for n in check.citations]
    return check.supported and min(covered) >= _TOUCHES_IT
