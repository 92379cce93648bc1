"""Short ids that a person can read aloud and type: `case_7k3fq9xa2m`."""

from __future__ import annotations

import secrets

# Crockford's base 32 without i, l, o, u: nothing to mistake for another.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 10


def new_id(prefix: str) -> str:
    """A fresh random id `prefix_xxxxxxxxxx` with 50 random bits."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
