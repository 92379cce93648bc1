"""Socket Mode: one WebSocket per connection of the app, opened with a ticket that works once."""

from __future__ import annotations

import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.sandbox.delivery import WireLost
from bot.sandbox.local import LocalSlack

MAX_CONNECTIONS = 10
CONNECTION_LASTS_S = 18_060

Json = dict[str, Any]


class SocketWire:
    """One Socket Mode connection, as a way for payloads to reach the app."""

    timeout_reason = "timeout"

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    @property
    def address(self) -> tuple[str, int] | None:
        """The app's end of the connection."""
        client = self._websocket.client
        return (client.host, client.port) if client is not None else None

    async def send(self, envelope: Json) -> None:
        """Send one message to the app. Raises WireLost when nobody is there any more."""
        try:
            await self._websocket.send_text(json.dumps(envelope))
        except (RuntimeError, WebSocketDisconnect, OSError) as problem:
            raise WireLost(str(problem)) from problem

    async def close(self) -> None:
        """Close the connection from Slack's side."""
        if self._websocket.application_state is WebSocketState.CONNECTED:
            await self._websocket.close()


async def serve_socket(slack: LocalSlack, websocket: WebSocket) -> None:
    """Talk to one connection of the app until it ends."""
    ticket = websocket.query_params.get("ticket", "")
    if ticket not in slack.tickets:
        slack.journal.breach("socket_ticket", "opened a Socket Mode address that was used before or never given out")
        await websocket.close(code=1008)
        return
    slack.tickets.remove(ticket)
    await websocket.accept()
    wire = SocketWire(websocket)
    if slack.request_url:
        await wire.send(goodbye("link_disabled"))
        await wire.close()
        return
    if len(slack.delivery.wires) >= MAX_CONNECTIONS:
        await wire.send(goodbye("too_many_websockets"))
        await wire.close()
        return
    await wire.send(_hello(slack))
    slack.delivery.open_wire(wire)
    show_presence(slack)
    try:
        await _listen(slack, websocket)
    finally:
        slack.delivery.close_wire(wire)
        show_presence(slack)


def goodbye(reason: str) -> Json:
    """The message with which Slack asks an app to connect anew."""
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}}


async def _listen(slack: LocalSlack, websocket: WebSocket) -> None:
    while True:
        try:
            text = await websocket.receive_text()
        except WebSocketDisconnect:
            return
        try:
            message = json.loads(text)
            envelope_id = message["envelope_id"]
        except (json.JSONDecodeError, KeyError, TypeError):
            slack.journal.breach("socket_message", f"sent something that is no acknowledgement: {text[:80]!r}")
            continue
        slack.delivery.acknowledge(envelope_id, message.get("payload"))


def _hello(slack: LocalSlack) -> Json:
    return {
        "type": "hello",
        "num_connections": len(slack.delivery.wires) + 1,
        "debug_info": {
            "host": "applink-sandbox",
            "build_number": 1,
            "approximate_connection_time": CONNECTION_LASTS_S,
        },
        "connection_info": {"app_id": slack.app.id},
    }


def show_presence(slack: LocalSlack) -> None:
    """Tell the open windows whether the app can be reached."""
    slack.stream.publish({"type": "app", "online": bool(slack.delivery.wires)})
