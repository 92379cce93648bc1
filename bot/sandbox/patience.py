"""How long is waited on a machine that others use too."""

from __future__ import annotations

from typing import ClassVar


class Patience:
    """How many times as long as said everybody waits: more than once where a busy machine runs many tests.

    Slack's own deadlines for an app count among it: where two test runs share two cores, three seconds pass in which
    a process hardly gets its turn, and that is no fault of the app.
    """

    times: ClassVar[float] = 1.0
