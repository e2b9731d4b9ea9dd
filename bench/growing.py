"""What a read costs, of the process that answers it: the same reads of a small register and of a large one."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from bench.measure import Spent
from service.app import create_app
from service.projections.kept import kept_of
from service.settings import Settings

DAY = "2026-03-01"
READS: Mapping[str, str] = {
    "company status by goods": f"/v1/companies/jay-ushin/status?commodity=rare_earth_magnets&as_of={DAY}",
    "company status": f"/v1/companies/jay-ushin/status?as_of={DAY}",
    "country status by goods, one controller": (
        f"/v1/countries/IN/status?commodity=rare_earth_magnets&controller=CN&as_of={DAY}"
    ),
    "country status by goods": f"/v1/countries/IN/status?commodity=rare_earth_magnets&as_of={DAY}",
    "calendar": "/v1/calendar?from=2026-03-01",
    "calendar of a country": "/v1/calendar?from=2026-03-01&country=NL",
    "conflicts": "/v1/conflicts",
    "company search": "/v1/companies?q=Jay%20Ushin&limit=10",
    "company by number": "/v1/companies?identifier=lei:213800WSGIIZCXF1P572",
    "licenses": "/v1/licenses?limit=50",
    "restrictions of a country": "/v1/restrictions?country=US&limit=50",
    "events": "/v1/events?limit=50",
}
"""Each has the same answer, or as long a page, however many events of others there are."""
QUESTIONS: Mapping[str, Mapping[str, Any]] = {
    "determination by code and company": {
        "controller": "CN",
        "destination": "IN",
        "commodity": {"hs": "850511"},
        "end_user": {"company": "company/jay-ushin"},
    },
    "determination by name": {"destination": "IN", "commodity": {"name": "rare_earth_magnets"}},
}


def reads_of(url: str, folder: Path, rounds: int) -> dict[str, list[Spent]]:
    """Each read anew so often, with nothing kept of answers, in CPU of this process; once before that, when names are
    looked up for the first time. None of a read that takes more than an answer may."""
    settings = Settings(database_url=url, signing_key_file=folder / "no-key", connection_timeout_s=600)
    with TestClient(create_app(settings)) as client:
        asked: dict[str, Callable[[], Any]] = {name: _get(client, path) for name, path in READS.items()}
        asked |= {name: _post(client, question) for name, question in QUESTIONS.items()}
        for read in asked.values():
            read()
        found = {name: [_cpu(client, read) for _ in range(rounds)] for name, read in asked.items()}
        return {name: [Spent(us) for us in spent if us is not None] for name, spent in found.items()}


def _get(client: TestClient, path: str) -> Callable[[], Any]:
    return lambda: client.get(path)


def _post(client: TestClient, question: Mapping[str, Any]) -> Callable[[], Any]:
    return lambda: client.post("/v1/determinations", json=question | {"as_of": DAY})


def _cpu(client: TestClient, read: Callable[[], Any]) -> float | None:
    kept_of(client.app.state.register.engine).clear()  # type: ignore[attr-defined]
    started = time.process_time()
    answer = read()
    spent_us = (time.process_time() - started) * 1e6
    return spent_us if answer.status_code == 200 else None
