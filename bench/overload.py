"""Ten times what the register can do, for a minute: `python -m bench.overload [answers|recordings]`.

    python -m bench.overload [--seconds 60] [--clients 160] [--database postgresql] [--through http://127.0.0.1:8443]

Capacity is measured first: a few clients that ask without a pause. Then many clients want ten times that together, and
send the same again at once when they are refused: the worst that clients do. Then a few ask again. Each answer is made
anew. `--through` is the address of a proxy that hands on to port 8000, where the register listens then.
"""

import argparse
import asyncio
import json
import random
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from bench import servers
from bench.events import posted
from bench.servers import PAGE_BYTES, Databases, Serving, postgresql
from service import seeds
from service.app import open_register
from service.log.progress import silent
from service.settings import Settings

FEW, TIMES = 16, 10
CAPACITY_S = 15
REFUSED = (429, 503)
PROXIED_PORT = 8000
RECOVERY_S = 10
NORMAL_S = 0.5
"""An answer as quick as this is a normal one."""
Body = Callable[[], bytes]


def question() -> bytes:
    """Of a day and goods that are hardly asked about twice."""
    day = f"{random.randint(2024, 2027)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    asked = {"controller": "CN", "destination": "IN", "commodity": {"hs": f"{random.randint(8400, 8599)}11"}}
    return json.dumps(asked | {"as_of": day}).encode()


def event() -> bytes:
    return json.dumps(posted(uuid.uuid4().hex[:12], random.randrange(1_000))).encode()


KINDS: dict[str, tuple[str, Body]] = {"answers": ("/v1/determinations", question), "recordings": ("/v1/events", event)}


@dataclass
class Seen:
    """What clients were told, and how long that took; `refused` and `broken` are counts."""

    durations_s: list[float] = field(default_factory=list)
    refused: int = 0
    broken: int = 0
    unlike: set[int] = field(default_factory=set)

    def p(self, part: float) -> float:
        return sorted(self.durations_s)[int(part * (len(self.durations_s) - 1))] if self.durations_s else 0.0


@dataclass
class Clients:
    url: str
    path: str
    body: Body

    async def send(self, count: int, seconds: float, pause_s: float = 0.0) -> Seen:
        """So many clients, each of which asks on until the time is over."""
        seen = Seen()
        until_s = time.monotonic() + seconds
        await asyncio.gather(*(self._client(seen, until_s, pause_s) for _ in range(count)))
        return seen

    async def _client(self, seen: Seen, until_s: float, pause_s: float) -> None:
        await asyncio.sleep(random.uniform(0, pause_s))
        while time.monotonic() < until_s:
            try:
                await self._asking(seen, until_s, pause_s)
            except (OSError, asyncio.IncompleteReadError):
                seen.broken += 1
                await asyncio.sleep(0.01)

    async def _asking(self, seen: Seen, until_s: float, pause_s: float) -> None:
        """Over one connection, for as long as it is kept open."""
        where = urlsplit(self.url)
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        try:
            while (started_s := time.monotonic()) < until_s:
                status = await self._answer(reader, writer)
                if 200 <= status < 300:
                    seen.durations_s.append(time.monotonic() - started_s)
                    await asyncio.sleep(pause_s)
                elif status in REFUSED:
                    seen.refused += 1
                else:
                    seen.unlike.add(status)
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> int:
        body = self.body()
        head = f"POST {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        said = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(said.partition("content-length:")[2].split("\r\n")[0]))
        return int(said.split(" ", 2)[1])


def memory_mb(serving: Serving) -> float:
    pages = int(Path(f"/proc/{serving.process.pid}/statm").read_text().split()[1])
    return pages * PAGE_BYTES / 1e6


@dataclass
class Run:
    serving: Serving
    clients: Clients

    async def measured(self, count: int, seconds: float, pause_s: float = 0.0) -> tuple[Seen, float, float]:
        """What was seen; good answers a second; good answers for each second of the server's CPU."""
        before = self.serving.cpu_s()
        seen = await self.clients.send(count, seconds, pause_s)
        good = len(seen.durations_s)
        return seen, good / seconds, good / max(self.serving.cpu_s() - before, 0.01)

    async def largest_mb(self) -> float:
        largest = 0.0
        try:
            while True:
                largest = max(largest, memory_mb(self.serving))
                await asyncio.sleep(0.2)
        except asyncio.CancelledError:
            return largest

    async def recovery_s(self) -> float:
        """How long after the storm an answer is a normal one again."""
        started_s = time.monotonic()
        while time.monotonic() - started_s < RECOVERY_S:
            seen = await self.clients.send(1, 0.01)
            if seen.durations_s and seen.durations_s[0] < NORMAL_S:
                break
        return time.monotonic() - started_s

    async def storm(self, count: int, seconds: float) -> dict[str, object]:
        await self.measured(FEW, CAPACITY_S / 3)
        _, capacity, capacity_cpu = await self.measured(FEW, CAPACITY_S)
        at_first = memory_mb(self.serving)
        watching = asyncio.create_task(self.largest_mb())
        seen, good, good_cpu = await self.measured(count, seconds, count / (TIMES * capacity))
        watching.cancel()
        recovered_s = await self.recovery_s()
        _, after, after_cpu = await self.measured(FEW, CAPACITY_S)
        return {
            "capacity a second, before and after": [round(capacity, 1), round(after, 1)],
            "CPU of an answer, ms": round(1000 / capacity_cpu, 1),
            "good answers a second": round(good, 1),
            "of capacity, %": round(200 * good / (capacity + after)),
            "of capacity by the server's CPU, %": round(200 * good_cpu / (capacity_cpu + after_cpu)),
            "refused a second": round(seen.refused / seconds, 1),
            "p50, p99, most of the accepted, ms": [round(seen.p(part) * 1000) for part in (0.5, 0.99, 1)],
            "broken connections": seen.broken,
            "other statuses": sorted(seen.unlike),
            "memory before, most, MB": [round(at_first), round(await watching)],
            "normal again after, s": round(recovered_s, 2),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=KINDS, nargs="?", default="answers")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=TIMES * FEW)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--through", help="the address of a proxy that hands on to port 8000")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        folder = Path(made)
        with postgresql(folder) if asked.database == "postgresql" else nullcontext() as server:
            url = Databases(folder, server).new()
            fill(url, folder)
            with servers.register(url, folder, PROXIED_PORT if asked.through else None) as serving:
                clients = Clients(asked.through or serving.url, *KINDS[asked.kind])
                print(json.dumps(uvloop.run(Run(serving, clients).storm(asked.clients, asked.seconds)), indent=2))


def fill(url: str, folder: Path) -> None:
    register = open_register(Settings(database_url=url, signing_key_file=folder / "no-key"))
    try:
        seeds.load(register.log, seeds.read("all"), silent)
    finally:
        register.close()


if __name__ == "__main__":
    main()
