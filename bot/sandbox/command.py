"""`aitl sandbox`: the local Slack alone, for trying any Bolt app against it."""

from __future__ import annotations

import json
import secrets
import signal
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from types import FrameType

from bot.sandbox.sandbox import Sandbox


def sandbox_command(port: int, manifest: Path | None, as_json: bool = False, request_url: str | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; print first how to connect, for a shell or as one JSON object.

    request_url: deliver there by HTTP, as if Slack had verified the address before; None: by Socket Mode.
    Raises SandboxError when the port is taken, the manifest cannot be read or the address is none.
    """
    told_to_stop: SimpleQueue[None] = SimpleQueue()
    # From the first moment on: whoever has read how to connect may stop us at once.
    before = {number: signal.signal(number, _setter(told_to_stop)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        # Another seed each time: an app that remembers ids would take a new message for one delivered before.
        with Sandbox(manifest, port, seed=secrets.randbits(32)) as sandbox:
            if request_url is not None:
                sandbox.deliver_to(request_url, verify=False)
            print(introduction_json(sandbox) if as_json else introduction(sandbox), flush=True)
            told_to_stop.get()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def introduction(sandbox: Sandbox) -> str:
    """To paste into a shell: the page's address as a comment, an `export` line per value that a Bolt app needs."""
    return "\n".join(
        [
            f"# Page: {sandbox.url}",
            f"export AITL_SLACK_API_URL={sandbox.api_url}",
            f"export SLACK_BOT_TOKEN={sandbox.bot_token}",
            f"export SLACK_APP_TOKEN={sandbox.app_token}",
            f"export SLACK_SIGNING_SECRET={sandbox.signing_secret}",
        ]
    )


def introduction_json(sandbox: Sandbox) -> str:
    """The same as one JSON object."""
    return json.dumps(
        {
            "url": sandbox.url,
            "api_url": sandbox.api_url,
            "bot_token": sandbox.bot_token,
            "app_token": sandbox.app_token,
            "signing_secret": sandbox.signing_secret,
        }
    )


def _setter(told: SimpleQueue[None]) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        told.put(None)  # reentrant: an Event would deadlock when its own waiter is interrupted

    return handle
