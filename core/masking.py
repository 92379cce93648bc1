"""Secrets stay out of what is said: in logs, errors and reports they read as ***."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TextIO
from urllib.parse import parse_qsl, unquote, urlsplit

MASK = "***"
SECRET_NAMES = frozenset(
    {
        "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_SECRET", "AITL_OPENAI_API_KEY",
        "OPENAI_API_KEY", "PGPASSWORD",
    }
)  # fmt: skip
URL_NAMES = frozenset({"AITL_DATABASE_URL", "AITL_CHROMA_URL", "AITL_OPENAI_BASE_URL", "AITL_SLACK_API_URL"})
# A shorter one would mask ordinary words wherever it stands; inside a URL it is masked all the same.
SHORTEST = 6
_SECRET_WORDS = r"password|passwd|sslpassword|pwd|secret|token|ticket|api_?key|access_?key|signature"
_NOT_IN_URL = r"\s'\"<>"
_SLASH = r"\\?/"  # in JSON it may be escaped
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(xox[a-z](?:\.xox[a-z])?-|xapp-)[\w-]+"), rf"\1{MASK}"),
    (re.compile(r"\b(sk-)[\w-]{8,}"), rf"\1{MASK}"),
    (re.compile(r"\b(Bearer\s+)[\w.~+/=-]+", re.I), rf"\1{MASK}"),
    # Bounded: a hostile text may hold thousands of beginnings.
    (re.compile(rf"(:{_SLASH}{_SLASH}[^{_NOT_IN_URL}/:@]{{0,100}}:)[^{_NOT_IN_URL}]{{0,200}}(@)"), rf"\1{MASK}\2"),
    (re.compile(rf"([?&](?:{_SECRET_WORDS})=)[^&{_NOT_IN_URL}]*", re.I), rf"\1{MASK}"),
    (re.compile(r"""(["']token["']: *["'])[^"']+"""), rf"\1{MASK}"),
    # Addresses that let whoever has them answer in Slack; the local one has them under /hooks/.
    (re.compile(rf"({_SLASH}{_SLASH}hooks\.[^{_NOT_IN_URL}/]+/)[^{_NOT_IN_URL}]+"), rf"\1{MASK}"),
    (re.compile(rf"({_SLASH}hooks{_SLASH})[^{_NOT_IN_URL}]+"), rf"\1{MASK}"),
)


class Masker:
    """Masks what looks like a secret anywhere, and what is known to be one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        # The longest first: one may be a part of another.
        known = sorted({one for one in secrets if len(one) >= SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    @classmethod
    def of(cls, environ: Mapping[str, str | None]) -> Masker:
        """One that knows the secrets among these environment variables, passwords in URLs included."""
        secrets = [value for name, value in environ.items() if value and name in SECRET_NAMES]
        for name in URL_NAMES:
            secrets += _passwords_in(environ.get(name) or "")
        return cls(secrets)

    def __call__(self, text: str) -> str:
        """The text with *** for each secret."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text


# Knows no secret, and sees those that show what they are.
mask = Masker()


class MaskedStream:
    """A text stream that masks whatever is written to it, tracebacks of crashes included."""

    def __init__(self, stream: TextIO, masker: Masker) -> None:
        self._stream, self._masker = stream, masker

    def write(self, text: str) -> int:
        """Writes it masked; the length is that of what was given."""
        self._stream.write(self._masker(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Writes each masked."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _passwords_in(url: str) -> list[str]:
    """As written, and as meant."""
    try:
        parts = urlsplit(url)
        written = [parts.password or ""]
    except ValueError:
        return []
    query = [part.partition("=")[2] for part in parts.query.split("&") if _names_a_secret(part.partition("=")[0])]
    meant = [value for name, value in parse_qsl(parts.query) if _names_a_secret(name)]
    return [*written, *(unquote(one) for one in written), *query, *meant]


def _names_a_secret(name: str) -> bool:
    return re.fullmatch(_SECRET_WORDS, name, re.IGNORECASE) is not None
