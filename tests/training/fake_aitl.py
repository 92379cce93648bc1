"""A small working `aitl train` for the scheduler's tests: it does as its environment says, and tells where it is.

`python -m tests.training.fake_aitl train --json --cycle-key KEY`, with FAKE_TRAINING one of `done`, `hang`, `stubborn`,
`break`, `crash`, `silent`, or `flag:FILE`: done as soon as the file is there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from core.attached import end_with_parent
from core.bootstrap import open_store
from core.settings import Settings

OUTCOME = {
    "data": {"preference": {"train": 80, "held_out": 20}},
    "parts": {"ranker": {"before": 0.61, "after": 0.7}},
    "verdict": "superior",
    "reason": "Better: pairwise accuracy changes by +0.09 (between +0.02 and +0.15 on 80 cases).",
    "version": 1,
    "next": "Version 1 is shown beside the champion on all cases until the agents' preferences decide.",
}


def main(how: str, key: str) -> int:
    """The exit code."""
    end_with_parent()
    if how == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if how in ("hang", "stubborn"):
        helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path(os.environ["AITL_HOME"], "pids").write_text(f"{os.getpid()} {helper.pid}")
        time.sleep(600)
    if how.startswith("flag:"):
        with open_store(Settings.from_environment(dict(os.environ))) as store:
            store.cycles.begin(key, ("ranker",), 0, "here", os.getpid())
            store.cycles.report(key, "train", {"doing": "ranker", "done": 45, "total": 100})
        while not Path(how.removeprefix("flag:")).exists():
            time.sleep(0.1)
    if how == "break":
        print("a first line\nTrainingFailed: there is no row to learn from.", file=sys.stderr)
        return 1
    if how == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if how != "silent":
        print(json.dumps(OUTCOME))
    return 0


if __name__ == "__main__":
    assert sys.argv[1:4] == ["train", "--json", "--cycle-key"]
    sys.exit(main(os.environ["FAKE_TRAINING"], sys.argv[4]))
