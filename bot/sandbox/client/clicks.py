"""What people click: elements of messages and views, shortcuts and slash commands."""

from __future__ import annotations

from typing import Any

from bot.sandbox.client.request import ClientRequest
from bot.sandbox.delivery import Ack
from bot.sandbox.elements import Placed, chosen, find_element, initial, placed_elements
from bot.sandbox.errors import ClientError, SlackError
from bot.sandbox.local import LocalSlack
from bot.sandbox.render import render_for_window
from bot.sandbox.responses import checked_arguments, show
from bot.sandbox.state import Message
from bot.sandbox.text import escape_command
from bot.sandbox.views import View

Json = dict[str, Any]

TROUBLE = "The app did not answer in time. Try again?"


async def act(request: ClientRequest) -> Json:
    """Use one element: press a button, choose from a menu, tick a box."""
    view_id = request.maybe("view_id")
    if view_id is not None:
        return await _act_in_view(request, own_view(request, view_id))
    message = request.message(request.channel, request.text("message_ts"))
    return await _act_in_message(request, message)


async def shortcut(request: ClientRequest) -> Json:
    """Take a shortcut: a global one, or with channel and message_ts one on a message."""
    slack = request.slack
    callback_id = request.text("callback_id")
    known = {item.callback_id: item for item in slack.app.manifest.shortcuts}
    if callback_id not in known:
        raise ClientError(f"The app has no shortcut {callback_id!r}; it has: {', '.join(known) or 'none'}.", 404)
    if known[callback_id].type == "global":
        payload = slack.interactions.global_shortcut_payload(request.user, callback_id)
    else:
        message = request.message(request.channel, request.text("message_ts"))
        payload = slack.interactions.message_shortcut_payload(request.user, message, callback_id)
    return acked(await interact(slack, payload))


async def command(request: ClientRequest) -> Json:
    """Send a slash command; what the app answers at once is shown to this person, or to all if it says so."""
    slack = request.slack
    channel = request.channel
    name = request.text("command")
    known = {item.command: item for item in slack.app.manifest.commands}
    if name not in known:
        raise ClientError(f"{name} is not a valid command; there are: {', '.join(known) or 'none'}.", 404)
    text = request.text("text").strip()
    if known[name].should_escape:
        text = escape_command(text, slack.state)
    payload = slack.interactions.command_payload(request.user, channel, name, text)
    ack = await slack.delivery.send_interaction("slash_commands", payload)
    result = acked(ack)
    if ack.payload:
        result["response"] = _show_command_answer(request, channel.id, ack.payload)
    return result


async def interact(slack: LocalSlack, payload: Json) -> Ack:
    """Tell the app about an interaction, if its manifest says that it takes any."""
    if not slack.app.manifest.is_interactive:
        raise ClientError(f"{slack.app.name} has interactivity switched off in its manifest.")
    return await slack.delivery.send_interaction("interactive", payload)


def acked(ack: Ack) -> Json:
    """How an interaction went, for the person who clicked."""
    if ack.is_acked:
        return {"ok": True, "acked": True}
    return {"ok": False, "acked": False, "error": ack.problem if ack.problem.endswith(".") else TROUBLE}


def own_view(request: ClientRequest, view_id: str) -> View:
    """An open view of this person. Raises ClientError when it is closed or somebody else's."""
    try:
        view = request.slack.views.find(view_id)
    except SlackError as problem:
        raise ClientError(f"The view {view_id} is not open.", 404) from problem
    if view.user_id != request.user.id:
        raise ClientError("That view is somebody else's.", 403)
    return view


def held_values(blocks: list[Json], held: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """What every element with a value holds now: what was chosen, else what it started with."""
    values: dict[str, dict[str, Json]] = {}
    for placed in placed_elements(blocks):
        if placed.has_state:
            before = held.get(placed.block_id, {}).get(placed.action_id)
            now = before if before is not None else {"type": placed.element["type"], **initial(placed.element)}
            values.setdefault(placed.block_id, {})[placed.action_id] = now
    return values


def fill(view: View, values: Json) -> None:
    """Put plain values into a view's inputs, by block_id. Raises ClientError for what the form does not offer."""
    placed = {each.block_id: each for each in placed_elements(view.content["blocks"]) if each.has_state}
    unknown = sorted(set(values) - set(placed))
    if unknown:
        raise ClientError(f"The view has no input {', '.join(unknown)}; it has: {', '.join(placed) or 'none'}.", 404)
    for block_id, value in values.items():
        each = placed[block_id]
        held = {"type": each.element["type"], **chosen(each.element, value)}
        view.values.setdefault(block_id, {})[each.action_id] = held
    view.values = held_values(view.content["blocks"], view.values)


async def _act_in_message(request: ClientRequest, message: Message) -> Json:
    slack = request.slack
    if message.bot_id != slack.app.bot_id:
        raise ClientError(f"That message belongs to another app than {slack.app.name}.")
    placed = find_element(message.blocks or [], request.text("action_id"), request.maybe("block_id"))
    choice = chosen(placed.element, request.args.get("value"))
    held = slack.held.setdefault((f"{message.channel_id}/{message.ts}", request.user.id), {})
    values = _hold(message.blocks or [], held, placed, choice)
    payload = slack.interactions.message_action_payload(request.user, message, placed, choice, values)
    return acked(await interact(slack, payload))


async def _act_in_view(request: ClientRequest, view: View) -> Json:
    slack = request.slack
    blocks = view.content["blocks"]
    placed = find_element(blocks, request.text("action_id"), request.maybe("block_id"))
    choice = chosen(placed.element, request.args.get("value"))
    fill(view, request.args.get("values") or {})
    view.values = _hold(blocks, view.values, placed, choice)
    if placed.block["type"] == "input" and not placed.block.get("dispatch_action", False):
        return {"ok": True, "acked": True}
    payload = slack.interactions.view_action_payload(request.user, view, placed, choice)
    return acked(await interact(slack, payload))


def _hold(
    blocks: list[Json], held: dict[str, dict[str, Json]], placed: Placed, choice: Json
) -> dict[str, dict[str, Json]]:
    if placed.has_state:
        held.setdefault(placed.block_id, {})[placed.action_id] = {"type": placed.element["type"], **choice}
    return held_values(blocks, held)


def _show_command_answer(request: ClientRequest, channel_id: str, answer: Json) -> Json | None:
    slack = request.slack
    try:
        arguments = checked_arguments(slack, answer)
    except SlackError:
        # Already noted as a breach; Slack's window shows nothing either.
        return None
    only_for = None if answer.get("response_type") == "in_channel" else request.user.id
    return render_for_window(show(slack, channel_id, only_for, arguments, None), slack.state)
