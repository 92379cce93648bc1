"""Agents who click on drafts as they come, in a process that may die under their hands, and remember what was taken."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import Person, Sandbox, wait_for
from bot.sandbox.people import NothingHappened, Refused

Json = dict[str, Any]
# How long an agent waits for the drafts of one case before the test calls them lost.
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Click:
    """One thing somebody did. `token` is what makes its trace in the database unmistakable."""

    kind: str
    agent: str
    suggestion_id: str
    token: str
    acked: bool


@dataclass
class Clicker:
    """One agent. Every click is made once: Slack does not retry clicks, and this agent does not either."""

    slack: Sandbox
    person: Person
    seed: int
    clicks: list[Click] = field(default_factory=list)

    def work(self, channel: str, thread_ts: str) -> None:
        """Wait for the drafts of a case, then do two or three different things with them."""
        chance = random.Random(f"{self.seed} {thread_ts}")
        message = self._suggestion(channel, thread_ts)
        others = ["preference", "relevance", "gap", "reaction"]
        chosen = [*chance.sample(others, k=2), chance.choice(["use", "edit", "again", "nothing"])]
        for kind in chosen:
            time.sleep(chance.uniform(0.0, 0.2))
            if chance.random() < 0.8:  # an agent who sees a warning waits a moment; now and then one does not look
                wait_for(lambda: self.slack.is_app_online, PATIENCE_S, "the bot to be back")
            self._do(kind, message, chance)

    def _suggestion(self, channel: str, thread_ts: str) -> Json:
        def drafts(message: Json) -> bool:
            return (message.get("metadata") or {}).get("event_type") == "aitl_suggestion"

        found = self.person.wait_for_reply(channel, thread_ts, drafts, PATIENCE_S)
        return {"channel": channel, **found}

    def _do(self, kind: str, message: Json, chance: random.Random) -> None:
        tokens: dict[str, Callable[[], str]] = {
            "preference": lambda: chance.choice(["a3", "a1", "tie", "b2"]),
            "relevance": lambda: f"{chance.randint(1, 8)}:{chance.choice(['helpful', 'irrelevant', 'outdated'])}",
            "use": lambda: chance.choice("ab"),
        }
        token = tokens.get(kind, lambda: f"{self.person.user_id}-{chance.randrange(10**9)}")()
        acked = self._act(kind, token, message)
        if acked is not None:
            suggestion_id = message["metadata"]["event_payload"]["suggestion_id"]
            self.clicks.append(Click(kind, self.person.user_id, suggestion_id, token, acked))

    def _act(self, kind: str, token: str, message: Json) -> bool | None:
        """Whether it was acknowledged; None where there was nothing to acknowledge."""
        where, ts = message["channel"], message["ts"]
        try:
            match kind:
                case "preference":
                    return bool(self.person.click(where, ts, f"preference.{token}")["acked"])
                case "relevance":
                    n, label = token.split(":")
                    return bool(self.person.click(where, ts, f"relevance.{n}", label)["acked"])
                case "use":
                    return bool(self.person.click(where, ts, f"use.{token}")["acked"])
                case "again":
                    return bool(self.person.click(where, ts, "again")["acked"])
                case "reaction":  # an event: delivered until it is acknowledged
                    self.person.react(where, ts, "b")
                    return True
                case "edit":
                    return self._form(message, "edit.a", "adoption", {"reply": f"It is in your account. {token}"})
                case "gap":
                    return self._form(message, "report_gap", "missing_knowledge", _gap(token))
        except Refused:  # the message was updated in the same moment: nothing was sent
            return None
        return None

    def _form(self, message: Json, button: str, callback_id: str, values: Json) -> bool | None:
        if not self.person.click(message["channel"], message["ts"], button)["acked"]:
            return None
        try:
            view = self.person.wait_for_view(callback_id, timeout_s=2.0)
        except NothingHappened:  # the process died between its acknowledgement and views.open
            return None
        answer = self.person.submit(view["id"], values)
        if not answer.get("closed"):
            self.person.close_view(view["id"])
        return bool(answer.get("closed"))


def _gap(token: str) -> Json:
    return {"description": f"Nothing is said about {token}", "kind": "missing"}
