"""Seconds, seconds of processor time, and peak memory of every stage of a run."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_CLEAR, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")
_RESET_PEAK = "5"  # proc(5)
_KIB = 1024


@dataclass
class Stages:
    """By name of the stage; one that comes again adds its seconds and keeps the higher peak.

    `cpu_seconds`: of this process over all its threads: they tell what a stage costs also on a busy machine.
    `peaks_mib`: resident memory of the process. Where the system cannot start a peak anew (it is Linux that can), a
    stage's peak is the highest so far.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    peaks_mib: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measures the block, also one that is left by an exception."""
        watch = Watch(self)
        watch.enter(name)
        try:
            yield
        finally:
            watch.leave()

    def since(self) -> Callable[[], dict[str, float]]:
        """Tells, whenever it is called, the seconds by stage that came after now."""
        before = dict(self.seconds)
        return lambda: {
            name: seconds - before.get(name, 0.0)
            for name, seconds in self.seconds.items()
            if seconds > before.get(name, 0.0)
        }

    def add(self, name: str, seconds: float, cpu_seconds: float, peak_mib: float) -> None:
        """One more time in that stage."""
        self.cpu_seconds[name] = self.cpu_seconds.get(name, 0.0) + cpu_seconds
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self.peaks_mib[name] = max(self.peaks_mib.get(name, 0.0), peak_mib)


class Watch:
    """Measures stages of which each ends where the next begins."""

    def __init__(self, stages: Stages) -> None:
        self._stages, self._name = stages, ""
        self._since = self._cpu_since = 0.0

    def enter(self, name: str) -> None:
        """This stage is what is done from now on; the same again changes nothing."""
        if name == self._name:
            return
        self.leave()
        _start_peak()
        self._name, self._since, self._cpu_since = name, time.perf_counter(), time.process_time()

    def leave(self) -> None:
        """The stage is over."""
        if self._name:
            spent, cpu_spent = time.perf_counter() - self._since, time.process_time() - self._cpu_since
            self._stages.add(self._name, spent, cpu_spent, _peak_mib())
        self._name = ""


def _start_peak() -> None:
    if _CLEAR.exists():
        _CLEAR.write_text(_RESET_PEAK)


def _peak_mib() -> float:
    if _CLEAR.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / _KIB
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (_KIB**2 if sys.platform == "darwin" else _KIB)
