"""The question after an invitation: shall this channel be watched for cases?"""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import Block, actions, button, section


def build_invite(channel: str, inviter: str | None = None) -> Block:
    """`text` and `blocks`; with `inviter`, as asked to the leads about somebody else's invitation."""
    who = f"<@{inviter}> invited me to <#{channel}>." if inviter else f"Thank you for inviting me to <#{channel}>."
    question = (
        f"{who} Shall I watch it for support cases? A lead decides; "
        "everybody in the channel will see snippets of your knowledge base."
    )
    return {
        "text": question,
        "blocks": [
            section(question),
            actions(
                [
                    button(ids.WATCH_CHANNEL, "Watch it", channel, style="primary"),
                    button(ids.LEAVE_CHANNEL, "Leave it alone", channel),
                ]
            ),
        ],
    }
