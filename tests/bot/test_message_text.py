"""The words of a message, wherever its author put them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.message_text import message_text


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"user": "U1", "text": "Where is my &lt;refund&gt;?"}, "Where is my <refund>?"),
        ({"user": "U1", "text": "", "files": [{}]}, ""),
        (
            {
                "bot_id": "B1",
                "text": "New ticket",
                "attachments": [
                    {
                        "fallback": "not read",
                        "title": "Ticket 7",
                        "text": "Where is it?",
                        "fields": [{"title": "From", "value": "a guest"}],
                    }
                ],
            },
            "New ticket\nTicket 7\nWhere is it?\nFrom: a guest",
        ),
        ({"bot_id": "B1", "text": "", "attachments": [{"fallback": "Only this"}]}, "Only this"),
        (
            {
                "bot_id": "B1",
                "text": "Ticket",
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "Ticket 8 & more"}},
                    {"type": "section", "fields": [{"type": "mrkdwn", "text": "*Where* is <https://x.example|it>?"}]},
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "Hello "},
                                    {"type": "emoji", "name": "wave"},
                                    {"type": "user", "user_id": "U9"},
                                ],
                            }
                        ],
                    },
                ],
            },
            "Ticket\nTicket 8 & more\n*Where* is it (https://x.example)?\nHello :wave:@someone",
        ),
        (
            {
                "bot_id": "B1",
                "text": "Same",
                "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Same"}}],
            },
            "Same",
        ),
    ],
)
def test_all_that_a_person_sees_is_read_once(message: dict[str, Any], words: str) -> None:
    assert message_text(message) == words
