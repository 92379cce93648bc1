"""How a reply opens: the topic a customer is upset about, in a few safe words of our own."""

from __future__ import annotations

from core.words import content_words, stem

# Said back to a customer: words from this list only, never the customer's own.
_TOPICS = {
    "refund": "your refund", "payout": "your payout", "deposit": "the deposit", "penalti": "the penalty",
    "fine": "the fine", "fee": "the fee", "charg": "the charge", "payment": "your payment", "cancel": "the "
    "cancellation",
    "review": "the review", "account": "your account", "login": "signing in", "password": "signing in",
    "code": "the code", "key": "the key", "lockbox": "the key", "claim": "your claim", "damag": "the damage",
    "camera": "the camera", "nois": "the noise", "parti": "the party", "dirti": "the cleaning", "clean": "the cleaning",
    "list": "your listing", "calendar": "your calendar", "verif": "the verification", "verifi": "the verification",
    "invoic": "the invoice", "receipt": "the receipt", "tax": "the taxes", "order": "your order",
    "deliveri": "your delivery", "subscript": "your subscription", "price": "the price", "book": "your booking",
    "reserv": "your booking", "host": "the host", "guest": "your guest", "stay": "your stay",
}  # fmt: skip


def topic_of(text: str) -> str:
    """What the customer writes about, in our words; "" where none of the known topics occurs."""
    said = {stem(word) for word in content_words(text)}
    return next((phrase for root, phrase in _TOPICS.items() if root in said), "")
