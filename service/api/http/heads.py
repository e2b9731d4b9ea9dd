"""The heads of requests and responses: how much may come before a body, and what browsers are told."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.http import problems
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


class SecurityHeaders:
    """Plain ASGI middleware around all others: no response leaves without these headers."""

    def __init__(self, app: ASGIApp, *, over_https: bool) -> None:
        self._app = app
        headers = SECURITY | ({"Strict-Transport-Security": f"max-age={A_YEAR_S}"} if over_https else {})
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                named = dict(headers)
                headers += [header for header in self._headers if header[0] not in named]
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class HeadLimits:
    """Plain ASGI middleware: refuses a path, a query or headers over the limit, before anything reads them.

    The server holds them in memory by then; what this keeps small is what is done with them.
    """

    def __init__(self, app: ASGIApp, *, query_bytes: int, headers: int, header_bytes: int) -> None:
        self._app = app
        self._query_bytes = query_bytes
        self._headers = headers
        self._header_bytes = header_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (problems.of(refusal) if refusal else self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Refused | None:
        if max(len(scope.get("raw_path") or b""), len(scope["query_string"])) > self._query_bytes:
            return UriTooLong(f"The path and the query may each have {self._query_bytes} bytes.")
        headers = scope["headers"]
        if len(headers) > self._headers:
            return HeadersTooLarge(f"A request may have {self._headers} headers.")
        if sum(len(name) + len(value) for name, value in headers) > self._header_bytes:
            return HeadersTooLarge(f"The headers may have {self._header_bytes} bytes together.")
        return None
