"""Entity tags: when an answer is the same, and when it is another."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from httpx2 import Response

from service.api.http import media
from service.api.http.register import SETTLING
from service.domain.event import ProposedEvent
from tests.api.conftest import ON_BOTH, Filled, Golden, client_of
from tests.api.routes import reads
from tests.client import TestClient

LICENSE = "/v1/licenses/cn-in-magnets-2025-10"
STATUS = "/v1/countries/IN/status?commodity=rare_earth_magnets"


@pytest.fixture
def granted(client: TestClient, golden: Golden) -> TestClient:
    for type_ in ("restriction.announced", "license.granted"):
        assert client.post("/v1/events", json=golden(type_)).status_code == 201
    return client


def note(client: TestClient, text: str = "seen", about: str = "company/nobody") -> dict[str, Any]:
    data = {"kind": "other", "text": text, "about": [about]}
    body = {"stream": "note/a", "type": "note.recorded", "data": data, "source": {"tier": "press_named"}}
    event: dict[str, Any] = client.post("/v1/events", json=body).json()["events"][0]
    return event


def revoke(client: TestClient, golden: Golden) -> None:
    event = golden("license.revoked") | {"stream": "license/cn-in-magnets-2025-10"}
    event.pop("expected_version", None)
    assert client.post("/v1/events", json=event).status_code == 201


def again(client: TestClient, path: str, held: Response) -> Response:
    return client.get(path, headers={"If-None-Match": held.headers["etag"]})


@pytest.mark.parametrize("path", [LICENSE, "/v1/licenses", STATUS, f"{LICENSE}/history"])
@ON_BOTH
def test_an_event_about_something_else_changes_no_tag_and_one_about_the_thing_does(
    granted: TestClient, golden: Golden, path: str
):
    first = granted.get(path)
    note(granted)
    unchanged = again(granted, path, first)
    assert unchanged.status_code == 304
    assert int(unchanged.headers["position"]) == int(first.headers["position"]) + 1
    revoke(granted, golden)
    changed = again(granted, path, first)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


def test_an_answer_for_the_head_is_tagged_weakly_and_one_of_a_closed_past_strongly(granted: TestClient):
    for path in (LICENSE, "/v1/licenses", STATUS, "/v1/calendar", "/v1/conflicts"):
        join = "&" if "?" in path else "?"
        assert granted.get(path).headers["etag"].startswith('W/"'), path
        past = granted.get(f"{path}{join}known_at=2")
        assert past.headers["etag"].startswith('"'), path
        note(granted)
        same = again(granted, f"{path}{join}known_at=2", past)
        assert same.status_code == 304
        assert granted.get(f"{path}{join}known_at=2").content == past.content


@pytest.mark.parametrize("media_type", [media.JSON, media.NDJSON, media.CSV])
def test_an_answer_for_today_has_another_tag_tomorrow(granted: TestClient, media_type: str):
    paths = [LICENSE, "/v1/licenses", STATUS, "/v1/calendar"] if media_type == media.JSON else ["/v1/licenses"]
    accept = {"Accept": media_type}
    with time_machine.travel("2025-11-01T12:00:00Z", tick=False) as clock:
        tags = {path: granted.get(path, headers=accept).headers["etag"] for path in paths}
        clock.shift(timedelta(hours=11))
        for path in paths:
            assert granted.get(path, headers=accept | {"If-None-Match": tags[path]}).status_code == 304, path
        clock.shift(timedelta(hours=2))
        for path in paths:
            assert granted.get(path, headers=accept | {"If-None-Match": tags[path]}).status_code == 200, path


def test_an_answer_for_a_stated_day_keeps_its_tag_from_day_to_day(granted: TestClient):
    with time_machine.travel("2025-11-01T12:00:00Z", tick=False) as clock:
        held = granted.get(f"{LICENSE}?as_of=2025-10-31")
        clock.shift(timedelta(days=3))
        assert again(granted, f"{LICENSE}?as_of=2025-10-31", held).status_code == 304


def test_each_media_type_has_a_tag_of_its_own(filled: Filled):
    for route in reads():
        offered = media.offers(route.declared) if route.of_the_api else ()
        tags = [filled.request(route, headers={"Accept": offer}).headers["etag"] for offer in offered]
        assert len({tag.removeprefix("W/") for tag in tags}) == len(offered), route


@ON_BOTH
def test_a_removed_payload_is_gone_for_whoever_asks_again_even_about_a_closed_past(client: TestClient):
    event = note(client, "Somebody's name")
    paths = [f"/v1/events/{event['id']}", "/v1/events", "/v1/notes/a?known_at=1&as_of=2025-01-01"]
    held = {path: client.get(path) for path in paths}
    redaction = ProposedEvent(
        id=None,
        stream=event["stream"],
        type="record.redacted",
        schema_version=1,
        effective=None,
        data={"event": event["id"], "reason": "personal data"},
        source={"tier": "holder"},
        metadata={},
        refers_to=event["id"],
        redacts=True,
    )
    client.app.state.register.log.append([redaction], "admin")  # type: ignore[attr-defined]
    for path, before in held.items():
        assert "Somebody" in before.text
        after = again(client, path, before)
        assert after.status_code in (200, 404), path
        assert "Somebody" not in after.text


def test_an_instant_that_is_not_past_yet_is_not_kept(granted: TestClient):
    with time_machine.travel("2030-01-01T12:00:00Z", tick=False) as clock:
        path = f"{LICENSE}?known_at=2030-01-01T12:00:00Z"
        opened = granted.get(path)
        assert opened.json()["id"]
        assert opened.headers["cache-control"] == "no-store"
        assert "etag" not in opened.headers
        clock.shift(SETTLING + timedelta(seconds=1))
        assert granted.get(path).headers["cache-control"] == "no-cache"


def test_what_was_written_is_read_with_the_position_that_the_write_gave(client: TestClient):
    for number in range(1, 4):
        written = client.post(
            "/v1/events",
            json={
                "stream": f"note/n-{number}",
                "type": "note.recorded",
                "data": {"kind": "other", "text": "x"},
                "source": {"tier": "press_named"},
            },
        )
        assert written.headers["position"] == str(number)
        read = client.get(f"/v1/notes/n-{number}", headers={"Min-Position": written.headers["position"]})
        assert read.status_code == 200
        assert read.headers["position"] == str(number)
    past = client.get("/v1/notes/n-1?known_at=1")
    assert past.json()["position"] == 1
    assert past.headers["position"] == "3"


@ON_BOTH
def test_a_write_by_another_process_is_waited_for(client: TestClient, database_url: str):
    """Whoever has written last is not who is asked: the one asked has to look."""
    with client_of(database_url=database_url) as other:
        assert client.get("/v1/events").headers["position"] == "0"
        note(other)
        assert client.get("/nowhere").headers["position"] == "0"
        assert client.get("/v1/notes/a", headers={"Min-Position": "1"}).status_code == 200
        assert client.get("/nowhere").headers["position"] == "1"
