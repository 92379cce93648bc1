"""An agent who says the opposite of what is true, about everything, and does so with conviction."""

from __future__ import annotations

from bot import ids
from bot.demo.screen import Screen, read_screen
from bot.sandbox import Person, wait_for
from core.sample import SampleCase


class Flipper:
    """Prefers the draft that rests on a wrong article, sends it, and marks all eight snippets the wrong way round."""

    def __init__(self, customer: Person, agent: Person, channel: str) -> None:
        self._customer, self._agent, self._channel = customer, agent, channel

    def work(self, case: SampleCase) -> None:
        """Post the case, wait for its drafts, and say everything wrong about them."""
        screen = self._drafted(self._customer.post(self._channel, case.turns[0].text))
        right = set(case.urls)
        wrong = [slot for slot in sorted(screen.drafts) if not right & set(screen.cited(slot))]
        self._click(screen, f"preference.{(wrong or sorted(screen.drafts))[-1]}3")
        for n, url in screen.urls.items():
            self._click(screen, ids.relevance_action(n), "irrelevant" if url in right else "helpful")
        if wrong:
            self._click(screen, ids.use_action(wrong[-1]))

    def _drafted(self, thread_ts: str) -> Screen:
        def look() -> Screen | None:
            screens = [read_screen(message) for message in self._agent.messages(self._channel, thread_ts)]
            return next((screen for screen in screens if screen), None)

        return wait_for(look, 60, f"drafts in thread {thread_ts}")

    def _click(self, screen: Screen, action_id: str, value: str | None = None) -> None:
        self._agent.click(self._channel, screen.ts, action_id, value)
