"""How many requests one caller may send in a minute: per access key, and per client address where there is none.

Counted in the memory of each process, in windows of a minute from the first request on. Two processes let through twice
as many; what is protected is each process.
"""

import ipaddress
import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

WINDOW_S = 60
ADDRESSES_PER_MINUTE = 600
"""Without a setting of its own, where requests need keys: whoever tries keys gets no further than this."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a caller stands after a request: how many more there may be until `reset_s` seconds from now."""

    policy: str
    most: int
    remaining: int
    reset_s: int
    exceeded: bool

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers writes them."""
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.most};w={WINDOW_S}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset_s}',
        }


class Rates:
    """Counts. A limit of 0 is none; `per_address` of None follows whether keys are needed."""

    def __init__(self, per_key: int, per_address: int | None) -> None:
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._per_key = per_key
        self._per_address = per_address

    def of_key(self, prefix: str, requests: int = 1) -> Pace | None:
        return self._take("key", self._per_key, prefix, requests)

    def of_address(self, address: str, *, keys_needed: bool) -> Pace | None:
        otherwise = ADDRESSES_PER_MINUTE if keys_needed else 0
        most = otherwise if self._per_address is None else self._per_address
        return self._take("address", most, network_of(address)) if most else None

    def _take(self, policy: str, most: int, who: str, requests: int = 1) -> Pace | None:
        if most == 0 or requests == 0:
            return None
        item: RateLimitItem = RateLimitItemPerMinute(most)
        within = self._limiter.hit(item, policy, who, cost=requests)
        reset_at, remaining = self._limiter.get_window_stats(item, policy, who)
        return Pace(policy, most, remaining, max(1, math.ceil(reset_at - time.time())), exceeded=not within)


def network_of(address: str) -> str:
    """Who an address counts as: one line has 2^64 addresses of IPv6, and would be as many callers."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 6 and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
