"""Personal data masked in what is stored for good: e-mail, phone, card, IBAN, tax number, passport.

Booking numbers, dates, amounts and times stay: a number counts as personal when its shape or its check digits say so,
or when the words before it do.
"""

from core.redaction.masking import MASKS, redact

__all__ = ["MASKS", "redact"]
