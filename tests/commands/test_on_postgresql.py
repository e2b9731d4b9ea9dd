"""On PostgreSQL the commands say what the service over the same database answers, and keep what they were given."""

import json
from collections.abc import Iterator

import pytest

from service.app import create_app
from service.settings import Settings
from tests.client import TestClient
from tests.commands.conftest import DAY, Run, runner
from tests.conftest import load_seeds

QUESTION = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}, "as_of": DAY}
COMPANIES = [
    {
        "stream": f"company/{slug}",
        "type": "company.registered",
        "data": {"name": f"Some {slug}", "country": "IN"},
        "source": {"tier": "holder"},
    }
    for slug in ("a", "b")
]


@pytest.fixture
def article(postgresql_url: str) -> str:
    load_seeds(postgresql_url, "article")
    return postgresql_url


@pytest.fixture
def lodestone(article: str) -> Run:
    return runner(LODESTONE_DATABASE_URL=article)


@pytest.fixture
def api(article: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=article))) as client:
        yield client


def test_what_is_read_is_what_the_api_answers(lodestone: Run, api: TestClient):
    """A day and a position are stated, so that both answer the same."""
    for command, path in (
        (["status", "IN", "--as-of", DAY, "--known-at", "15"], f"/v1/countries/IN/status?as_of={DAY}&known_at=15"),
        (["calendar", "--from", DAY, "--known-at", "15"], f"/v1/calendar?from={DAY}&known_at=15"),
        (["events", "--country", "US"], "/v1/events?country=US"),
        (["events", "--after", "3", "--limit", "2"], "/v1/events?after=3&limit=2"),
    ):
        printed = lodestone(*command, "--json")
        assert printed.stdout_bytes == api.get(path).content + b"\n", command
    asked = json.dumps({**QUESTION, "known_at": 12})
    answered = api.post("/v1/determinations", content=asked, headers={"Content-Type": "application/json"})
    assert lodestone("ask", "-", "--json", stdin=asked).stdout_bytes == answered.content + b"\n"


def test_a_batch_is_recorded_once_and_a_refused_one_leaves_nothing(lodestone: Run):
    refused = lodestone("post", "-", stdin=json.dumps([COMPANIES[0], {**COMPANIES[1], "type": "company.renamed"}]))
    assert refused.exit_code == 1
    posted, again = (lodestone("post", "-", stdin=json.dumps(COMPANIES)) for _ in range(2))
    assert "2 events are recorded, up to log position 17." in posted.stderr
    assert "nothing is new" in again.stderr
    assert lodestone("verify").stdout.startswith("Verified: 17 events")


def test_a_key_is_made_listed_and_revoked(lodestone: Run):
    key = lodestone("keys", "create", "--name", "a", "--scope", "read").stdout.strip()
    assert "read\tvalid" in lodestone("keys", "list").stdout
    assert lodestone("keys", "revoke", key[4:12]).exit_code == 0
    assert "revoked" in lodestone("keys", "list").stdout
