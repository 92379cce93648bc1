"""One request over HTTP as it comes in: read no further than allowed, and believed only with Slack's signature."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

# The largest thing that Slack sends is a view of 250 KB, three times that when it is encoded as a form.
MAX_BODY_BYTES = 1_048_576
# Slack sends a request in one go, and waits three seconds for the answer.
BODY_WITHIN_S = 3.0
TIMESTAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


async def read_body(request: Request) -> bytes:
    """The body. Raises HTTPException: 413 when it is too large, 408 when it does not come, 400 when it ends early."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > MAX_BODY_BYTES:
        raise _refused(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            async for part in request.stream():
                body += part
                if len(body) > MAX_BODY_BYTES:
                    raise _refused(413)
    except TimeoutError as error:
        raise _refused(408) from error
    except ClientDisconnect as error:
        raise _refused(400) from error
    return bytes(body)


def is_ssl_check(body: bytes) -> bool:
    """True for the unsigned form with which Slack looks at a certificate; it asks for nothing but an answer."""
    return body.startswith((b"ssl_check=", b"token=")) and parse_qs(body.decode("latin-1")).get("ssl_check") == ["1"]


def is_signed(verifier: SignatureVerifier, headers: Headers, body: bytes) -> bool:
    """True for a body that Slack has signed within the last five minutes; false for whatever makes no sense."""
    timestamps, signatures = headers.getlist(TIMESTAMP), headers.getlist(SIGNATURE)
    if len(timestamps) != 1 or len(signatures) != 1:
        return False
    timestamp, signature = timestamps[0], signatures[0]
    # What the verifier itself would stumble over.
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12 and signature.isascii()):
        return False
    try:
        return verifier.is_valid(body, timestamp, signature)
    except UnicodeDecodeError:
        return False


def _refused(status: int) -> HTTPException:
    """The rest of the body is not waited for."""
    return HTTPException(status, headers={"connection": "close"})
