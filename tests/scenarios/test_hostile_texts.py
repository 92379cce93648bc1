"""Hostile texts through the whole loop: as cases, articles, edited replies and reports, in blocks and attachments."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.scenarios.conftest import payload_of
from tests.scenarios.harness.word_overlap import WordOverlapSuggester

HOSTILE = [
    "<!channel> <!here|here> <!everyone> <@U08AD1AGNT1> refund",
    "&lt;!channel&gt; &amp;lt;!channel&amp;gt; refund",
    "<https://evil.example|your bank> https://evil.example [bank](https://evil.example) refund",
    "```\n<!channel>\n``` `refund` *bold* _it_ ~no~ > quoted",
    "\u202eerutuf eht morf dnufer\u202c \u2066x\u2069 שלום مرحبا",
    "re\u200bfund \u200d\ufeff 👩🏽‍🦰🏴󠁧󠁢󠁥󠁮󠁧󠁿 " + "🙂" * 500,
    "refund " + "<&>" * 1500,
    "refund " * 5700,  # forty thousand characters
    "x" * 40_000,
    "Z̸͕̄a̴͎̓l̵̰̈g̷̟̽o̶̯͂ 漢字かな refund",
    '{"type":"section","text":{"type":"mrkdwn","text":"<!channel>"}} refund',
    "@channel @here #general :warning: [1] [99] refund",
]
IN_BLOCKS: dict[str, Any] = {
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Refund <!channel> <@U08AD1AGNT1>"}}],
    "attachments": [{"text": "attached <!here> refund", "fallback": "<!everyone>"}],
}
ALIVE = re.compile(r"<(?:!|@|#|https?:)[^<>]*>")


@pytest.fixture
def hostile_articles() -> WordOverlapSuggester:
    """Every text is an article as well, under a title made of itself."""
    return WordOverlapSuggester({f"{text[:200]} {n}": text[:2500] for n, text in enumerate(HOSTILE)})


@pytest.mark.slow
def test_hostile_texts_go_through_the_whole_loop_and_stay_dead(play: Any, hostile_articles: Any, slack: Any) -> None:
    scene = play(hostile_articles, case_bots=(slack.user("helpdesk").bot_id,))
    helpdesk, ben = scene.person("helpdesk"), scene.person("ben")
    threads = [ben.post("support-cases", text) for text in HOSTILE]
    threads.append(helpdesk.post("support-cases", "Refund?", **IN_BLOCKS))

    for number, thread_ts in enumerate(threads):
        message = scene.suggestion(thread_ts)
        if number % 3 == 0:
            _edit_and_report(scene, message, HOSTILE[number % len(HOSTILE)][:2900])
        elif number % 3 == 1:
            scene.click("ada", message, "use.b")
    scene.quiet()

    assert scene.store.inbox.parked() == []
    assert scene.store.outbox.parked() == []
    allowed = {f"<@{slack.user(name).id}>" for name in ("ada", "ben", "lea")}
    for thread_ts in threads:
        ours = [
            one for one in scene.person("ada").messages("support-cases", thread_ts) if one.get("bot_id") == slack.bot_id
        ]
        assert any(payload_of(one, "aitl_suggestion") for one in ours)
        alive = [found for one in ours for found in ALIVE.findall(str(one))]
        assert {found for found in alive if found not in allowed and "//help.example/" not in found} == set()


def _edit_and_report(scene: Any, message: dict[str, Any], words: str) -> None:
    ada = scene.person("ada")
    scene.click("ada", message, "edit.a")
    assert ada.submit(ada.wait_for_view("adoption")["id"], {"reply": words, "rationale": words[:200]})["closed"]
    scene.click("ada", message, "report_gap")
    gap = {"description": words, "kind": "missing"}
    assert ada.submit(ada.wait_for_view("missing_knowledge")["id"], gap)["closed"]
    assert ada.command("gaps")["acked"]
    assert ada.command(f"case {message['metadata']['event_payload']['case_id']}")["acked"]
