"""Log lines: what was written about stays, whose it was does not."""

from __future__ import annotations

import io
import logging

from core.redaction.logs import RedactedFormatter


def test_messages_and_tracebacks_are_masked():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactedFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.Logger("aitl.test")
    logger.addHandler(handler)

    try:
        raise ValueError("jo@mail.example is no number")
    except ValueError:
        logger.exception("ref 8f3a: %s failed for %s", "adoption", "+1 415 555 0132")

    said = stream.getvalue()
    assert "ERROR aitl.test: ref 8f3a: adoption failed for [phone]" in said
    assert "ValueError: [email] is no number" in said
    assert "jo@" not in said
