"""Who may do what: one table, asked by every listener and every piece of work."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.people import People, Standing
from core.errors import NotAllowed

log = logging.getLogger("aitl.bot")

Standings = frozenset[Standing]

AGENTS: Standings = frozenset({"agent"})
LEADS: Standings = frozenset({"lead"})
OWNERS: Standings = frozenset({"owner"})
CASE_BOTS: Standings = frozenset({"case_bot"})
BOTS: Standings = frozenset({"case_bot", "bot"})
ANYBODY: Standings = frozenset({"agent", "lead", "owner", "guest", "stranger", "gone", "case_bot", "bot", "ourselves"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may, by standing: leads and owners are agents too. `told`: anybody else hears so, privately."""

    who: Standings
    told: bool


SILENTLY, PRIVATELY = False, True

# Guests, strangers and people who left never teach and never see a snippet, whatever a setting names them.
PERMISSIONS: Mapping[str, Rule] = {
    # Messages: the customer's side is whoever wrote the root message, a person or a bot.
    "case": Rule(AGENTS | CASE_BOTS, SILENTLY),
    "customer_turn": Rule(AGENTS | BOTS, SILENTLY),
    "own_reply": Rule(AGENTS, SILENTLY),
    "edited_message": Rule(AGENTS | BOTS, SILENTLY),
    "deleted_message": Rule(ANYBODY, SILENTLY),  # taking back one's own words teaches nothing
    # Buttons and menus.
    "preference": Rule(AGENTS, PRIVATELY),
    "use": Rule(AGENTS, PRIVATELY),
    "edit": Rule(AGENTS, PRIVATELY),
    "neither": Rule(AGENTS, PRIVATELY),
    "report_gap": Rule(AGENTS, PRIVATELY),
    "again": Rule(AGENTS, PRIVATELY),
    "not_a_case": Rule(AGENTS, PRIVATELY),
    "relevance": Rule(AGENTS, PRIVATELY),
    "undo": Rule(AGENTS, PRIVATELY),
    "send_anyway": Rule(AGENTS, PRIVATELY),
    "watch_channel": Rule(LEADS, PRIVATELY),
    "leave_channel_alone": Rule(LEADS, PRIVATELY),
    "held": Rule(LEADS, PRIVATELY),
    "audit": Rule(LEADS, PRIVATELY),  # but nobody judges what they said themselves
    "gaps.draft": Rule(AGENTS, PRIVATELY),  # to write it; what is published is decided below
    "gaps.assign": Rule(AGENTS, PRIVATELY),
    "gaps.reject": Rule(AGENTS, PRIVATELY),
    "gaps.more": Rule(AGENTS, PRIVATELY),  # its cases; rename, merge, split
    "gaps.approve": Rule(OWNERS, PRIVATELY),
    "models.promote": Rule(LEADS, PRIVATELY),
    "models.rollback": Rule(LEADS, PRIVATELY),
    "metrics.all": Rule(LEADS, PRIVATELY),
    "metrics.share": Rule(LEADS, PRIVATELY),
    "news": Rule(ANYBODY, SILENTLY),  # switches a message to oneself, which only agents get
    # Forms that are sent.
    "adoption": Rule(AGENTS, PRIVATELY),
    "rejection": Rule(AGENTS, PRIVATELY),
    "missing_knowledge": Rule(AGENTS, PRIVATELY),
    "new_case": Rule(AGENTS, PRIVATELY),
    "config": Rule(LEADS, PRIVATELY),
    # Shortcuts.
    "draft_replies": Rule(AGENTS, PRIVATELY),
    "new_case_form": Rule(AGENTS, PRIVATELY),
    # Forms that a command opens.
    "config_form": Rule(LEADS, PRIVATELY),
    "config.channel": Rule(LEADS, PRIVATELY),
    # Reactions: nobody waits for an answer to one.
    "reaction_prefer": Rule(AGENTS, SILENTLY),
    "reaction_irrelevant": Rule(AGENTS, SILENTLY),
    "reaction_neither": Rule(AGENTS, SILENTLY),
    "reaction_gap": Rule(AGENTS, SILENTLY),
    "reaction_confirm": Rule(AGENTS, SILENTLY),
    "reaction_removed": Rule(ANYBODY, SILENTLY),  # withdraws what the same person had said
    # The slash command, by its first word.
    "/aitl help": Rule(AGENTS, PRIVATELY),
    "/aitl case": Rule(AGENTS, PRIVATELY),
    "/aitl gaps": Rule(AGENTS, PRIVATELY),
    "/aitl metrics": Rule(LEADS, PRIVATELY),
    "/aitl models": Rule(LEADS, PRIVATELY),
    "/aitl retrain": Rule(LEADS, PRIVATELY),
    "/aitl promote": Rule(LEADS, PRIVATELY),
    "/aitl rollback": Rule(LEADS, PRIVATELY),
    "/aitl config": Rule(LEADS, PRIVATELY),
    "/aitl export": Rule(LEADS, PRIVATELY),
    # Elsewhere.
    "home": Rule(AGENTS, PRIVATELY),
    "invitation": Rule(AGENTS, SILENTLY),  # to be asked whether the channel shall be watched
}


@dataclass(frozen=True)
class Permissions:
    """The table, for the people of one workspace. Raises like People where Slack does not say who somebody is."""

    people: People

    def allows(self, interaction: str, user_id: str) -> bool:
        """May they? A refusal is logged, and nobody is told."""
        return self._decide(interaction, self.people.standings(user_id), user_id)

    def allows_author(self, interaction: str, message: Mapping[str, Any]) -> bool:
        """The same for whoever wrote a message, person or bot."""
        name = str(message.get("bot_id") or message.get("user") or "")
        return self._decide(interaction, self.people.author_standings(message), name)

    def require(self, interaction: str, user_id: str) -> None:
        """Raises NotAllowed, with whom to ask, for those who may not."""
        if not self.allows(interaction, user_id):
            raise NotAllowed(self.refusal(interaction))

    def refusal(self, interaction: str) -> str:
        """One sentence of escaped mrkdwn: who may, and whom to ask."""
        if PERMISSIONS[interaction].who == LEADS:
            return f"Only leads can do this: {self._whom_to_ask()}"
        if PERMISSIONS[interaction].who == OWNERS:
            return f"Only owners of the knowledge can do this: {self._which_owner_to_ask()}"
        ask = self._whom_to_ask() if self.people.settings.leads else "ask one of them to do it for you."
        return f"Only full members of this workspace can do this: {ask}"

    def _decide(self, interaction: str, standings: Standings, name: str) -> bool:
        if PERMISSIONS[interaction].who & standings:
            return True
        log.info("refused %s to %s, who is here as: %s", interaction, name, ", ".join(sorted(standings)))
        return False

    def _whom_to_ask(self) -> str:
        leads = self.people.settings.leads
        if not leads:
            return "there is no lead yet, so ask whoever runs AITL to set AITL_LEADS."
        return f"please ask {_named(leads)}."

    def _which_owner_to_ask(self) -> str:
        owners = self.people.settings.knowledge_owners
        if not owners:
            return "there is none yet, so ask whoever runs AITL to set AITL_KNOWLEDGE_OWNERS."
        return f"please ask {_named(owners)}."


def _named(ids: Sequence[str]) -> str:
    return " or ".join([f"<!subteam^{one}>" if one.startswith("S") else f"<@{one}>" for one in ids][:5])
