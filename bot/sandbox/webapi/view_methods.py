"""views.* methods: modals and the Home tab."""

from __future__ import annotations

from typing import Any

from bot.blockkit import check
from bot.sandbox.errors import SlackError
from bot.sandbox.fill_in import fill_in_blocks
from bot.sandbox.local import LocalSlack
from bot.sandbox.showing import refuse_unshowable
from bot.sandbox.views import View
from bot.sandbox.webapi.method import Call, Method

Json = dict[str, Any]


def open_view(call: Call) -> Json:
    """Open a modal with the trigger of an interaction."""
    content = _modal(call)
    trigger = call.slack.handles.redeem(str(call.args["trigger_id"]))
    return _rendered(call, call.slack.views.open(trigger.user_id, in_conversation(content, trigger.channel_id)))


def push_view(call: Call) -> Json:
    """Put a modal on top, with the trigger of an interaction inside one."""
    content = _modal(call)
    trigger = call.slack.handles.redeem(str(call.args["trigger_id"]))
    return _rendered(call, call.slack.views.push(trigger.user_id, content))


def update_view(call: Call) -> Json:
    """Replace what an open view shows."""
    if ("view_id" in call.args) == ("external_id" in call.args):
        call.breach("arguments", "give either view_id or external_id")
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] give view_id or external_id"]})
    view = call.slack.views.find(call.args.get("view_id"), call.args.get("external_id"))
    content = _checked(call, view.content["type"])
    return _rendered(call, call.slack.views.update(view, content, call.args.get("hash")))


def publish_view(call: Call) -> Json:
    """Set one person's Home tab."""
    if not call.slack.app.manifest.has_home_tab:
        raise SlackError("not_enabled")
    content = _checked(call, "home")
    user = call.user("user_id")
    return _rendered(call, call.slack.views.publish(user.id, content, call.args.get("hash")))


def view_problems(content: Any, kind: str) -> list[str]:
    """Every rule that a view breaks, in words; `kind` is the surface it is meant for."""
    if not isinstance(content, dict):
        return ["a view is an object"]
    if content.get("type") != kind:
        return [f"type must be {kind!r}, not {content.get('type')!r} [json-pointer:/view/type]"]
    violations = check(content, "home" if kind == "home" else "modal")
    return [f"{violation} [json-pointer:/view{violation.pointer}]" for violation in violations]


def kept_content(slack: LocalSlack, content: Json) -> Json:
    """A view's content as Slack keeps it."""
    return {**content, "blocks": fill_in_blocks(content["blocks"], slack.ids)}


def in_conversation(content: Json, channel_id: str | None) -> Json:
    """The view with its conversation menus set to where it was opened, if they ask for that."""
    if channel_id is None:
        return content
    return {**content, "blocks": [_block_in_conversation(block, channel_id) for block in content["blocks"]]}


def _block_in_conversation(block: Json, channel_id: str) -> Json:
    element = block.get("element") or {}
    if not element.get("default_to_current_conversation"):
        return block
    many = element["type"] == "multi_conversations_select"
    initial = {"initial_conversations": [channel_id]} if many else {"initial_conversation": channel_id}
    return {**block, "element": {**element, **initial}}


def _modal(call: Call) -> Json:
    return _checked(call, "modal")


def _checked(call: Call, kind: str) -> Json:
    content = call.args["view"]
    problems = view_problems(content, kind)
    if problems:
        for problem in problems:
            call.breach("block_kit", problem)
        too_large = any(problem.startswith("view_size") for problem in problems)
        messages = {"messages": [f"[ERROR] {problem}" for problem in problems]}
        raise SlackError("view_too_large" if too_large else "invalid_arguments", response_metadata=messages)
    refuse_unshowable(call.slack, content["blocks"], "invalid_arguments")
    return kept_content(call.slack, content)


def _rendered(call: Call, view: View) -> Json:
    return {"view": call.slack.views.render(view)}


METHODS = (
    Method("views.open", open_view, "t4", (), ("trigger_id", "view"), ("interactivity_pointer",)),
    Method("views.push", push_view, "t4", (), ("trigger_id", "view"), ("interactivity_pointer",)),
    Method("views.update", update_view, "t4", (), ("view",), ("external_id", "view_id", "hash")),
    Method("views.publish", publish_view, "t4", (), ("user_id", "view"), ("hash",)),
)
