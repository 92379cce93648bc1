"""Scripted agents: they see what the page shows, know the right articles of a sample case, and click.

Each case gets a preference, an adoption and a relevance label, by turns through buttons, views and reactions;
a case that the knowledge base does not answer, or whose article is not on the screen, gets a gap report.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from bot import ids
from bot.demo.screen import Screen, read_screen
from bot.sandbox import NothingHappened, Person, wait_for
from core.sample import SampleCase

SUGGESTION_WITHIN_S = 120.0  # the first case may wait for the models
CLICKS_MOST = 3
_WORD = re.compile(r"[^\W_]+")
NUMBER_NAMES = ("one", "two", "three", "four", "five", "six", "seven", "eight")
# How far ahead a draft must be (merit in [0, 2]) to be slightly better, better, significantly better.
STEPS = (0.03, 0.15, 0.5)
NO_DIFFERENCE = STEPS[0]


class ScriptedDesk:
    """A customer and two agents who work through sample cases in one channel."""

    def __init__(self, customer: Person, agents: Sequence[Person], channel: str) -> None:
        self._customer, self._agents, self._channel = customer, agents, channel
        self._done = 0

    def work(self, case: SampleCase) -> Screen:
        """Post the case, wait for its drafts, and answer with feedback of every kind that fits."""
        turn = self._done
        self._done += 1
        agent = self._agents[turn % len(self._agents)]
        thread_ts = self._ask(case, agent)
        screen = self._wait(agent, thread_ts, revision=len([t for t in case.turns if t.role == "customer"]))
        self._prefer(agent, screen, case, by_reaction=turn % 3 == 2)
        self._label(agent, screen, case, by_reaction=turn % 4 == 3)
        if not set(screen.urls.values()) & set(case.urls):
            self._report(agent, screen, case, by_reaction=turn % 2 == 1, thread_ts=thread_ts)
        self._answer(agent, screen, case, turn)
        return screen

    def _ask(self, case: SampleCase, agent: Person) -> str:
        """The conversation as it went: the customer's turns, and between them what the agent said."""
        thread_ts = self._customer.post(self._channel, case.turns[0].text)
        asked = 1
        for turn in case.turns[1:]:
            if turn.role == "agent":
                self._wait(agent, thread_ts, revision=asked)
                agent.post(self._channel, turn.text, thread_ts)
            else:
                self._customer.post(self._channel, turn.text, thread_ts)
                asked += 1
        return thread_ts

    def _wait(self, agent: Person, thread_ts: str, revision: int) -> Screen:
        def look() -> Screen | None:
            screens = [read_screen(message) for message in agent.messages(self._channel, thread_ts)]
            live = [screen for screen in screens if screen and screen.live and screen.revision >= revision]
            return live[-1] if live else None

        return wait_for(look, SUGGESTION_WITHIN_S, f"revision {revision} of the drafts in thread {thread_ts}")

    def _prefer(self, agent: Person, screen: Screen, case: SampleCase, *, by_reaction: bool) -> None:
        """The draft that rests on a right article and is nearer to the good reply, by how much it is."""
        merits = {slot: _merit(screen, slot, case) for slot in screen.drafts}
        if not merits:
            return
        better = max(merits, key=lambda slot: merits[slot])
        ahead = merits[better] - min(merits.values())
        if by_reaction and ahead > NO_DIFFERENCE:
            agent.react(self._channel, screen.ts, better)
        else:
            strength = sum(ahead > step for step in STEPS)
            agent.click(self._channel, screen.ts, f"preference.{better}{strength}" if strength else "preference.tie")

    def _label(self, agent: Person, screen: Screen, case: SampleCase, *, by_reaction: bool) -> None:
        right = [n for n, url in screen.urls.items() if url in case.urls]
        wrong = [n for n, url in screen.urls.items() if url not in case.urls]
        if right:
            agent.click(self._channel, screen.ts, ids.relevance_action(right[0]), "helpful")
        if wrong and by_reaction:
            agent.react(self._channel, screen.ts, NUMBER_NAMES[wrong[-1] - 1])
        elif wrong:
            agent.click(self._channel, screen.ts, ids.relevance_action(wrong[-1]), "irrelevant")

    def _report(self, agent: Person, screen: Screen, case: SampleCase, *, by_reaction: bool, thread_ts: str) -> None:
        if by_reaction:
            agent.react(self._channel, screen.ts, "mag")
            offers = _offers(ids.REPORT_GAP)  # it waits its turn behind what else goes to the channel
            offer = agent.wait_for_reply(self._channel, thread_ts, offers, timeout_s=SUGGESTION_WITHIN_S)
            view = self._opened(agent, offer["ts"], ids.REPORT_GAP, ids.MISSING_KNOWLEDGE)
        else:
            view = self._opened(agent, screen.ts, ids.REPORT_GAP, ids.MISSING_KNOWLEDGE)
        values = {"description": _asked(case), "kind": "missing"}
        if case.urls:
            values |= {"kind": "exists_not_found", "link": case.urls[0]}
        agent.submit(view["id"], values)

    def _answer(self, agent: Person, screen: Screen, case: SampleCase, turn: int) -> None:
        """Send the draft that rests on a right article; edit it, or refuse both, where that is what helps."""
        sound = [slot for slot in sorted(screen.drafts) if set(screen.cited(slot)) & set(case.urls)]
        if not sound:
            view = self._opened(agent, screen.ts, ids.NEITHER, ids.REJECTION)
            agent.submit(view["id"], {"reasons": ["missed_question"], "reply": case.reply})
        elif turn % 3 == 1:
            view = self._opened(agent, screen.ts, ids.edit_action(sound[0]), ids.ADOPTION)
            agent.submit(view["id"], {"reply": case.reply, "reasons": ["incomplete"]})
        else:
            agent.click(self._channel, screen.ts, ids.use_action(sound[0]))

    def _opened(self, agent: Person, ts: str, action_id: str, callback_id: str) -> dict[str, Any]:
        """The form behind a button. On a busy machine Slack's three seconds may pass: then one clicks again."""
        for _ in range(CLICKS_MOST - 1):
            agent.click(self._channel, ts, action_id)
            with suppress(NothingHappened):
                return agent.wait_for_view(callback_id)
        agent.click(self._channel, ts, action_id)
        return agent.wait_for_view(callback_id)


def _merit(screen: Screen, slot: str, case: SampleCase) -> float:
    """1 for a right article cited, plus the share of words in common with the good reply (F1). In [0, 2]."""
    draft, good = Counter(_WORD.findall(screen.drafts[slot].lower())), Counter(_WORD.findall(case.reply.lower()))
    shared = sum((draft & good).values())
    overlap = 2 * shared / (sum(draft.values()) + sum(good.values())) if shared else 0.0
    return overlap + bool(set(screen.cited(slot)) & set(case.urls))


def _asked(case: SampleCase) -> str:
    return f"The knowledge base should answer: {case.turns[-1].text[:300]}"


def _offers(action_id: str) -> Any:
    """Accepts a private message that has a button with this action_id: an older revision may still have one too."""

    def offers(message: dict[str, Any]) -> bool:
        controls = [item for block in message.get("blocks", ()) for item in block.get("elements", ())]
        return bool(message.get("is_ephemeral")) and any(item.get("action_id") == action_id for item in controls)

    return offers
