"""Ids, tokens and timestamps with the look of Slack's."""

from __future__ import annotations

import random
import string

from bot.sandbox.clock import Clock

_ALPHABET = string.digits + string.ascii_uppercase


class Ids:
    """Draws ids from one seeded source, so that a run can be repeated."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._random = random.Random(seed)
        self._clock = clock
        self._last_microseconds = 0

    def make(self, prefix: str, length: int = 8) -> str:
        """A new id such as `Ev08K2M4QX1`."""
        return f"{prefix}08" + "".join(self._random.choices(_ALPHABET, k=length))

    def secret(self, length: int = 24) -> str:
        """Letters and digits that nobody guesses by accident."""
        return "".join(self._random.choices(string.ascii_letters + string.digits, k=length))

    def envelope_id(self) -> str:
        """A UUID-shaped id for one Socket Mode envelope."""
        digits = f"{self._random.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def timestamp(self) -> str:
        """A message `ts`: the clock's time in microseconds, always later than the one before."""
        self._last_microseconds = max(self._last_microseconds + 1, int(self._clock.now() * 1_000_000))
        seconds, microseconds = divmod(self._last_microseconds, 1_000_000)
        return f"{seconds}.{microseconds:06d}"
