"""Log lines are kept for long and read by many: personal data is masked in them too."""

from __future__ import annotations

import logging

from core.redaction.masking import redact


class RedactedFormatter(logging.Formatter):
    """Formats as its parent does, and masks whatever personal data a message or a traceback carries."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, masked."""
        return redact(super().format(record))
