"""Routes that are asked often: a request that sends none of their parameters is answered without the framework, which
takes longer to find a route, and to resolve what it takes, than most answers take.

They are found by method and path in one look-up. With a query, or with any header that the route reads, the framework
resolves the request as ever.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, get_args

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from service.api.http import problems
from service.api.http.exchange import exchange_of
from service.api.http.media import offers, preferred
from service.api.http.parameters import Nothing
from service.api.http.register import Here, register_of
from service.api.http.sent_headers import SentHeaders
from service.errors import LodestoneError

OF_EVERY_ROUTE = frozenset({b"min-position"})


class Direct(APIRoute):
    """A route that may be answered so: its endpoint is asynchronous, and takes the request, the register, no query, and
    headers that may be left out. Any other of this class is answered as ever."""

    @property
    def takes_nothing(self) -> bool:
        """Whether a request need not send anything that the endpoint takes."""
        parameters = inspect.signature(self.endpoint).parameters.values()
        return inspect.iscoroutinefunction(self.endpoint) and all(map(_may_be_left_out, parameters))


class _Straight:
    """What a direct route's endpoint is called with."""

    def __init__(self, route: Direct) -> None:
        parameters = inspect.signature(route.endpoint).parameters.values()
        self.route = route
        self._offered = offers(route)
        self.headers = OF_EVERY_ROUTE | {field.alias.encode() for field in route.dependant.header_params}
        self._endpoint: Callable[..., Awaitable[Response]] = route.endpoint
        self._left_out = {one.name: Nothing() if _is_no_query(one) else one.default for one in parameters}
        self._requests = [one.name for one in parameters if one.annotation is Request]
        self._registers = [one.name for one in parameters if one.annotation is Here]

    async def answer(self, request: Request) -> Response:
        exchange = exchange_of(request)
        exchange.media_type = preferred(exchange.sent.every(b"accept"), self._offered)
        given: dict[str, Any] = self._left_out | dict.fromkeys(self._requests, request)
        if self._registers:
            given |= dict.fromkeys(self._registers, await register_of(request))
        return await self._endpoint(**given)


class Straight:
    """Plain ASGI middleware, in front of the framework's routers."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        direct = [route for route in routes if isinstance(route, Direct) and route.takes_nothing]
        self._routes = {(method, one.path): _Straight(one) for one in direct for method in one.methods or ()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._routes.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is None or scope["query_string"] or not found.headers.isdisjoint(_sent(scope).names):
            await self._app(scope, receive, send)
            return
        scope["route"] = found.route
        try:
            response = await found.answer(Request(scope, receive, send))
        except LodestoneError as refused:
            response = problems.told(scope, refused)
        await response(scope, receive, send)


def _sent(scope: Scope) -> SentHeaders:
    sent: SentHeaders = scope["state"]["exchange"].sent
    return sent


def _may_be_left_out(parameter: inspect.Parameter) -> bool:
    stated = parameter.default is not inspect.Parameter.empty
    return stated or _is_no_query(parameter) or parameter.annotation in (Request, Here)


def _is_no_query(parameter: inspect.Parameter) -> bool:
    return Nothing in get_args(parameter.annotation)
