"""One period at a glance, and the weekly digest: what stands there, and what is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot import blockkit
from bot.blocks.chart import is_chart
from bot.blocks.digest import build_digest
from bot.blocks.glance import build_glance
from core.annotations import REASONS
from core.metrics.reasons import Example, RankedReason
from core.metrics.summary import Span
from core.overview import Missing
from core.store.contributions import Contribution
from tests.bot.blocks.overviews import GATE, NOW, SPAN, a_cycle, empty, full, link_to


def texts(message):
    """The words of each block, fields and small print included."""
    return [
        "\n".join(
            part["text"]
            for part in (block.get("text"), *block.get("fields", ()), *block.get("elements", ()))
            if part and isinstance(part.get("text"), str)
        )
        for block in message["blocks"]
        if not is_chart(block) and block["type"] != "actions"
    ]


def test_three_sentences_a_chart_the_figures_and_what_to_fix_first():
    glance = build_glance(full(), link_to, buttons="30.1780218000")

    assert texts(glance) == [
        "How the drafts did in the last 30 days",
        "*Agents sent a draft in 90% of 200 decisions in the last 30 days, in 60% without a change.*\n"
        "It is better than the 30 days before: "
        "drafts sent from 60% to 90%, drafts sent without a change from 30% to 60%.\n"
        "Version 4 has answered since 31 May 2026, version 0 before it.",
        "*Used*\n*90%* drafts sent (+30 points)\n*60%* sent without a change (+30 points)\n"
        "*10%* both drafts refused (-30 points)\n"
        "*Good*\n*0%* of the cases have no article\n*Fast*\n*4.0 s* from case to drafts\n"
        "*Taught*\n*340* judgements\n*0%* of the cases judged",
        "*What agents say is wrong*\n"
        "1. *Outdated* · 9 refusals, 5 edits · <https://team.slack.example/archives/C1/p15|example>"
        " · <https://team.slack.example/archives/C1/p25|another>\n"
        "2. *Tone* · 1 edit · <https://team.slack.example/archives/C1/p35|example>\n"
        "*Missing knowledge* · 3 open reports, listed by `/aitl gaps`\n"
        "     – Gift cards &lt;!channel&gt; (2 cases)\n     – Vouchers (1 case)",
        f"*Models* · version 0 → *version 4 (31 May 2026)*\nLast retraining: 2026-05-31 09:00 UTC · version 4 · {GATE}",
        "Thank you: 6 agents gave 340 judgements to learn from. 2 gaps became articles.\n"
        "In brackets: the change against the 30 days before.",
    ]
    assert is_chart(glance["blocks"][2])
    assert [(one["action_id"], one["value"]) for one in glance["blocks"][-1]["elements"]] == [
        ("metrics.all", "30.1780218000"),
        ("metrics.share", "30.1780218000"),
    ]
    assert "It is better than the 30 days before" in glance["text"]


def test_what_is_shared_names_who_did_it_and_has_no_buttons():
    shared = build_glance(full(), link_to, shared_by="U_LEA")

    assert texts(shared)[-1] == "Shared by <@U_LEA> · leads see all figures with `/aitl metrics`"
    assert "actions" not in [block["type"] for block in shared["blocks"]]


def test_an_empty_month_is_short():
    assert texts(build_glance(empty(), link_to)) == [
        "How the drafts did in the last 30 days",
        "*No case came in the last 30 days.*\n"
        "There is too little from the 30 days before to say whether it is better.\n"
        "All drafts are by version 0, which came with the product; no other was promoted yet.",
        "*Used*\ntoo few answers yet\n*Good*\ntoo few answers yet\n*Fast*\ntoo few answers yet\n"
        "*Taught*\ntoo few answers yet",
        "*Models* · *version 0*",
        "In brackets: the change against the 30 days before.",
    ]


def test_a_thread_whose_address_is_not_known_is_not_linked():
    [_, _, _, _, fix_first, *_] = build_glance(full(), lambda channel, ts: "")["blocks"]

    assert "2. *Tone* · 1 edit\n" in fix_first["text"]["text"]


def test_the_digest_tells_the_week_and_what_was_retrained_in_it():
    week = Span(NOW - timedelta(days=7), NOW, "last week", "the week before")
    ended, older = a_cycle(NOW - timedelta(days=2)), a_cycle(NOW - timedelta(days=9), reason="Long ago.")

    digest = build_digest(full(span=week, cycles=(ended, older)), link_to)

    words = texts(digest)
    assert words[0] == "How the drafts did last week"
    assert words[1].startswith("*Agents sent a draft in 90% of 200 decisions last week")
    assert words[3:] == [
        f"*Retrained*\n• 2026-05-29 09:00 UTC · version 4 · {GATE}",
        "Thank you: 6 agents gave 340 judgements to learn from. 2 gaps became articles.",
        "`/aitl metrics 7d` shows the figures, and all of them behind a button.",
    ]


def test_one_of_each_is_said_as_one():
    digest = build_digest(full(given=Contribution(1, 1, 1), missing=Missing(1, ())), link_to)

    assert "Thank you: 1 agent gave 1 judgement to learn from. 1 gap became an article." in texts(digest)
    assert "*Missing knowledge* · 1 open report, listed by `/aitl gaps`" in texts(digest)[2]


def test_the_fullest_period_fits_into_a_message():
    example = Example("case", "C" * 11, "1700000000.000100")
    reasons = tuple(RankedReason(code, 10_000, 10_000, (example, example)) for code in REASONS)
    missing = Missing(10_000, (("&" * 3000, 1000),) * 3)
    cycles = (replace(a_cycle(), outcome={"version": 1000, "reason": "<" * 3000}),) * 5
    most = full(reasons=reasons, missing=missing, cycles=cycles, span=SPAN)

    assert blockkit.check(build_glance(most, link_to, buttons="90.1780218000", shared_by="U1"), "message") == []
    assert blockkit.check(build_digest(most, link_to), "message") == []
