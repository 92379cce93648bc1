"""What people do with modals: submit them and close them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.client.clicks import TROUBLE, acked, fill, interact, own_view
from bot.sandbox.client.request import ClientRequest
from bot.sandbox.elements import Placed, placed_elements, refusal
from bot.sandbox.errors import ClientError, SlackError
from bot.sandbox.local import LocalSlack
from bot.sandbox.views import View
from bot.sandbox.webapi.view_methods import kept_content, view_problems

Json = dict[str, Any]


async def submit(request: ClientRequest) -> Json:
    """Submit a modal with plain values per block; what is left out keeps what the form shows."""
    slack = request.slack
    view = own_view(request, request.text("view_id"))
    if view.content.get("submit") is None:
        raise ClientError("This view has no submit button.")
    fill(view, request.args.get("values") or {})
    errors = _refusals(view)
    if errors:
        return {"ok": False, "closed": False, "errors": errors}
    payload = slack.interactions.submission_payload(request.user, view)
    ack = await interact(slack, payload)
    if not ack.is_acked:
        return acked(ack) | {"closed": False}
    return _follow(slack, view, ack.payload)


async def close(request: ClientRequest) -> Json:
    """Cancel a modal; the app is told only if the view asked for it."""
    slack = request.slack
    view = own_view(request, request.text("view_id"))
    stack = slack.views.stacks.get(request.user.id, [])
    closed = [view]
    if view.content.get("clear_on_close") and view in stack:
        closed = list(reversed(stack))
    for each in closed:
        slack.views.close(each)
    for each in closed:
        if each.content.get("notify_on_close"):
            payload = slack.interactions.closed_payload(request.user, each, is_cleared=len(closed) > 1)
            await interact(slack, payload)
    return {"ok": True}


def _refusals(view: View) -> dict[str, str]:
    refusals = {}
    for placed in placed_elements(view.content["blocks"]):
        if placed.has_state:
            sentence = refusal(placed, _choice(view, placed))
            if sentence is not None:
                refusals[placed.block_id] = sentence
    return refusals


def _choice(view: View, placed: Placed) -> Json:
    held = view.values[placed.block_id][placed.action_id]
    return {name: value for name, value in held.items() if name != "type"}


def _follow(slack: LocalSlack, view: View, answer: Json) -> Json:
    action = answer.get("response_action")
    if action is None:
        slack.views.close(view)
        return {"ok": True, "closed": True}
    if action == "clear":
        slack.views.clear(view.user_id)
        return {"ok": True, "closed": True}
    if action == "errors":
        return _show_errors(slack, view, answer.get("errors") or {})
    if action in ("update", "push"):
        return _show_next(slack, view, action, answer.get("view"))
    slack.journal.breach("response_action", f"answered view_submission with response_action {action!r}")
    return {"ok": False, "closed": False, "error": TROUBLE}


def _show_errors(slack: LocalSlack, view: View, errors: dict[str, str]) -> Json:
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    strangers = sorted(set(errors) - inputs)
    if strangers or not errors:
        named = ", ".join(strangers) or "nothing"
        slack.journal.breach("response_action", f"errors for {named}, which is no input block of the view")
        return {"ok": False, "closed": False, "error": TROUBLE}
    return {"ok": False, "closed": False, "errors": errors}


def _show_next(slack: LocalSlack, view: View, action: str, content: Any) -> Json:
    problems = view_problems(content, "modal")
    for problem in problems:
        slack.journal.breach("block_kit", f"answer to view_submission: {problem}")
    if problems:
        return {"ok": False, "closed": False, "error": TROUBLE}
    kept = kept_content(slack, content)
    try:
        shown = slack.views.update(view, kept) if action == "update" else slack.views.push(view.user_id, kept)
    except SlackError as problem:
        slack.journal.breach("response_action", f"{action} after view_submission: {problem.code}")
        return {"ok": False, "closed": False, "error": TROUBLE}
    return {"ok": True, "closed": False, "view": slack.views.render(shown)}
