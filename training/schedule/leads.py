"""What the scheduler tells the leads: rows that the bot says in their channel, each once."""

from __future__ import annotations

from core.store.outbox import LEADS_NOTICE
from core.store.store import Store


def tell_leads(store: Store, key: str, text: str) -> None:
    """Have it said in the leads' channel, by whichever bot is next; a second one with this key changes nothing."""
    store.outbox.put(f"leads:{key}", "", {"text": text}, purpose=LEADS_NOTICE, order_key="leads")
