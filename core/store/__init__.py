"""The database: one class per subject, all handed out by `Store`."""

from __future__ import annotations

from core.replies import HeldReply, PostedMessage, Reply
from core.store.engine import make_engine
from core.store.migrate import upgrade
from core.store.records import Sending, Work
from core.store.store import Store

__all__ = ["HeldReply", "PostedMessage", "Reply", "Sending", "Store", "Work", "make_engine", "upgrade"]
