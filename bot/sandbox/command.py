"""`aitl sandbox`: the local Slack alone, for trying any Bolt app against it."""

from __future__ import annotations

import secrets
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from bot.sandbox.sandbox import Sandbox


def sandbox_command(port: int, manifest: Path | None) -> None:
    """Serve until Ctrl-C or SIGTERM; print first, in a form that can be pasted into a shell, how to connect.

    Raises SandboxError when the port is taken or the manifest cannot be read.
    """
    told_to_stop = threading.Event()
    # Another seed each time: an app that remembers ids would take a new message for one delivered before.
    with Sandbox(manifest, port, seed=secrets.randbits(32)) as sandbox:
        print(introduction(sandbox), flush=True)
        before = {number: signal.signal(number, _setter(told_to_stop)) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            told_to_stop.wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def introduction(sandbox: Sandbox) -> str:
    """The page's address as a comment, then one `export` line per value that a Bolt app needs."""
    return "\n".join(
        [
            f"# Page: {sandbox.url}",
            f"export AITL_SLACK_API_URL={sandbox.api_url}",
            f"export SLACK_BOT_TOKEN={sandbox.bot_token}",
            f"export SLACK_APP_TOKEN={sandbox.app_token}",
            f"export SLACK_SIGNING_SECRET={sandbox.signing_secret}",
        ]
    )


def _setter(event: threading.Event) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        event.set()

    return handle
