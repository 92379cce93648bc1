"""Leads look at the models' versions, and change who serves: asked first, done by one click, told to all leads."""

from __future__ import annotations

from bot import ids
from bot.blocks.lost import build_not_promoted
from bot.blocks.models import build_models, build_promote_question, build_rollback_question
from bot.blocks.notes import build_note
from bot.desk import Block, Desk
from bot.gap_news import title_of_article
from core.errors import InvalidAnnotation
from core.registry.deploy import exam_of, index_of, ready
from core.registry.files import check_presence
from core.registry.listing import Line, list_versions
from core.store.records import Work

WHY = "asked for in Slack"


def show_models(desk: Desk) -> Block:
    """Versions, aliases, and what happened last."""
    return build_models(list_versions(desk.store.registry))


def ask_to_promote(text: str, desk: Desk) -> Block:
    """The question, or why it makes no sense. Raises UnknownBundle, InvalidAnnotation without a version."""
    if not text.strip().isdecimal():
        raise InvalidAnnotation("Which version? Write /aitl promote VERSION; /aitl models lists them.")
    registry = desk.store.registry
    bundle, champion = registry.bundle(int(text)), registry.aliases().champion
    if bundle.version == champion:
        return build_note(f"Version {champion} is the champion already.")
    check_presence(registry, bundle)
    return build_promote_question(Line(bundle, None, files_removed=False), champion)


def ask_to_roll_back(desk: Desk) -> Block:
    """The question, or why there is nothing to go back to. Raises NotPossible."""
    registry = desk.store.registry
    champion, before = registry.aliases().champion, registry.previous_champion()
    if before is None:
        return build_note(f"Version {champion} serves and none was before it; there is nothing to go back to.")
    bundle = registry.bundle(before)
    check_presence(registry, bundle)
    return build_rollback_question(champion, Line(bundle, None, files_removed=False))


def work_deploy(work: Work, desk: Desk) -> None:
    """A lead has confirmed. What is asked for twice is done once."""
    click = work.payload
    desk.permissions.require(click["action_id"], click["user"])
    if click["action_id"] == ids.PROMOTE:
        _promote(int(click["value"]), work, desk)
    else:
        _roll_back(int(click["value"]), work, desk)


def _promote(version: int, work: Work, desk: Desk) -> None:
    registry = desk.store.registry
    examine = exam_of(desk.settings, desk.store, desk.clock)
    with ready(registry, version, index_of(desk.settings, desk.store)) as bundle:
        lost = examine(bundle)
        if lost:
            _answer(build_not_promoted(version, title_of_article(desk, lost[0].article_id), lost)["text"], work, desk)
            return
        _promote_now(version, work, desk)


def _promote_now(version: int, work: Work, desk: Desk) -> None:
    user, registry = work.payload["user"], desk.store.registry
    with desk.together():
        before = registry.aliases().champion
        if registry.promote(version, user, WHY):
            _tell(f"made version {version} the champion, in place of version {before}", work, desk)
        else:
            _answer(f"Version {version} is the champion already.", work, desk)


def _roll_back(leaving: int, work: Work, desk: Desk) -> None:
    user, registry = work.payload["user"], desk.store.registry
    target, serving = registry.previous_champion(), registry.aliases().champion
    if target is None or serving != leaving:
        _answer(f"Version {serving} serves by now, not {leaving}; nothing was changed.", work, desk)
        return
    with ready(registry, target, index_of(desk.settings, desk.store)), desk.together():
        champion = registry.rollback(user, WHY, leaving)
        _tell(f"went back to version {champion}, from version {leaving}", work, desk)


def _tell(done: str, work: Work, desk: Desk) -> None:
    """The lead who did it, in place of the question, and the leads' channel."""
    said = f"<@{work.payload['user']}> {done}. The next drafts come from it."
    _answer(said, work, desk)
    if desk.settings.leads_channel:
        notice = {"channel": desk.settings.leads_channel, **build_note(f"{said} `/aitl models` lists all versions.")}
        desk.send(f"deployed:{work.key}", "chat.postMessage", notice, purpose="notice")


def _answer(said: str, work: Work, desk: Desk) -> None:
    replaced = {"url": work.payload["response_url"], "body": {"replace_original": True, **build_note(said)}}
    desk.send(f"decided:{work.key}", "response_url", replaced, purpose="answer")
