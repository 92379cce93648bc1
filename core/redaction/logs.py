"""Log lines are kept for long and read by many: personal data is masked in them too."""

from __future__ import annotations

import logging
import sys

from core.redaction.masking import redact


class RedactedFormatter(logging.Formatter):
    """Formats as its parent does, and masks whatever personal data a message or a traceback carries."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, masked."""
        return redact(super().format(record))


def log_to_stderr(level: str) -> None:
    """What is at least that bad; of libraries their warnings, unless every detail is asked for.

    Personal data is masked in every line; the command line masks secrets in all that goes to stderr.
    """
    logging.basicConfig(stream=sys.stderr)
    at_least = logging.getLevelName(level.upper())
    root = logging.getLogger()
    root.setLevel(at_least if level in ("debug", "error") else logging.WARNING)
    logging.getLogger("aitl").setLevel(at_least)
    for handler in root.handlers:
        handler.setFormatter(RedactedFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handler.setLevel(at_least)  # a library may set its own logger's level when it is imported
