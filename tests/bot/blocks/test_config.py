"""The settings of a channel: a form within the limits, and what its fields may hold."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

import pytest

from bot import blockkit
from bot.blocks.config import Fixed, build_config, in_words
from bot.listeners.config import errors_in, settings_in
from bot.refs import ConfigRef
from core.channel_settings import DEFAULTS, ChannelSettings, QuietHours

REF = ConfigRef("C0SUPPORT", "https://hooks.slack.com/commands/1")
FIXED = Fixed(True, False, ("B0HELPDESK",), ("U0LEA", "S0OWNERS"), 20, "Europe/Berlin")
NOTHING_FIXED = Fixed(False, True, (), (), 20, "UTC")
SET = ChannelSettings(
    candidates=False,
    bots=("B0ZENDESK", "A0INTERCOM"),
    language="de",
    daily_budget=3,
    quiet=QuietHours(time(22, 0), time(7, 30)),
    approvers=("U0ADA",),
    changed_by="U0LEA",
    changed_at=datetime(2026, 5, 4, tzinfo=UTC),
)
FILLED: dict[str, Any] = {
    "candidates": "off",
    "language": "de",
    "bots": "B0ZENDESK, a0intercom",
    "budget": "3",
    "quiet_from": "22:00",
    "quiet_to": "7:30",
    "approvers": ["U0ADA"],
}


def words(view: dict[str, Any]) -> str:
    return "\n".join(str(block) for block in view["blocks"] if block["type"] in ("section", "context"))


@pytest.mark.parametrize("now", [DEFAULTS, SET])
@pytest.mark.parametrize("fixed", [FIXED, NOTHING_FIXED])
def test_the_form_asks_for_one_channels_settings(now: ChannelSettings, fixed: Fixed) -> None:
    view = build_config(REF, now, fixed)

    assert blockkit.check(view, "modal") == []
    assert view["callback_id"] == "config"
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    assert [block["element"]["action_id"] for block in inputs] == [
        "candidates", "language", "bots", "budget", "quiet_from", "quiet_to", "approvers",
    ]  # fmt: skip
    assert [REF.name_of(block["block_id"]) for block in inputs] == [block["element"]["action_id"] for block in inputs]


def test_another_channel_has_other_blocks_so_that_nothing_typed_goes_over() -> None:
    here, there = (
        {
            block["block_id"]
            for block in build_config(ConfigRef(one, ""), DEFAULTS, FIXED)["blocks"]
            if "block_id" in block
        }
        for one in ("C0SUPPORT", "C0BILLING")
    )

    assert here & there == set()


def test_what_the_environment_fixes_is_told_in_a_sentence() -> None:
    assert (
        "Fixed for every channel: cases from B0HELPDESK (AITL_CASE_BOTS), articles approved by <@U0LEA> and "
        "<!subteam^S0OWNERS> (AITL_KNOWLEDGE_OWNERS)." in words(build_config(REF, DEFAULTS, FIXED))
    )
    assert "Fixed for" not in words(build_config(REF, DEFAULTS, NOTHING_FIXED))
    assert "AITL_CASE_CHANNELS names those that I do" in words(build_config(REF, DEFAULTS, NOTHING_FIXED))
    assert "Last changed by <@U0LEA> on 2026-05-04." in words(build_config(REF, SET, FIXED))


def test_without_a_channel_it_only_asks_for_one() -> None:
    view = build_config(ConfigRef("", ""), DEFAULTS, NOTHING_FIXED)

    assert blockkit.check(view, "modal") == []
    assert [block["type"] for block in view["blocks"]] == ["section"]
    assert "submit" not in view


def test_what_was_filled_in_is_what_is_set() -> None:
    made = settings_in(FILLED)

    assert errors_in(FILLED) == {}
    assert made == ChannelSettings(
        candidates=False,
        bots=("B0ZENDESK", "A0INTERCOM"),
        language="de",
        daily_budget=3,
        quiet=QuietHours(time(22, 0), time(7, 30)),
        approvers=("U0ADA",),
    )
    assert settings_in({"candidates": "on", "language": "automatic"}) == DEFAULTS


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"bots": "B0ZENDESK zendesk!"}, {"bots": "ZENDESK! is no id of a bot or app; such ids look like B0123ABCD."}),
        ({"budget": "many"}, {"budget": "Write a whole number from 0 to 1000, or leave it empty."}),
        ({"budget": "1001"}, {"budget": "Write a whole number from 0 to 1000, or leave it empty."}),
        ({"quiet_from": "24:00"}, {"quiet_from": "Write a time of day such as 22:00, or leave it empty."}),
        ({"quiet_to": None}, {"quiet_to": "Say also when the quiet hours end, or leave both empty."}),
        ({"quiet_from": ""}, {"quiet_from": "Say also when the quiet hours begin, or leave both empty."}),
        ({"quiet_from": "07:30"}, {"quiet_to": "They would end when they begin; leave both empty for no quiet hours."}),
        ({"budget": None, "quiet_from": None, "quiet_to": None, "bots": None}, {}),
    ],
)
def test_each_field_says_what_is_wrong_with_it(changes: dict[str, Any], errors: dict[str, str]) -> None:
    assert errors_in({**FILLED, **changes}) == errors


def test_what_holds_from_now_on_is_told_in_a_sentence() -> None:
    assert in_words("C0SUPPORT", SET, FIXED) == (
        "Kept. In <#C0SUPPORT> no replies are drafted; an agent is asked or told something at most 3 times a day, "
        "not from 22:00 to 07:30; posts of B0ZENDESK, A0INTERCOM are cases too; <@U0ADA> may approve articles too."
    )
    assert in_words("C0SUPPORT", ChannelSettings(daily_budget=0), FIXED) == (
        "Kept. In <#C0SUPPORT> replies are drafted in the customer's language; no agent is asked or told anything."
    )
