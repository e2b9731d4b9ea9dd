"""How every page is made: one template environment, one set of headers, and a page for each refusal."""

from collections.abc import Callable, Coroutine
from functools import cache, partial
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined

from service import __version__
from service.api.http import problems
from service.console import saved, waiting, words
from service.console.addresses import address, api_of, page_of
from service.console.asked import more_open
from service.domain.countries import name_of, names
from service.errors import FieldError, Forbidden, InvalidRequest, LodestoneError
from service.register.shapes import NOTICE
from service.register.titles import some_day

POLICY = (
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; script-src 'self'; "
    "connect-src 'self'; img-src 'self'; style-src 'self'"
)
"""Everything comes from this service; nothing stands in the page itself: no script, no style."""
OK = 200
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-cache", "Vary": "Cookie"}


@cache
def environment() -> Environment:
    made = Environment(
        loader=PackageLoader("service.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"said": words.said, "day": words.day, "country": name_of, "page_of": page_of, "api_of": api_of}
    made.globals |= {
        "address": address,
        "asked_as": words.ASKED,
        "country_names": names,
        "more_open": more_open,
        "notice": NOTICE,
        "signs": words.SIGNS,
        "tiers": words.TIERS,
        "some_day": some_day,
        "version": __version__,
    }
    return made


def page(request: Request, template: str, status: int = OK, **shown: Any) -> HTMLResponse:
    """A template as a response.

    `here` is the page's own path, by which the navigation marks it; `saved_as` where a table or a picture of it is as a
    file, which only a page has that is an address.
    """
    path, query = request.url.path, request.query_params
    saved_as = partial(saved.place, path, query) if request.method == "GET" and status == OK else None
    made = environment().get_template(template).render(here=path, saved_as=saved_as, **shown)
    return HTMLResponse(made, status, HEADERS)


def refusal(request: Request, error: LodestoneError) -> Response:
    """A refusal as a page: what was asked, and what is true."""
    headers = dict(problems.of(error).headers)
    made = page(request, "refusal.html", error.status, error=error, key_helps=isinstance(error, Forbidden))
    for name in ("retry-after", "www-authenticate"):
        if name in headers:
            made.headers[name] = headers[name]
    return made


class PageRoute(APIRoute):
    """A route whose refusals are pages too, and whose tables and pictures are files."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handling(request: Request) -> Response:
            file = saved.asked(request)
            made = answered(request, file)
            if file or not waiting.may_wait(request):
                return await made
            return await waiting.begun(made, lambda: page(request, "waiting.html"))

        async def answered(request: Request, file: str | None) -> Response:
            try:
                answer = await handle(request)
                return saved.cut(request, answer, file) if file and answer.status_code == OK else answer
            except LodestoneError as error:
                return refusal(request, error)
            except RequestValidationError as error:
                faults = [FieldError(str(one["loc"][-1]), str(one["msg"])) for one in error.errors()]
                return refusal(request, InvalidRequest("A parameter cannot be read.", faults[:20]))

        return handling
