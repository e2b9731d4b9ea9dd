"""The heads of requests and responses: how much may come before a body, and what browsers are told."""

from itertools import chain

from starlette.types import Scope

from service.errors import HeadersTooLarge, Refused, UriTooLong

# Nothing may be loaded or embedded. The pages for people say for themselves what they load.
CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
SECURITY = {
    "Content-Security-Policy": CLOSED,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
A_YEAR_S = 31_536_000


def security(*, over_https: bool) -> list[tuple[bytes, bytes]]:
    """The headers that no response leaves without, unless it says otherwise itself."""
    headers = SECURITY | ({"Strict-Transport-Security": f"max-age={A_YEAR_S}"} if over_https else {})
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class HeadLimits:
    """How large a path, a query and headers may be. They are looked at before anything reads them.

    The server holds them in memory by then; what this keeps small is what is done with them.
    """

    def __init__(self, *, query_bytes: int, headers: int, header_bytes: int) -> None:
        self._query_bytes = query_bytes
        self._headers = headers
        self._header_bytes = header_bytes

    def refusal(self, scope: Scope) -> Refused | None:
        if max(len(scope.get("raw_path") or b""), len(scope["query_string"])) > self._query_bytes:
            return UriTooLong(f"The path and the query may each have {self._query_bytes} bytes.")
        headers = scope["headers"]
        if len(headers) > self._headers:
            return HeadersTooLarge(f"A request may have {self._headers} headers.")
        if sum(map(len, chain.from_iterable(headers))) > self._header_bytes:
            return HeadersTooLarge(f"The headers may have {self._header_bytes} bytes together.")
        return None
