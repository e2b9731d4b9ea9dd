"""Redaction: what an event said is gone everywhere, and every proof still holds."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from service.api.http.register import Register
from service.app import create_app
from service.errors import Conflict, NotFound
from service.log.database import reading
from service.log.verify import verify
from service.projections.rebuild import rebuild
from service.redaction import redact
from service.settings import Settings
from tests.client import TestClient

SECRET = "Xaver Geheim"


@pytest.fixture
def client(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=database_url, signing_key_file=tmp_path / "key"))) as client:
        yield client


def register_of(client: TestClient) -> Register:
    register: Register = client.app.state.register  # type: ignore[attr-defined]
    return register


def post(client: TestClient, **event: Any) -> str:
    response = client.post("/v1/events", json={"source": {"tier": "issuer_text", "quote": SECRET}} | event)
    assert response.status_code == 201, response.text
    return str(response.json()["events"][0]["id"])


def a_company(client: TestClient) -> str:
    return post(
        client, stream="company/a", type="company.registered", data={"name": SECRET, "country": "IN", "aliases": []}
    )


def stored(client: TestClient) -> str:
    """Everything that the database holds as text."""
    with reading(register_of(client).engine) as connection:
        names = inspect(connection).get_table_names()
        rows = [row for name in names for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
    return str(rows)


def holds(client: TestClient, words: str) -> bool:
    """Whether any table holds the words, in whatever case, also as names are compared."""
    return words.casefold() in stored(client).casefold()


def test_a_redacted_payload_is_gone_from_every_table_and_every_answer(client: TestClient) -> None:
    event = a_company(client)
    post(client, stream="company/a", type="company.identified", data={"aliases": ["Beta"]}, source={"tier": "holder"})
    assert SECRET in stored(client)
    redact(register_of(client).log, event, by="the registrar", reason="a court order")
    assert SECRET not in stored(client)
    shown = client.get("/v1/events").text + client.get("/v1/companies/a/history").text
    assert SECRET not in shown
    assert not holds(client, SECRET)
    assert holds(client, "name beta")
    assert client.get(f"/v1/events/{event}").json()["data"] == {"redacted": True}
    assert client.get(f"/v1/events/{event}").json()["source"] == {"redacted": True}


def test_what_a_redacted_license_was_looked_up_by_is_gone_and_what_others_say_of_it_stays(client: TestClient) -> None:
    hidden, shown = ({"name": name, "country": "IN"} for name in (SECRET, "Beta Works"))
    data = {"issuer": "CN", "end_users": [hidden], "licensee": hidden, "lines": [{"commodity": {"hs": "850511"}}]}
    event = post(client, stream="license/a", type="license.granted", data=data)
    report = {"state": "active", "on": "2025-10-30", "issuer": "CN", "end_users": [shown]}
    post(client, stream="license/a", type="license.reported", data=report, source={"tier": "holder"})
    assert holds(client, f"user IN {SECRET}")
    redact(register_of(client).log, event, by="the registrar", reason="a court order")
    assert not holds(client, SECRET)
    assert not holds(client, "goods 8505")
    assert holds(client, "user IN beta works")
    rebuild(register_of(client).engine)
    assert not holds(client, SECRET)
    assert holds(client, "user IN beta works")


def test_who_redacted_and_why_is_an_event(client: TestClient) -> None:
    event = a_company(client)
    redact(register_of(client).log, event, by="the registrar", reason="a court order")
    last = client.get("/v1/events").json()["events"][-1]
    assert (last["type"], last["actor"]) == ("record.redacted", "the registrar")
    assert last["data"] == {"event": event, "reason": "a court order"}


def test_every_proof_holds_after_a_redaction(client: TestClient) -> None:
    event = a_company(client)
    before = client.get("/v1/log/proof/inclusion", params={"position": 1, "size": 1}).json()
    redact(register_of(client).log, event, by="the registrar", reason="a court order")
    assert client.get("/v1/log/proof/inclusion", params={"position": 1, "size": 1}).json() == before
    with reading(register_of(client).engine) as connection:
        assert verify(connection).position == 2


def test_a_redacted_claim_counts_as_if_it_had_not_been_made(client: TestClient) -> None:
    granted = post(
        client,
        stream="license/a",
        type="license.granted",
        data={"issuer": "CN", "destination": "IN", "lines": [{"commodity": {"name": "magnets"}}]},
    )
    question = {"controller": "CN", "destination": "IN", "commodity": {"name": "magnets"}, "as_of": "2025-10-31"}
    known = client.post("/v1/determinations", json=question).json()["answers"][0]["licenses"]["known"]
    assert len(known) == 1
    redact(register_of(client).log, granted, by="the registrar", reason="a court order")
    for known_at in (1, 2):
        answer = client.post("/v1/determinations", json=question | {"known_at": known_at}).json()["answers"][0]
        assert answer["licenses"]["known"] == []
    assert client.get("/v1/licenses/a").status_code == 404
    assert client.get("/v1/licenses/a/history").status_code == 200


def test_a_redacted_use_of_a_license_draws_on_it_no_longer(client: TestClient) -> None:
    kilograms = {"value": "10", "unit": "KGM"}
    line = {"commodity": {"name": "magnets"}, "quantity": kilograms}
    post(client, stream="license/a", type="license.granted", data={"issuer": "CN", "lines": [line]})
    drawn = {"reference": SECRET, "day": "2025-06-01", "quantity": kilograms}
    use = post(client, stream="license/a", type="license.used", data=drawn)
    post(client, stream="license/a", type="record.repeated", data={"event": use}, source={"tier": "holder"})
    asked = {"as_of": "2025-06-01"}
    assert client.get("/v1/licenses/a", params=asked).json()["lines"][0]["remaining"]["value"] == "0"
    assert SECRET in stored(client)
    redact(register_of(client).log, use, by="the registrar", reason="a court order")
    for known_at in (2, 3, 4):
        found = client.get("/v1/licenses/a", params=asked | {"known_at": known_at}).json()["lines"][0]
        # No other use is reported, so that nothing is certain of what is left (rule 26).
        assert (found["remaining"], found["remaining_at_most"]) == (None, kilograms)
    before = client.get("/v1/licenses/a", params=asked).text
    rebuild(register_of(client).engine)
    assert client.get("/v1/licenses/a", params=asked).text == before
    assert f"'reference': '{SECRET}'" not in stored(client)
    assert f'"reference": "{SECRET}"' not in stored(client)


def test_what_spoke_of_a_redacted_event_falls_away_with_it(client: TestClient) -> None:
    event = post(client, stream="note/a", type="note.recorded", data={"kind": "other", "text": SECRET})
    post(client, stream="note/a", type="record.repeated", data={"event": event}, source={"tier": "holder"})
    redact(register_of(client).log, event, by="the registrar", reason="a court order")
    assert client.get("/v1/notes").json()["notes"] == []


def test_a_redacted_correction_restores_what_it_replaced(client: TestClient) -> None:
    event = post(client, stream="note/a", type="note.recorded", data={"kind": "other", "text": "first"})
    data = {"event": event, "data": {"kind": "other", "text": "second"}}
    correction = post(client, stream="note/a", type="record.corrected", data=data)
    assert client.get("/v1/notes/a").json()["text"] == "second"
    redact(register_of(client).log, correction, by="the registrar", reason="a court order")
    assert client.get("/v1/notes/a").json()["text"] == "first"


def test_a_rebuild_after_a_redaction_gives_the_same_rows(client: TestClient) -> None:
    event = a_company(client)
    redact(register_of(client).log, event, by="the registrar", reason="a court order")
    before = client.get("/v1/companies/a/history").text
    rebuild(register_of(client).engine)
    assert client.get("/v1/companies/a/history").text == before
    assert SECRET not in stored(client)


def test_a_redaction_is_not_redacted_and_what_is_not_recorded_is_not_found(client: TestClient) -> None:
    log = register_of(client).log
    redaction = redact(log, a_company(client), by="the registrar", reason="a court order").events[0]
    with pytest.raises(Conflict):
        redact(log, redaction.id, by="the registrar", reason="a court order")
    with pytest.raises(NotFound):
        redact(log, "0b9d1f1e-5c0e-4c53-9d3e-5d8f4f6e7a01", by="the registrar", reason="a court order")


def test_no_client_can_post_a_redaction(client: TestClient) -> None:
    event = a_company(client)
    data = {"event": event, "reason": "because"}
    posted = {"stream": "company/a", "type": "record.redacted", "data": data, "source": {"tier": "holder"}}
    refused = client.post("/v1/events", json=posted)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/type"
