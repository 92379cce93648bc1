"""Apps in processes of their own, so that what is measured does not share an interpreter with who measures."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.app import Bot
from core.adapters.cross_encoder import CrossEncoderReranker
from core.bootstrap import open_services, with_reranker
from core.errors import AitlError
from core.settings import Settings

_READY_WITHIN_S = 180.0
_STOPPED_WITHIN_S = 30.0


@contextmanager
def child(work: Callable[..., None], *given: Any) -> Iterator[None]:
    """Runs `work(*given, ready, stop)` in a process of its own from the moment it is ready until the block ends.

    Raises AitlError where it ends, or says nothing, before it is ready.
    """
    spawn = multiprocessing.get_context("spawn")
    ready, stop = spawn.Event(), spawn.Event()
    process = spawn.Process(target=work, args=(*given, ready, stop), daemon=True)
    process.start()
    try:
        waited_s = 0.0
        while not ready.wait(0.5):
            waited_s += 0.5
            if not process.is_alive() or waited_s > _READY_WITHIN_S:
                raise AitlError(f"The process for {work.__name__} did not get ready; what it says stands above.")
        yield
    finally:
        stop.set()
        process.join(_STOPPED_WITHIN_S)
        process.kill()
        process.join()
        process.close()


def run_bot(settings: Settings, reranker: Path, ready: Event, stop: Event) -> None:
    """Our bot, slowed down by a cross-encoder over the 75."""
    _warnings_only()
    with open_services(settings) as services:
        slow = with_reranker(services, CrossEncoderReranker(reranker))
        slow.suggester.warm()
        bot = Bot(settings, slow)
        bot.start()
        ready.set()
        stop.wait()
        bot.stop()
    os._exit(0)  # a draft may still be in the middle of torch, which does not survive an orderly exit


def run_bare_bolt(api_url: str, bot_token: str, app_token: str, channel: str, ready: Event, stop: Event) -> None:
    """A Bolt app as in the first page of its manual: posts one button, and acknowledges clicks on it."""
    _warnings_only()
    app = App(client=WebClient(token=bot_token, base_url=api_url))

    @app.action(re.compile(".*"))
    def handle_click(ack: Ack) -> None:
        """Nothing but the acknowledgement."""
        ack()

    handler = SocketModeHandler(app, app_token)
    handler.connect()  # type: ignore[no-untyped-call]  # the library gives it no types
    button = {"type": "button", "action_id": "press", "text": {"type": "plain_text", "text": "Press"}}
    app.client.chat_postMessage(channel=channel, text="Press", blocks=[{"type": "actions", "elements": [button]}])
    ready.set()
    stop.wait()
    handler.close()  # type: ignore[no-untyped-call]


def _warnings_only() -> None:
    logging.basicConfig(level=logging.WARNING)
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.WARNING)  # a library may set its own logger's level when it is imported
