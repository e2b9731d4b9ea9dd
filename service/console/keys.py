"""Where a register needs an access key, a form takes one and keeps it in a cookie that only this service gets."""

from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.types import ASGIApp, Scope

from service.api.http import problems
from service.api.http.access import COOKIE, wants_pages
from service.api.http.keyring import Keyring, find
from service.api.http.register import Here
from service.console.forms import fields_of
from service.console.pages import PageRoute, page
from service.errors import LodestoneError, Unauthorized

router = APIRouter(route_class=PageRoute, include_in_schema=False)
KEPT_S = 12 * 3600
"""A working day: after it the key is asked for again."""


def of_pages(scope: Scope, error: LodestoneError) -> ASGIApp:
    """A browser that lacks a key is shown where to give one; everybody else is answered as the API answers."""
    if isinstance(error, Unauthorized) and scope["method"] == "GET" and wants_pages(scope):
        asked = scope["path"] + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        return RedirectResponse(f"/key?next={quote(asked, safe='')}", 303)
    return problems.told(scope, error)


def _own_path(text: str) -> str:
    """A path of this service; the home page for anything else."""
    parts = urlsplit(text)
    own = text.startswith("/") and not text.startswith(("//", "/\\")) and not parts.netloc and text.isprintable()
    return text if own else "/"


@router.get("/key")
def ask_for_key(request: Request, next: Annotated[str, Query(max_length=4_000)] = "/") -> Response:  # noqa: A002
    return page(request, "key.html", following=_own_path(next), unknown=False)


@router.post("/key")
async def take_key(request: Request, register: Here) -> Response:
    """Keeps a key that this register knows. An empty one is forgotten."""
    sent = await fields_of(request, register)
    following, key = _own_path(sent.get("next", "/")), sent.get("key", "")
    ring: Keyring = request.app.state.keyring
    if key and find(await ring.keys(), key.encode()) is None:
        return page(request, "key.html", 401, following=following, unknown=True)
    answer = RedirectResponse(following, 303)
    secure = request.url.scheme == "https"
    if key:
        answer.set_cookie(COOKIE, key, max_age=KEPT_S, httponly=True, samesite="strict", secure=secure)
    else:
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=secure)
    return answer
