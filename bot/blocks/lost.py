"""What leads and owners are told where the exam stops a change."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.elements import Block
from bot.blocks.notes import build_note
from bot.mrkdwn import escape_within
from core.values import LostQuestion


def build_unpublished(group_id: str, article: str, lost: Sequence[LostQuestion]) -> Block:
    """To whoever approved an article. `article`: the title of the first that would be lost, escaped."""
    anyway = f"to publish all the same (`aitl gaps approve {group_id} --anyway`)"
    return build_note(_stopped("Nothing was published", article, lost, "change the draft, or ", anyway))


def build_not_promoted(version: int, article: str, lost: Sequence[LostQuestion]) -> Block:
    """To whoever promoted a version. `article`: the title of the first that would be lost, escaped."""
    anyway = f"to promote it all the same (`aitl promote {version} --anyway`)"
    return build_note(_stopped(f"Version {version} was not promoted", article, lost, "", anyway))


def _stopped(what: str, article: str, lost: Sequence[LostQuestion], other_way: str, anyway: str) -> str:
    first, more = lost[0], len(lost) - 1
    others = f", and {more} other question{'s' if more > 1 else ''} would lose theirs" if more else ""
    return (
        f"{what}, for “{article}” would not be found any more by its exam question "
        f"“{escape_within(first.words, 300)}”{others}: {other_way}decide on the terminal to withdraw the "
        f"question (`aitl exam withdraw {first.question_id}`) or {anyway}."
    )
