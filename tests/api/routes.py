"""Every route of the service, with a request to it that succeeds on a register that holds the golden events."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from service.app import create_app
from service.console.addresses import PLURALS
from service.settings import Settings

BEGINNINGS = {
    "restrictions": "restriction.announced",
    "licenses": "license.granted",
    "milestones": "milestone.recorded",
    "companies": "company.registered",
    "notes": "note.recorded",
    "commodities": "commodity.defined",
    "groups": "group.defined",
}
QUESTION = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}}
WATCH: dict[str, Any] = {"id": "magnets", "ask": {"determination": QUESTION}, "webhook": {"url": "https://127.0.0.1/"}}
PATHS = {
    "/v1/schemas/{type}/{version}": "/v1/schemas/license.granted/1",
    "/v1/countries/{code}/status": "/v1/countries/IN/status",
    "/v1/log/proof/inclusion": "/v1/log/proof/inclusion?position=1",
    "/v1/log/proof/consistency": "/v1/log/proof/consistency?old_size=1",
    "/v1/log/tile/{path:path}": f"/v1/log/tile/0/000.p/{len(BEGINNINGS)}",
    "/problems/{name}": "/problems/not-found",
    "/docs/assets": "/docs/assets/swagger-ui.css",
}
ASKED = "goods=rare_earth_magnets&from=CN&to=IN"
PAGES = {
    "/answer": f"/answer?{ASKED}",
    "/compare": f"/compare?{ASKED}&then_on=2020-01-01",
    "/country/{code}": "/country/IN",
    "/events/since": "/events/since?after=1",
    "/goods/{name}": "/goods/rare_earth_magnets",
    "/record/new/{name}": "/record/new/note",
    "/record/things": "/record/things?noun=note&thing=china",
    "/static": "/static/console.css",
    "/watch/{id}": f"/watch/{WATCH['id']}",
    # The one that is shared stays.
    "/watch/{id}/remove": "/watch/nobody/remove",
}


ENDLESS = ("/v1/feed",)
"""What answers for as long as the client listens, which a test of every route cannot; see tests/feeds."""


@dataclass(frozen=True)
class Route:
    """A route by its method and template. A mount, and what FastAPI adds by itself, declare no answer."""

    method: str
    template: str
    declared: Any

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def of_the_api(self) -> bool:
        return self.template.startswith("/v1/")

    @property
    def of_the_console(self) -> bool:
        """Whether it is a page for people, or a part of one.

        Pages keep every convention that holds for all answers. They are HTML, refuse in HTML, and are private to the
        browser that asked; what they say is tested in tests/console.
        """
        return getattr(self.declared.endpoint, "__module__", "").startswith("service.console.")

    def path(self, golden: dict[str, dict[str, Any]]) -> str:
        """A path that leads to something. Raises KeyError for a template that nobody has thought of here."""
        known = PATHS | PAGES
        if self.template in known or "{" not in self.template:
            return known.get(self.template, self.template)
        if self.of_the_console:
            return self._page(golden)
        noun = self.template.removeprefix("/v1/").partition("/")[0]
        if noun == "watches":
            # The one that is shared stays.
            return self.template.replace("{id}", "nobody" if self.method == "DELETE" else WATCH["id"])
        if noun in ("events", "log"):
            return self.template.replace("{id}", golden["notes"]["id"])
        return self.template.replace("{id}", golden[noun]["stream"].partition("/")[2])

    def _page(self, golden: dict[str, dict[str, Any]]) -> str:
        event = golden["notes"]["id"]
        known = {"/event/{id}": f"/event/{event}", "/record/{verb}/{event}": f"/record/correct/{event}"}
        if self.template in known:
            return known[self.template]
        noun = self.template.removeprefix("/").partition("/")[0]
        return self.template.replace("{slug}", golden[PLURALS[noun]]["stream"].partition("/")[2])


def routes_of(app: FastAPI) -> list[Route]:
    found = {
        (method, str(route.path)): route
        for route in iter_route_contexts(app.routes)
        for method in (route.methods or {"GET"}) - {"HEAD"}
        if hasattr(route, "path") and route.path not in ENDLESS
    }
    return [Route(method, path, declared) for (method, path), declared in sorted(found.items(), key=lambda one: one[0])]


@cache
def every_route() -> list[Route]:
    return routes_of(create_app(Settings()))


def reads() -> list[Route]:
    """Those that are asked by GET."""
    return [route for route in every_route() if route.method == "GET"]
