"""Which addresses a webhook may reach: those of the public internet, and networks that the operator names.

Whoever makes a watch chooses where the service connects to, so it must not be led to what only the service can reach. A
name is resolved once, every address that it has is checked, and the connection goes to the address that was checked.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import httpcore
import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Addresses of IPv6 that lead to one of IPv4, which may be any; one that leads to the nearest 6to4 relay.
LEADING_ELSEWHERE = ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96", "fec0::/10", "192.88.99.0/24")
# What the library takes for public: protocol assignments, documentation, and what a machine in Azure is served from.
NOT_PUBLIC = ("192.0.0.0/24", "3fff::/20", "168.63.129.16/32")
MOST_LOOK_UPS = 100
"""How many names are looked up at once: as many as there are messages on their way."""
PORTS = range(1, 65_536)
REFUSED = [ipaddress.ip_network(text) for text in (*LEADING_ELSEWHERE, *NOT_PUBLIC)]


class AddressRefused(OSError):
    """The name leads to an address that webhooks may not reach, or to none."""


def networks_of(text: str) -> tuple[Network, ...]:
    """Networks as an operator writes them, with commas between. Raises ValueError."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def receivable(url: str) -> str:
    """The address of a receiver, as it is. Raises ValueError where nothing can be reached by it."""
    try:
        parts = httpx.URL(url)
        name = parts.raw_host.decode("ascii").encode("idna")
    except (httpx.InvalidURL, UnicodeError) as unread:
        raise ValueError("an address such as https://example.org/hook") from unread
    if not name or (parts.port is not None and parts.port not in PORTS):
        raise ValueError("an address such as https://example.org/hook")
    if parts.userinfo:
        raise ValueError("an address without a user and a password: the signature shows who sends")
    return url


def may_reach(address: Address, allowed: Iterable[Network]) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return may_reach(mapped, allowed)
    if any(address in network for network in allowed):
        return True
    refused = any(address in network for network in REFUSED)
    return address.is_global and not address.is_multicast and not address.is_reserved and not refused


class CheckedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses alone. It looks names up in threads of its own: one that nobody answers for takes
    its thread for a while, and all other work of the process has to go on."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        self._allowed = allowed
        self._inner = httpcore.AnyIOBackend()
        self._names = ThreadPoolExecutor(MOST_LOOK_UPS, thread_name_prefix="names-of-receivers")

    def close(self) -> None:
        self._names.shutdown(wait=False, cancel_futures=True)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises AddressRefused, and what the library raises where nothing answers."""
        failed: Exception = AddressRefused("The host name cannot be resolved.")
        for address in await self._addresses(host, port):
            try:
                return await self._inner.connect_tcp(str(address), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def _addresses(self, host: str, port: int) -> list[Address]:
        """Every address of a name. One that may not be reached refuses the name: the next look-up might give that."""
        try:
            look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
            found = await asyncio.get_running_loop().run_in_executor(self._names, look_up)
        except (OSError, UnicodeError) as unknown:
            raise AddressRefused("The host name cannot be resolved.") from unknown
        addresses = [ipaddress.ip_address(str(info[4][0]).partition("%")[0]) for info in found]
        if not all(may_reach(address, self._allowed) for address in addresses):
            raise AddressRefused("The address is not one that webhooks may reach.")
        return list(dict.fromkeys(addresses))

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        raise AddressRefused("Webhooks reach no sockets.")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class CheckedTransport(httpx.AsyncHTTPTransport):
    """Reaches checked addresses alone, without a proxy, and keeps no connection for the next message."""

    def __init__(self, allowed: Sequence[Network]) -> None:
        trusted = httpx.create_ssl_context(trust_env=False)
        super().__init__(verify=trusted, trust_env=False)
        self._network = CheckedNetwork(allowed)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted,
            network_backend=self._network,
            max_keepalive_connections=0,
        )

    async def aclose(self) -> None:
        await super().aclose()
        self._network.close()


def client_for(allowed: Sequence[Network], timeout: httpx.Timeout) -> httpx.AsyncClient:
    transport = CheckedTransport(allowed)
    return httpx.AsyncClient(transport=transport, timeout=timeout, follow_redirects=False, trust_env=False)
