"""How many requests are worked on at once, how many wait for that, and what becomes of the rest.

A process that begins more than it can finish finishes all of it late. So costly work waits for a place, for a short
time and in a short queue; what gets none is refused. A burst may wait for longer than what comes where the queue never
ends: there everybody would wait for as long as one may. It is refused after a delay: who sends the same again at once
would otherwise keep the process busy with refusals alone.
"""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from random import uniform

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service import keys
from service.api.http import problems
from service.api.http.access import open_to_all, scope_needed
from service.errors import Unavailable

REFUSED_AFTER_S = 2.0
"""About how long after it came a request is refused. A refusal costs about half a millisecond, so a thousand clients
that send again at once leave three quarters of the process to the others."""
SPREAD = 0.25
"""The part of that by which it is sooner or later: those refused together do not all come again together, and leave the
process idle in between."""
WITHOUT_END = 0.25
"""The part of the longest wait that is left once the queue was not empty for as long as that."""
NEVER_KEPT_WAITING = ("/v1/feed", "/metrics")
"""Long answers with a bound of their own, and what has to be seen while there is too much to do."""
ANSWERS, RECORDINGS = "answers", "recordings"
WITH_A_BODY = ("POST", "PUT", "PATCH")
PLACE = "place"


class Gate:
    """Places for one kind of work, given in the order that they were asked for. Of one event loop."""

    def __init__(self, at_once: int, most_waiting: int, wait_s: float) -> None:
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._wait_s = wait_s
        self._queue = deque[tuple[asyncio.Future[bool], float]]()
        self._waited_for_s = 0.0
        self.working = 0
        self.refused = 0

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def entered(self) -> bool:
        """Whether a place came free in time. It is to be left again."""
        if self.working < self._at_once and not self._queue:
            self.working += 1
            return True
        if self.waiting < self._most_waiting and await self._given():
            return True
        self.refused += 1
        return False

    def leave(self) -> None:
        """Hands the place to the next who waits."""
        self.working -= 1
        now_s = asyncio.get_running_loop().time()
        without_end = now_s - self._waited_for_s >= self._wait_s
        most_s = self._wait_s * (WITHOUT_END if without_end else 1)
        while self._queue and self.working < self._at_once:
            place, came_s = self._queue.popleft()
            if not place.done():
                timely = now_s - came_s <= most_s
                self.working += timely
                place.set_result(timely)

    def back(self) -> None:
        """Takes a place that was left for a while, at once: what was begun is not kept waiting by what was not."""
        self.working += 1

    async def _given(self) -> bool:
        loop = asyncio.get_running_loop()
        place: asyncio.Future[bool] = loop.create_future()
        waiting = place, loop.time()
        if not self._queue:
            self._waited_for_s = loop.time()
        self._queue.append(waiting)
        late = loop.call_later(self._wait_s, self._give_up, waiting)
        try:
            return await place
        except asyncio.CancelledError:
            if waiting in self._queue:
                self._queue.remove(waiting)
            elif not place.cancelled() and place.result():
                # Given in the same moment, and nobody is there to take it.
                self.leave()
            raise
        finally:
            late.cancel()

    def _give_up(self, waiting: "tuple[asyncio.Future[bool], float]") -> None:
        place, _ = waiting
        if not place.done():
            self._queue.remove(waiting)
            place.set_result(False)


class Place:
    """What one request holds of a gate: nothing before its body is there, and nothing while its client reads."""

    def __init__(self, gate: Gate, receive: Receive, send: Send) -> None:
        self._gate = gate
        self._receive = receive
        self._send = send
        self._held = False
        self._came_s = asyncio.get_running_loop().time()

    async def enter(self) -> None:
        """Raises Unavailable where no place came free in time, ClientDisconnect where nobody waits to be told so."""
        if self._held or await self._gate.entered():
            self._held = True
            return
        after_s = REFUSED_AFTER_S * uniform(1 - SPREAD, 1 + SPREAD)
        left_s = self._came_s + after_s - asyncio.get_running_loop().time()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hung_up(), left_s)
            raise ClientDisconnect
        busy = Unavailable("The service has too much to do. Send the request again later.")
        busy.retry_after_s = round(REFUSED_AFTER_S)
        raise busy

    def leave(self) -> None:
        if self._held:
            self._held = False
            self._gate.leave()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Others work meanwhile."""
        held = self._held
        self.leave()
        try:
            yield
        finally:
            if held:
                self._gate.back()
                self._held = True

    async def receiving(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            await self.enter()
        return message

    async def sending(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._send(message)
        elif message.get("more_body", False):
            with self.aside():
                await self._send(message)
        else:
            self.leave()
            await self._send(message)

    async def _hung_up(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass


class Gates:
    """Plain ASGI middleware, next to the routes: what is answered from what is kept does not come so far."""

    def __init__(self, app: ASGIApp, *, gates: Mapping[str, Gate]) -> None:
        self._app = app
        self._gates = gates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        work = work_of(scope) if scope["type"] == "http" else None
        if work is None:
            await self._app(scope, receive, send)
            return
        place = scope["state"][PLACE] = Place(self._gates[work], receive, send)
        try:
            if scope["method"] not in WITH_A_BODY:
                await place.enter()
            await self._app(scope, place.receiving, place.sending)
        except Unavailable as busy:
            await problems.told(scope, busy)(scope, receive, send)
        finally:
            place.leave()
            # It leads back to what leads to it: neither would go before the interpreter looks for garbage.
            del scope["state"][PLACE]


def work_of(scope: Scope) -> str | None:
    """The kind of work that a request asks for; None for what is never kept waiting."""
    path = scope["path"]
    if open_to_all(path) or path in NEVER_KEPT_WAITING:
        return None
    return RECORDINGS if scope_needed(scope["method"], path) is keys.Scope.WRITE else ANSWERS


def aside(scope: Scope) -> AbstractContextManager[None]:
    """Lets others work while a request waits for something."""
    place: Place | None = scope["state"].get(PLACE)
    return place.aside() if place else nullcontext()
