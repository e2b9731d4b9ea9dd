"""Trace context (W3C): whose work a request is a part of."""

import re

from service.api.http.sent_headers import SentHeaders

# Of a version that is not known here, more fields may follow; version ff and identifiers of zeros alone say nothing.
_TRACEPARENT = re.compile(
    r"(?!ff)([0-9a-f]{2})-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-[\x21-\x7e]*)?"
)
LONGEST = 200
TRACEPARENT = b"traceparent"


def traceparent_of(headers: SentHeaders) -> str | None:
    """The request's `traceparent`, as it was sent; None where there is none, several, or one that cannot be read."""
    if TRACEPARENT not in headers:
        return None
    sent = [text.strip() for text in headers.every(TRACEPARENT)]
    return sent[0] if len(sent) == 1 and valid(sent[0]) else None


def valid(text: str) -> bool:
    found = _TRACEPARENT.fullmatch(text)
    return found is not None and len(text) <= LONGEST and (found[1] != "00" or found[2] is None)
