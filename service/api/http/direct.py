"""Routes that are asked often: a request that sends none of their parameters is answered without a look for any."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, get_args

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.api.http.media import acceptable
from service.api.http.parameters import Nothing
from service.api.http.register import Here, register_of

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
OF_EVERY_ROUTE = frozenset({b"min-position"})


class Direct(APIRoute):
    """The framework resolves the parameters of a request, which takes it longer than most else, only where it has some.

    So it is for asynchronous endpoints that take the request, the register, no query, and headers that may be left
    out. Any other is answered as ever.
    """

    def get_route_handler(self) -> Handler:
        whole = super().get_route_handler()
        parameters = inspect.signature(self.endpoint).parameters.values()
        if not inspect.iscoroutinefunction(self.endpoint) or not all(_may_be_left_out(one) for one in parameters):
            return whole
        headers = OF_EVERY_ROUTE | {field.alias.encode() for field in self.dependant.header_params}
        left_out = {one.name: Nothing() if _is_no_query(one) else one.default for one in parameters}
        requests = [one.name for one in parameters if one.annotation is Request]
        registers = [one.name for one in parameters if one.annotation is Here]

        async def answered(request: Request) -> Response:
            if request.scope["query_string"] or any(name in headers for name, _ in request.scope["headers"]):
                return await whole(request)
            await acceptable(request)
            given = left_out | dict.fromkeys(requests, request)
            if registers:
                given |= dict.fromkeys(registers, await register_of(request))
            response: Response = await self.endpoint(**given)
            return response

        return answered


def _may_be_left_out(parameter: inspect.Parameter) -> bool:
    stated = parameter.default is not inspect.Parameter.empty
    return stated or _is_no_query(parameter) or parameter.annotation in (Request, Here)


def _is_no_query(parameter: inspect.Parameter) -> bool:
    return Nothing in get_args(parameter.annotation)
