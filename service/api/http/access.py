"""Who may use the register: whoever holds a key of the right scope; on loopback, while there are no keys, everyone."""

import ipaddress
import socket
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import keys
from service.api.http import problems
from service.api.http.keyring import Keyring, find
from service.api.http.rates import Pace, Rates
from service.errors import Forbidden, LodestoneError, TooManyRequests, Unauthorized
from service.keys import AccessKey

OPEN_TO_ALL = frozenset({"/docs", "/key", "/problems", "/openapi.json", "/health/live", "/health/ready"})
OPEN_BELOW = ("/docs/", "/problems/", "/static/")
ASKED_BY_POST = ("/v1/determinations", "/v1/evidence", "/evidence", "/record/preview")
"""What is asked by POST since a question is long, and stores nothing."""
FOR_ADMINISTRATORS = ("/operations",)
COOKIE = "lodestone_key"
"""What the pages keep an access key in. It is sent by browsers to this service alone, and scripts cannot read it."""

FOR_READERS = ("/mcp",)
"""What asks the API again with the key that it was called with, which decides what it may do there."""

ANONYMOUS = "anonymous"


Refusing = Callable[[Scope, LodestoneError], ASGIApp]
"""How a refusal is answered: browsers are shown where to give a key."""


class Access:
    """Plain ASGI middleware: refuses what comes without a key that opens it, and names the actor of what passes."""

    def __init__(self, app: ASGIApp, *, on_loopback: bool, rates: Rates, refused: "Refusing | None" = None) -> None:
        self._app = app
        self._on_loopback = on_loopback
        self._rates = rates
        self._refused = refused or problems.told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        paces: list[Pace] = []
        try:
            key = await self._admitted(scope, paces)
        except LodestoneError as refused:
            await self._refused(scope, refused)(scope, receive, _telling(paces, send))
            return
        scope.setdefault("state", {})["actor"] = key.actor if key else ANONYMOUS
        await self._app(scope, receive, _telling(paces, send))

    async def _admitted(self, scope: Scope, paces: list[Pace]) -> AccessKey | None:
        """The key that opens what is asked for; None where none is needed. The request is counted, and its pace told.

        Raises TooManyRequests, Unauthorized, Forbidden, and Unavailable where the keys cannot be read.
        """
        if open_to_all(scope["path"]):
            if not scope["path"].startswith("/health/"):
                self._count_address(scope, paces, keys_needed=not self._on_loopback)
            return None
        ring: Keyring = scope["app"].state.keyring
        known = ring.fresh or await ring.keys()
        if self._on_loopback and not known.any:
            self._count_address(scope, paces, keys_needed=False)
            refuse_strangers(scope)
            return None
        sent = header(scope, b"authorization")
        key = find(known, credentials(scope))
        if key is None:
            self._count_address(scope, paces, keys_needed=True)
            raise _unknown(sent)
        _count(self._rates.of_key(key.prefix), paces)
        scope["state"]["exchange"].charge = lambda requests: _count(self._rates.of_key(key.prefix, requests), paces)
        needed = scope_needed(scope["method"], scope["path"])
        if key.scope < needed:
            raise Forbidden(f"This needs a key of scope {needed.word}, and yours has {key.scope.word}.", needed.word)
        return key

    def _count_address(self, scope: Scope, paces: list[Pace], *, keys_needed: bool) -> None:
        address = scope["client"][0] if scope.get("client") else ""
        _count(self._rates.of_address(address, keys_needed=keys_needed), paces)


async def still_admitted(scope: Scope) -> bool:
    """Whether what opened a long answer, a key or that there were none, still does.

    Raises Unavailable where the keys cannot be read.
    """
    ring: Keyring = scope["app"].state.keyring
    known = await ring.keys()
    if scope["state"]["actor"] == ANONYMOUS:
        return not known.any
    key = find(known, header(scope, b"authorization").partition(b" ")[2].strip())
    return key is not None and key.scope >= scope_needed(scope["method"], scope["path"])


def _count(pace: Pace | None, paces: list[Pace]) -> None:
    if pace is not None:
        paces.append(pace)
        if pace.exceeded:
            detail = f"The limit is {pace.most} requests in a minute; there may be more in {pace.reset_s} s."
            raise TooManyRequests(detail, pace.reset_s)


def _telling(paces: list[Pace], send: Send) -> Send:
    """Sends each response with the headers of the pace that was counted, if one was."""
    if not paces:
        return send

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(paces[-1].headers())
        await send(message)

    return sending


def _unknown(sent: bytes) -> Unauthorized:
    if not sent:
        return Unauthorized("Send an access key: Authorization: Bearer <key>.")
    return Unauthorized("The access key is unknown, revoked or expired.", sent=True)


def credentials(scope: Scope) -> bytes:
    """The key that a request bears: in its header; else, of a page or of what is only read, in the pages' cookie."""
    sent = header(scope, b"authorization")
    if sent:
        scheme, _, key = sent.partition(b" ")
        return key.strip() if scheme.lower() == b"bearer" else b""
    reads = scope["method"] in ("GET", "HEAD")
    return kept_key(scope) if reads or not scope["path"].startswith("/v1/") else b""


def kept_key(scope: Scope) -> bytes:
    """The key in the pages' cookie; nothing where there is none, or it cannot be read."""
    sent = header(scope, b"cookie")
    if not sent:
        return b""
    try:
        found = SimpleCookie(sent.decode("latin-1")).get(COOKIE)
    except CookieError:
        return b""
    return found.value.encode("latin-1") if found else b""


def wants_pages(scope: Scope) -> bool:
    """Whether a browser asks for a page, and no program for data."""
    return b"text/html" in header(scope, b"accept") and not scope["path"].startswith("/v1/")


def open_to_all(path: str) -> bool:
    """Whether no key is needed: for signs of life, and for pages that explain the register without its contents."""
    return path in OPEN_TO_ALL or path.startswith(OPEN_BELOW)


def scope_needed(method: str, path: str) -> keys.Scope:
    """What is not known to store nothing counts as writing, so a new route is closed to readers until it is named."""
    reads = path in FOR_READERS or method in ("GET", "HEAD", "OPTIONS") or (method == "POST" and path in ASKED_BY_POST)
    if path in FOR_ADMINISTRATORS:
        return keys.Scope.ADMIN
    return keys.Scope.READ if reads else keys.Scope.WRITE


def header(scope: Scope, wanted: bytes) -> bytes:
    found: bytes = next((value for name, value in scope["headers"] if name == wanted), b"")
    return found


MOST_OFTEN_ASKED = ("127.0.0.1", "localhost")
"""Names of the machine itself that need no reading."""


def refuse_strangers(scope: Scope) -> None:
    """Without keys only programs of this machine are let in. Raises Unauthorized.

    A page of any web site can have its own name lead to 127.0.0.1, and would then be a visitor like any other. But it
    must ask by that name, which has a dot, and so must whoever comes through a proxy that keeps the name.
    """
    name = host_asked_for(scope)
    if name in MOST_OFTEN_ASKED:
        return
    try:
        own = ipaddress.ip_address(name).is_loopback
    except ValueError:
        own = "." not in name.rstrip(".") or name.rstrip(".").endswith(".localhost")
    if not own:
        raise Unauthorized(
            "Without access keys this register answers only to its own machine, asked as localhost. "
            "To open it to others, make a key: lodestone keys create."
        )


def host_asked_for(scope: Scope) -> str:
    """The Host header without its port, and an IPv6 address without its brackets."""
    sent = header(scope, b"host").decode("latin-1")
    return sent[1:].partition("]")[0] if sent.startswith("[") else sent.partition(":")[0]


def loopback(host: str) -> bool:
    """Whether every address of a host name is of the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        try:
            found = {info[4][0] for info in socket.getaddrinfo(host, None)}
        except OSError:
            return False
    return bool(found) and all(ipaddress.ip_address(address).is_loopback for address in found)
