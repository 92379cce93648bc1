"""The names Slack gives back to us: action ids, callback ids, metadata event types."""

from __future__ import annotations

import re
from typing import Literal

Choice = Literal["a3", "a2", "a1", "tie", "b1", "b2", "b3"]

# Buttons of the suggestion message, with what each says.
CHOICES: dict[Choice, str] = {
    "a3": "A much better",
    "a2": "A better",
    "a1": "A slightly",
    "tie": "The same",
    "b1": "B slightly",
    "b2": "B better",
    "b3": "B much better",
}
NEITHER = "neither"
REPORT_GAP = "report_gap"
AGAIN = "again"
NOT_A_CASE = "not_a_case"

# Buttons elsewhere.
UNDO = "undo"
SEND_ANYWAY = "send_anyway"
WATCH_CHANNEL = "watch_channel"
LEAVE_CHANNEL = "leave_channel_alone"
HELD_ACCEPT = "held.accept"
HELD_DROP = "held.drop"
AUDIT_AGREE = "audit.agree"
AUDIT_DISAGREE = "audit.disagree"
PROMOTE = "models.promote"
ROLL_BACK = "models.rollback"
GAP_DRAFT = "gaps.draft"
GAP_APPROVE = "gaps.approve"
GAP_ASSIGN = "gaps.assign"
GAP_REJECT = "gaps.reject"
GAP_MORE = "gaps.more"
ALL_FIGURES = "metrics.all"
SHARE_METRICS = "metrics.share"
CONFIG_CHANNEL = "config.channel"
NEWS = "news"  # who may use the next two, and what works them off
NEWS_OFF = "news.off"
NEWS_ON = "news.on"

# Families of action ids.
PREFERENCE_PATTERN = re.compile(r"^preference\.(a[123]|tie|b[123])$")
USE_PATTERN = re.compile(r"^use\.([ab])$")
EDIT_PATTERN = re.compile(r"^edit\.([ab])$")
RELEVANCE_PATTERN = re.compile(r"^relevance\.([1-8])$")

# What a snippet's menu offers: option value -> its words.
RELEVANCE_OPTIONS: dict[str, str] = {
    "helpful": "Helpful",
    "irrelevant": "Not relevant",
    "outdated": "Outdated",
    "clear": "Clear my mark",
}

# Views.
ADOPTION = "adoption"
REJECTION = "rejection"
MISSING_KNOWLEDGE = "missing_knowledge"
CONFIG = "config"
GAP_DRAFT_FORM = "gap_draft"
GAP_ASSIGN_FORM = "gap_assign"
GAP_REJECT_FORM = "gap_reject"
GAP_RENAME_FORM = "gap_rename"
GAP_MERGE_FORM = "gap_merge"
GAP_SPLIT_FORM = "gap_split"
NEW_CASE = "new_case"  # also the global shortcut that opens it
DRAFT_REPLIES = "draft_replies"
COMMAND = "/aitl"

# Message metadata.
SUGGESTION_EVENT = "aitl_suggestion"
REPLY_EVENT = "aitl_reply"
NOTICE_EVENT = "aitl_notice"  # everything else we post: lets us recognise it after an unknown outcome


def preference_action(choice: Choice) -> str:
    """`preference.a3`"""
    return f"preference.{choice}"


def use_action(slot: str) -> str:
    """`use.a`"""
    return f"use.{slot}"


def edit_action(slot: str) -> str:
    """`edit.a`"""
    return f"edit.{slot}"


def relevance_action(n: int) -> str:
    """`relevance.3`"""
    return f"relevance.{n}"
