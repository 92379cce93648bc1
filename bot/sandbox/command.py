"""`aitl sandbox`: the local Slack alone, for trying any Bolt app against it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path

from bot.sandbox.sandbox import Sandbox


def sandbox_command(
    port: int,
    manifest: Path | None,
    until: Callable[[], object],
    as_json: bool = False,
    request_url: str | None = None,
) -> None:
    """Serve until `until` returns; print first how to connect, for a shell or as one JSON object.

    request_url: deliver there by HTTP, as if Slack had verified the address before; None: by Socket Mode.
    Raises SandboxError when the port is taken, the manifest cannot be read or the address is none.
    """
    # Another seed each time: an app that remembers ids would take a new message for one delivered before.
    with Sandbox(manifest, port, seed=secrets.randbits(32)) as sandbox:
        if request_url is not None:
            sandbox.deliver_to(request_url, verify=False)
        print(introduction_json(sandbox) if as_json else introduction(sandbox), flush=True)
        until()


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
