"""A client of a whole service over a database of its own, and what every refusal has to be."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from service.app import create_app
from service.commands.keys import key_made
from service.settings import Settings
from tests.api.routes import BEGINNINGS, WATCH, Route
from tests.client import TestClient
from tests.conftest import postgresql_copy, sqlite_copy

GOLDEN = Path(__file__).parents[1] / "golden"
Golden = Callable[[str], dict[str, Any]]
# What a client sends where it must not come back. It looks like nothing that the service says by itself.
MARK = "zyxwMARKzyxw"
# What no database says: it breaks in the service itself, where the head is read.
HEAD_THAT_NOBODY_FORESAW = "ALTER TABLE head ALTER COLUMN peaks TYPE bigint USING 1"
# The problem types whose page has been looked at.
EXPLAINED: set[str] = set()


# For what the database has a part in. All else is asked of SQLite alone.
ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
FILLED_ON_BOTH = pytest.mark.parametrize("filled", ["sqlite", "postgresql"], indirect=True)


def client_of(**settings: Any) -> TestClient:
    """A client that sees what any client sees: an error inside the service is its 500."""
    return TestClient(create_app(Settings(**settings)), raise_server_exceptions=False)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty, migrated database of the test's own: SQLite, and PostgreSQL too where the test is marked ON_BOTH."""
    return str(request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url"))


@pytest.fixture
def client(database_url: str) -> Iterator[TestClient]:
    """A client of a register of the test's own."""
    with client_of(database_url=database_url) as client:
        yield client


@pytest.fixture(scope="session")
def shared(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a register that many tests share, since nothing that they send may be stored. It begins empty."""
    folder = tmp_path_factory.mktemp("shared")
    with client_of(database_url=sqlite_copy(sqlite_template, folder), signing_key_file=folder / "none") as client:
        yield client


@pytest.fixture
def golden() -> Callable[[str], dict[str, Any]]:
    """The realistic event of a type, fresh for each call."""

    def event(type_: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((GOLDEN / f"{type_}.json").read_text())
        return found

    return event


@dataclass
class Watch:
    """Knows what a register held before, and checks that a refusal is a problem which changed nothing of it."""

    client: TestClient
    before: tuple[str, Any]

    def refused(self, response: Response, status: int, pointer: str | None = None) -> dict[str, Any]:
        """The problem. `pointer` has to be among those named; None asks for none."""
        assert response.status_code == status, response.text
        assert response.headers["content-type"] == "application/problem+json"
        problem: dict[str, Any] = response.json()
        assert set(problem) == {"type", "title", "status", "detail", "errors"}
        assert problem["status"] == status
        assert problem["title"] and problem["detail"]
        assert all(set(error) == {"pointer", "detail"} and error["detail"] for error in problem["errors"])
        # Words of the service's own, and not those of a library, which show the pattern that a text does not match.
        assert not [error for error in problem["errors"] if re.search(r"\bshould\b|\^.*\$", error["detail"])], problem
        if pointer is not None:
            assert pointer in [error["pointer"] for error in problem["errors"]], problem
        if problem["type"] not in EXPLAINED:
            page = self.client.get(problem["type"])
            assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert problem["title"] in unescape(page.text)
            EXPLAINED.add(problem["type"])
        assert MARK not in response.text
        assert recorded(self.client) == self.before
        return problem


def recorded(client: TestClient) -> tuple[str, Any]:
    page = client.get("/v1/events", params={"limit": 1000})
    assert page.status_code == 200, page.text
    return page.headers["position"], page.json()["events"]


@pytest.fixture
def watch(shared: TestClient) -> Watch:
    return Watch(shared, recorded(shared))


@dataclass(frozen=True)
class Filled:
    """A register that holds one event of each noun, and that many tests share: nothing is stored in it."""

    client: TestClient
    events: dict[str, dict[str, Any]]

    def path(self, route: Route) -> str:
        return route.path(self.events)

    def request(self, route: Route, method: str | None = None, **asked: Any) -> Response:
        """`method` may be another than the route's own: then the path is one at which that method stores nothing."""
        method = method or route.method
        return self.client.request(method, self.path(replace(route, method=method)), follow_redirects=False, **asked)


@contextmanager
def _database(request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    if getattr(request, "param", "sqlite") == "sqlite":
        yield sqlite_copy(request.getfixturevalue("sqlite_template"), folder)
        return
    server, admin, template = (
        request.getfixturevalue(f"postgresql_{name}") for name in ("server", "admin", "template")
    )
    with postgresql_copy(server, admin, template) as url:
        yield url


@pytest.fixture(scope="session")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """On SQLite, and on PostgreSQL too where a test is marked FILLED_ON_BOTH."""
    events = {noun: json.loads((GOLDEN / f"{type_}.json").read_text()) for noun, type_ in BEGINNINGS.items()}
    key = tmp_path_factory.mktemp("signing") / "key"
    key_made(key, "example.org/log")
    folder = tmp_path_factory.mktemp("filled")
    with _database(request, folder) as url, client_of(database_url=url, signing_key_file=key) as client:
        answer = client.post("/v1/events", json={"events": list(events.values())})
        assert answer.status_code == 201, answer.text
        assert client.post("/v1/watches", json=WATCH).status_code == 201
        yield Filled(client, events)
