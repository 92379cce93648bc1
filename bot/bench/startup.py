"""From nothing to the first acknowledgement: the real program, started again and again, and what memory it takes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from bot.bench.scene import Scene
from bot.bench.spread import Spread, spread_of
from bot.sandbox import wait_for
from core.settings import Settings

_PROGRAM = (sys.executable, "-c", "from core.cli import main; main(['run', '--no-schedule'])")
_READY_WITHIN_S = 120.0
_KIB = 1024


@dataclass(frozen=True, slots=True)
class StartTimes:
    """Seconds from the start of the process; and the most memory it held, with the models loaded, in MiB."""

    ready_s: Spread
    first_acknowledgement_s: Spread
    first_drafts_s: Spread
    peak_memory_mib: float


def measure_starts(scene: Scene, text: str, times: int) -> StartTimes:
    """Each time a case is already waiting: Slack delivers it as soon as there is a connection."""
    ready, acknowledged, drafted, memory = [], [], [], []
    for _ in range(times):
        wait_for(lambda: not scene.sandbox.is_app_online, 10, "the app before to be gone")
        _, thread_ts = scene.post(text)
        started = time.time()
        process = subprocess.Popen(_PROGRAM, env=_environment(scene.settings), stdout=subprocess.PIPE)
        with process:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == b"ready", "the bot did not start; it says why above"
            ready.append(time.time() - started)
            acknowledged.append(_first_acknowledgement(scene, started) - started)
            drafted.append(scene.drafted(thread_ts).at - started)
            process.send_signal(signal.SIGTERM)
            memory.append(_ended(process))
    return StartTimes(spread_of(ready), spread_of(acknowledged), spread_of(drafted), max(memory))


def _first_acknowledgement(scene: Scene, since: float) -> float:
    def look() -> float | None:
        answered = [
            one.sent_at + one.acked_ms / 1000
            for one in scene.sandbox.deliveries
            if one.sent_at >= since and one.acked_ms is not None
        ]
        return min(answered, default=None)

    return wait_for(look, _READY_WITHIN_S, "the first acknowledgement")


def _ended(process: subprocess.Popen[bytes]) -> float:
    """The most memory it ever held, in MiB, once it has ended."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    in_bytes = usage.ru_maxrss * (1 if sys.platform == "darwin" else _KIB)
    return in_bytes / _KIB**2


def _environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "AITL_HOME": str(settings.home),
        "AITL_DATABASE_URL": settings.database_url,
        "AITL_SLACK_API_URL": settings.slack_api_url,
        "AITL_CASE_CHANNELS": ",".join(settings.case_channels),
        "AITL_CHROMA_URL": "",
        "SLACK_BOT_TOKEN": settings.slack_bot_token.reveal(),
        "SLACK_APP_TOKEN": settings.slack_app_token.reveal(),
        "SLACK_SIGNING_SECRET": settings.slack_signing_secret.reveal(),
    }
