"""What went wrong reaches people as one sentence with a short reference, and the log with the same reference."""

from __future__ import annotations

import hashlib
import logging

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.mrkdwn import escape
from core.errors import (
    AitlError,
    EmptyText,
    InvalidAnnotation,
    ModelUnavailable,
    NotAllowed,
    NotFound,
    NotPossible,
    StoreUnavailable,
    TooLate,
)

log = logging.getLogger("aitl.bot")

# Trying again would end the same way: the person is told, and the work is done with.
FINAL = (NotAllowed, TooLate, NotFound, NotPossible, InvalidAnnotation, EmptyText)

# What reading a payload of the wrong shape ends in: sending it again would end the same way.
MALFORMED = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


class NotYet(Exception):
    """What this work is about is being stored by another thread at this moment: try again shortly."""


class Unsendable(ValueError):
    """Slack would refuse this payload: ours is the mistake, and the message says where it is."""


class Busy(NotYet):
    """Slack wants to be left alone for a while: the work waits that long, and it counts as no attempt."""

    def __init__(self, method: str, retry_in_s: float) -> None:
        super().__init__(f"Slack answers no {method} for another {retry_in_s:.1f} s")
        self.retry_in_s = retry_in_s


def reference(key: str) -> str:
    """Four to read aloud; the same work always has the same one."""
    return hashlib.sha256(key.encode()).hexdigest()[:4]


def sentence(error: BaseException, key: str, what: str = "do that") -> str:
    """For people, as mrkdwn. Only our own errors are quoted: others may hold a customer's words."""
    if isinstance(error, NotAllowed):
        return str(error)  # ours, with mentions of whom to ask
    if isinstance(error, FINAL):
        return escape(str(error))
    if isinstance(error, StoreUnavailable | SQLAlchemyError):
        why = "the database did not answer"
    elif isinstance(error, ModelUnavailable):
        why = "a model could not be loaded"
    elif isinstance(error, AitlError):
        why = escape(str(error)).rstrip(".")
    else:
        why = "something unexpected happened"
    ask = f"Please try again, or give whoever runs me this reference. (ref {reference(key)})"
    return f"I couldn't {what} because {why}. {ask}"


def cause(error: BaseException) -> str:
    """What is kept beside work that failed: never a word of a payload, which errors of others may quote."""
    if isinstance(error, SlackApiError):
        return f"Slack answered {error.response.get('error') or error.response.status_code!r}"
    if isinstance(error, AitlError | NotYet | Unsendable):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__} (the log has more)"


def report(error: BaseException, key: str, doing: str) -> str:
    """Log it with its reference; returns the reference."""
    ref = reference(key)
    log.error("ref %s: %s failed: %s: %s", ref, doing, type(error).__name__, error, exc_info=error)
    return ref
