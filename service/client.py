"""Every call that the command line makes to a register: over the network, or to one opened in this very process.

Both ways are one httpx client asking the same paths. What differs is its transport.
"""

import json
import os
import secrets
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal

from service import __version__
from service.errors import FieldError, InvalidRequest, Unavailable
from service.settings import Settings

TIMEOUT = httpx.Timeout(60, connect=10)
FEED_TIMEOUT = httpx.Timeout(45, connect=10)
"""A feed shows every 15 seconds that it is alive."""
LONGEST_URL = 2_000


@dataclass(frozen=True)
class Target:
    """Which register is meant: the service at `url`, with its key; without a `url`, the database of the settings.

    Raises InvalidRequest for an address or a key that cannot be used. Neither is repeated: both may hold a secret.
    """

    url: str | None
    key: str | None

    def __post_init__(self) -> None:
        if not self.url:
            return
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or len(self.url) > LONGEST_URL:
            raise InvalidRequest("The address of a service begins with http:// or https:// and names a host.")
        if parts.username is not None:
            raise InvalidRequest("The address of a service holds no password; give its key by LODESTONE_KEY.")
        if not all("!" <= character <= "~" for character in self.key or ""):
            raise InvalidRequest("The key contains a character that is not allowed. Copy it again, without spaces.")


@dataclass(frozen=True)
class Reply:
    """What a register answered, as it was sent."""

    body: bytes
    headers: Mapping[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


class Declined(Exception):
    """The register answered with a problem. `body` is the problem as it was sent."""

    def __init__(self, status: int, body: bytes, problem: Mapping[str, Any], retry_after_s: float | None) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or f"The status is {status}.")
        self.status = status
        self.body = body
        self.retry_after_s = retry_after_s
        self.fields = [FieldError(str(one["pointer"]), str(one["detail"])) for one in problem.get("errors", ())]


class Client:
    """A register that can be asked. Every call raises Declined, or Unavailable where nothing answers."""

    def __init__(self, portal: BlockingPortal, http: httpx.AsyncClient, name: str, *, remote: bool) -> None:
        self._portal = portal
        self._http = http
        self.name = name
        self.remote = remote

    def get(self, path: str, params: Mapping[str, Any] | None = None, accept: str = "application/json") -> Reply:
        asked = {name: str(value) for name, value in (params or {}).items() if value is not None}
        return self._send("GET", path, params=asked, headers={"Accept": accept})

    def post(self, path: str, content: bytes, media_type: str = "application/json", accept: str | None = None) -> Reply:
        """`accept` is the media type of the answer, where it is another than that of the content."""
        headers = {"Content-Type": media_type, "Accept": accept or media_type}
        return self._send("POST", path, content=content, headers=headers)

    def delete(self, path: str) -> Reply:
        return self._send("DELETE", path)

    def feed(self, params: Mapping[str, Any], after: int) -> Iterator[dict[str, Any]]:
        """Events as they are recorded, of a service over the network, until its answer ends."""
        asked = {name: str(value) for name, value in params.items() if value is not None}
        headers = {"Accept": "text/event-stream", "Last-Event-ID": str(after)}
        stream = self._http.stream("GET", "/v1/feed", params=asked, headers=headers, timeout=FEED_TIMEOUT)
        try:
            with self._portal.wrap_async_context_manager(stream) as response:
                if not response.is_success:
                    self._portal.call(response.aread)
                    self._reply(response)
                lines = response.aiter_lines()
                while (line := self._portal.call(_next_line, lines)) is not None:
                    if line.startswith("data: "):
                        yield json.loads(line.removeprefix("data: "))
        except httpx.HTTPError as failed:
            raise Unavailable(f"{self.name} cannot be reached: {_why(failed)}.") from failed

    def _send(self, method: str, path: str, **request: Any) -> Reply:
        return self._reply(self._portal.call(self._answer, self._http.build_request(method, path, **request)))

    def _reply(self, response: httpx.Response) -> Reply:
        # Each of its answers says which log position it is of.
        if response.is_success and "position" in response.headers:
            return Reply(response.content, response.headers)
        if response.headers.get("content-type", "").startswith("application/problem+json"):
            problem = _object(response.content)
            retry_after_s = _seconds(response.headers.get("retry-after"))
            raise Declined(response.status_code, response.content, problem, retry_after_s)
        # Its body is not repeated: it may be anything.
        raise Unavailable(f"What answers at {self.name} is not a Lodestone register (status {response.status_code}).")

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._http.send(request)
        except httpx.TimeoutException as late:
            raise Unavailable(f"{self.name} did not answer in time.") from late
        except httpx.HTTPError as failed:
            raise Unavailable(f"{self.name} cannot be reached: {_why(failed)}.") from failed


async def _next_line(lines: AsyncIterator[str]) -> str | None:
    return await anext(lines, None)


def _why(failed: httpx.HTTPError) -> str:
    """What the operating system says, which stands at the bottom of the chain; the request's headers never do."""
    cause: BaseException = failed
    while cause.__cause__ or cause.__context__:
        cause = cause.__cause__ or cause.__context__ or cause
    # A number of its own tells more than the words that asyncio puts in their place; those of names are negative.
    number = cause.errno if isinstance(cause, OSError) else None
    told = os.strerror(number) if number and number > 0 else None
    said = told or (cause.strerror if isinstance(cause, OSError) else None) or str(cause)
    return said.strip().rstrip(".") or type(failed).__name__


def _object(body: bytes) -> dict[str, Any]:
    """A problem's fields; none where it cannot be read."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdecimal() else None


@contextmanager
def opened(target: Target, settings: Settings) -> Iterator[Client]:
    """A client of the register that is meant. Raises Unavailable where there is no database to open."""
    client = http_of(target, settings)
    name = target.url or "The local register"
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(client) as http:
        yield Client(portal, http, name, remote=bool(target.url))


def http_of(target: Target, settings: Settings) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """The register that is meant, as a client of its API. Entering it raises Unavailable, as `opened` does."""
    if target.url:
        # No redirect is followed: the key is for this address alone.
        headers = _bearing(target.key)
        return httpx.AsyncClient(base_url=target.url, timeout=TIMEOUT, headers=headers, verify=_trusted())
    from service.local import local  # noqa: PLC0415  the whole service: asking another one does without

    key = secrets.token_urlsafe(32)
    return local(settings, key, timeout=TIMEOUT, headers=_bearing(key))


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates are believed, read once in a process: that takes longer than most calls."""
    return httpx.create_ssl_context()


def _bearing(key: str | None) -> dict[str, str]:
    headers = {"User-Agent": f"lodestone/{__version__}", "Accept": "application/json"}
    return headers | ({"Authorization": f"Bearer {key}"} if key else {})
