"""More than the service can do: what is taken on is done in time, the rest is refused later, and nothing held for it.

Time is simulated: it passes only while nobody has anything to do.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.http import gate
from service.api.http.gate import ANSWERS, RECORDINGS, REFUSED_AFTER_S, Gate, Gates, work_of
from service.errors import Unavailable
from tests.api.conftest import client_of

WAIT_S = 0.8


@pytest.fixture
def punctual(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are told exactly when they are due."""
    monkeypatch.setattr(gate, "SPREAD", 0.0)


class SimulatedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self.now_s = 0.0
        super().__init__(_Skipping(self))

    def time(self) -> float:
        return self.now_s


class _Skipping(selectors.SelectSelector):
    def __init__(self, loop: SimulatedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._loop.now_s += timeout or 0
        return super().select(0)


def simulated(work: Coroutine[Any, Any, Any]) -> Any:
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(work)


def now_s() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Client:
    """One request. Its body comes, and its answer is read, when the client does so."""

    app: ASGIApp
    path: str = "/v1/countries"
    method: str = "GET"
    sends: asyncio.Event = field(default_factory=asyncio.Event)
    reads: asyncio.Event = field(default_factory=asyncio.Event)
    hung_up: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def quick(cls, app: ASGIApp, path: str = "/v1/countries", method: str = "GET") -> "Client":
        client = cls(app, path, method)
        client.sends.set()
        client.reads.set()
        return client

    async def ask(self) -> int:
        state: dict[str, Any] = {"request_id": "none"}
        scope: Scope = {"type": "http", "path": self.path, "method": self.method, "headers": [], "state": state}
        bodies: Iterator[Message] = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def receive() -> Message:
            await self.sends.wait()
            message = next(bodies, None)
            if message is None:
                await self.hung_up.wait()
                return {"type": "http.disconnect"}
            return message

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status, self.headers = message["status"], dict(message["headers"])
            elif message.get("more_body"):
                await self.reads.wait()

        await self.app(scope, receive, send)
        return self.status


def working(work: Callable[[], Awaitable[Any]], *, parts: int = 1) -> ASGIApp:
    """An application that reads the body, works, and answers in parts."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "POST":
            await receive()
        await work()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for left in reversed(range(parts)):
            await send({"type": "http.response.body", "body": b"x", "more_body": left > 0})

    return application


def gated(app: ASGIApp, at_once: int = 1, most_waiting: int = 10) -> tuple[Gates, Gate]:
    answers = Gate(at_once, most_waiting, WAIT_S)
    return Gates(app, gates={ANSWERS: answers, RECORDINGS: Gate(at_once, most_waiting, WAIT_S)}), answers


async def asked(app: ASGIApp, count: int) -> list[tuple[int, float]]:
    """The status of each of several requests that come together, and when it was told."""

    async def one() -> tuple[int, float]:
        return await Client.quick(app).ask(), now_s()

    return list(await asyncio.gather(*(one() for _ in range(count))))


def test_those_who_wait_come_in_the_order_that_they_came_and_not_more_at_once_than_there_are_places():
    app, gate = gated(working(lambda: asyncio.sleep(0.1)), at_once=2)
    told = simulated(asked(app, 5))
    assert [status for status, _ in told] == [200] * 5
    assert [round(at_s, 3) for _, at_s in told] == [0.1, 0.1, 0.2, 0.2, 0.3]
    assert (gate.working, gate.waiting, gate.refused) == (0, 0, 0)


@pytest.mark.usefixtures("punctual")
def test_who_waits_as_long_as_one_may_is_answered_and_who_waits_longer_is_refused_after_a_delay():
    app, gate = gated(working(lambda: asyncio.sleep(WAIT_S - 0.001)))
    told = simulated(asked(app, 3))
    assert [(status, round(at_s, 3)) for status, at_s in told] == [
        (200, WAIT_S - 0.001),
        (200, 2 * WAIT_S - 0.002),
        (503, REFUSED_AFTER_S),
    ]
    assert (gate.working, gate.waiting, gate.refused) == (0, 0, 1)


@pytest.mark.usefixtures("punctual")
def test_one_more_than_the_queue_holds_is_refused_after_the_same_delay():
    app, gate = gated(working(lambda: asyncio.sleep(0.1)), most_waiting=2)
    told = simulated(asked(app, 4))
    assert [status for status, _ in told] == [200, 200, 200, 503]
    assert told[3][1] == pytest.approx(REFUSED_AFTER_S) and gate.refused == 1


@pytest.mark.parametrize(("came_s", "status"), [(0.76 * WAIT_S, 200), (0.74 * WAIT_S, 503)])
def test_where_others_have_waited_without_a_break_one_may_wait_for_a_quarter_as_long(came_s: float, status: int):
    """The place comes free every half of the wait, and others wait for it from the beginning on."""

    async def told() -> int:
        app, _ = gated(working(lambda: asyncio.sleep(WAIT_S / 2)))
        others = asyncio.gather(*(asked(app, 1) for _ in range(3)))
        await asyncio.sleep(came_s)
        late = await Client.quick(app).ask()
        await others
        return late

    assert simulated(told()) == status


def test_a_burst_that_ended_is_none_that_never_ends():
    async def told() -> list[int]:
        app, _ = gated(working(lambda: asyncio.sleep(0.6)))
        first = await asked(app, 2)
        await asyncio.sleep(2 * WAIT_S)
        return [status for status, _ in first + await asked(app, 2)]

    assert simulated(told()) == [200] * 4


def test_those_refused_together_are_not_told_together():
    app, _ = gated(working(lambda: asyncio.sleep(WAIT_S)), most_waiting=0)
    told_s = sorted(at_s for status, at_s in simulated(asked(app, 200)) if status == 503)
    assert 1.5 <= told_s[0] < 1.6 and 2.4 < told_s[-1] <= 2.5


def test_a_refusal_says_when_to_come_again():
    async def refused() -> Client:
        app, gate = gated(working(asyncio.Event().wait), most_waiting=0)
        gate.working = 1
        client = Client.quick(app)
        await client.ask()
        return client

    client = simulated(refused())
    assert client.status == 503
    assert client.headers[b"retry-after"] == b"2" and client.headers[b"content-type"] == b"application/problem+json"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_is_kept_for_nobody_who_hung_up(method: str):
    async def left() -> float:
        app, gate = gated(working(asyncio.Event().wait), most_waiting=0)
        gate.working = 1
        client = Client.quick(app, "/v1/determinations", method)
        client.hung_up.set()
        with pytest.raises(ClientDisconnect):
            await client.ask()
        return now_s()

    assert simulated(left()) == 0


def test_a_request_that_is_given_up_leaves_its_place_in_the_queue_or_the_one_that_it_was_just_given():
    async def given_up() -> list[int]:
        app, gate = gated(working(lambda: asyncio.sleep(0.1)))
        waiting = []
        for moment_s in (0.05, 0.1):
            first, second = asyncio.create_task(asked(app, 1)), asyncio.create_task(asked(app, 1))
            await asyncio.sleep(moment_s)
            second.cancel()
            await asyncio.gather(first, second, return_exceptions=True)
            waiting += [gate.waiting, gate.working]
        return waiting

    assert simulated(given_up()) == [0, 0, 0, 0]


def test_a_body_that_does_not_come_and_an_answer_that_nobody_reads_hold_no_place():
    async def others() -> list[int]:
        app, _ = gated(working(lambda: asyncio.sleep(0.01), parts=2))
        silent, deaf = Client(app, "/v1/determinations", "POST"), Client.quick(app)
        deaf.reads.clear()
        tasks = [asyncio.create_task(one.ask()) for one in (silent, deaf)]
        await asyncio.sleep(0.1)
        answered = await Client.quick(app).ask()
        silent.sends.set()
        silent.reads.set()
        deaf.reads.set()
        return [answered, *await asyncio.gather(*tasks)]

    assert simulated(others()) == [200, 200, 200]


def test_signs_of_life_figures_and_feeds_wait_for_no_place():
    assert [work_of(_scope(path)) for path in ("/health/ready", "/metrics", "/v1/feed", "/docs")] == [None] * 4


@pytest.mark.parametrize(
    ("method", "path", "work"),
    [
        ("GET", "/v1/events", ANSWERS),
        ("POST", "/v1/determinations", ANSWERS),
        ("GET", "/countries", ANSWERS),
        ("POST", "/v1/events", RECORDINGS),
        ("DELETE", "/v1/watches/w1", RECORDINGS),
    ],
)
def test_what_records_waits_apart_from_what_is_asked(method: str, path: str, work: str):
    assert work_of(_scope(path, method)) == work


def _scope(path: str, method: str = "GET") -> Scope:
    return {"type": "http", "path": path, "method": method}


def test_a_service_whose_places_are_taken_tells_so_and_answers_what_is_kept(sqlite_url: str, monkeypatch: Any):
    monkeypatch.setattr(gate, "REFUSED_AFTER_S", 0.0)
    with client_of(database_url=sqlite_url, max_answers_at_once=1, max_waiting_requests=0) as client:
        kept = client.get("/v1/countries").text
        monkeypatch.setattr(Gate, "entered", _full)
        assert client.get("/v1/countries").text == kept
        assert client.get("/v1/companies").status_code == 503
        assert client.post("/v1/determinations", json={}).status_code == 503
        assert client.get("/health/ready").status_code == 200
        assert 'lodestone_requests_working{work="answers"} 0.0' in client.get("/metrics").text


async def _full(_gate: Gate) -> bool:
    return False


HANDLING_S, ANSWER_S, SLICE_S = 0.0005, 0.01, 0.005
CAPACITY = 1 / (HANDLING_S + ANSWER_S)
CLIENTS, STORM_S = 400, 10.0
PAUSE_S = CLIENTS / (10 * CAPACITY)


@dataclass
class Storm:
    """Clients that ask ten times as much as one core can answer, and ask again at once when they are refused."""

    durations_s: list[float] = field(default_factory=list)
    stopped: bool = False

    def __post_init__(self) -> None:
        self._core = asyncio.Lock()
        self.app = self._handled(gated(working(self._answer), at_once=2, most_waiting=500)[0])

    async def busy(self, seconds: float) -> None:
        while seconds > 0:
            async with self._core:
                await asyncio.sleep(min(seconds, SLICE_S))
            seconds -= SLICE_S

    async def _answer(self) -> None:
        await self.busy(ANSWER_S)

    def _handled(self, app: ASGIApp) -> ASGIApp:
        async def handled(scope: Scope, receive: Receive, send: Send) -> None:
            await self.busy(HANDLING_S)
            await app(scope, receive, send)

        return handled

    async def client(self) -> None:
        while not self.stopped:
            started_s = now_s()
            if await Client.quick(self.app).ask() == 200:
                self.durations_s.append(now_s() - started_s)
                await asyncio.sleep(PAUSE_S)

    async def rage(self) -> float:
        """Answers a second."""
        tasks = [asyncio.create_task(self.client()) for _ in range(CLIENTS)]
        await asyncio.sleep(STORM_S)
        self.stopped = True
        answered = len(self.durations_s)
        await asyncio.gather(*tasks)
        return answered / STORM_S


def test_at_ten_times_capacity_four_fifths_of_it_are_answered_within_a_second():
    async def raged() -> tuple[float, float]:
        storm = Storm()
        answers = await storm.rage()
        return answers, sorted(storm.durations_s)[int(len(storm.durations_s) * 0.99)]

    answers, p99_s = simulated(raged())
    assert answers >= 0.8 * CAPACITY
    assert p99_s < 1


def test_refused_at_once_the_same_clients_would_leave_less_than_that(monkeypatch: pytest.MonkeyPatch):
    async def raged() -> float:
        return await Storm().rage()

    monkeypatch.setattr(gate, "REFUSED_AFTER_S", 0.0)
    assert simulated(raged()) < 0.8 * CAPACITY


@pytest.mark.parametrize("works", [True, False])
def test_a_request_that_has_ended_is_not_held_by_its_place(works: bool):
    """Its place leads back to it: both would stay, with what was posted, until the interpreter looks for garbage."""
    scopes: list[Scope] = []

    async def seen(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        assert gate.PLACE in scope["state"]
        if not works:
            raise Unavailable("The database is away.")
        await working(lambda: asyncio.sleep(0))(scope, receive, send)

    app, _ = gated(seen)
    assert simulated(Client.quick(app).ask()) == (200 if works else 503)
    assert gate.PLACE not in scopes[0]["state"]
