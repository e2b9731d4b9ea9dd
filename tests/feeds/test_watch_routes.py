"""Watches over HTTP: made, listed, paused, removed; their changes in pages; what would change if."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from service.feeds import store
from service.log.database import reading
from tests.answers import facts
from tests.api.conftest import client_of
from tests.client import TestClient
from tests.feeds.watched import TO_INDIA

FAR = "2999-12-31"


def made(client: TestClient, name: str = "magnets", **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/watches", json={"id": name, "ask": {"determination": TO_INDIA}, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def record(client: TestClient, *events: dict[str, Any]) -> None:
    answer = client.post("/v1/events", json={"events": events})
    assert answer.status_code == 201, answer.text
    client.app.state.evaluator.run()  # type: ignore[attr-defined]  # the application's own


@pytest.fixture
def client(sqlite_url: str, signing_key_file: Path) -> Any:
    with client_of(database_url=sqlite_url, signing_key_file=signing_key_file) as opened:
        yield opened


def test_a_watch_is_made_with_its_answer_and_the_request_is_safe_to_repeat(client: TestClient):
    first = made(client, title="Magnets to India")
    assert first["says"]["control"] == "no_data"
    assert first["headline"].startswith("Nothing is recorded")
    assert made(client, title="Magnets to India") == first
    other = client.post("/v1/watches", json={"id": "magnets", "ask": {"events": {}}})
    assert (other.status_code, other.json()["type"]) == (409, "/problems/watch-exists")
    assert client.get("/v1/watches/magnets").json() == {k: v for k, v in first.items() if k != "secrets"}
    assert client.get("/v1/watches").json()["watches"][0]["id"] == "magnets"


def test_without_an_id_each_request_makes_one(client: TestClient):
    ids = [client.post("/v1/watches", json={"ask": {"events": {}}}).json()["id"] for _ in range(2)]
    assert len({uuid.UUID(one) for one in ids}) == 2


def test_a_webhook_has_secrets_that_are_shown_when_it_is_made_alone(client: TestClient):
    first = made(client, webhook={"url": "https://example.org/hook"})
    assert [one[:6] for one in first["secrets"]] == ["whsec_"]
    assert made(client, webhook={"url": "https://example.org/hook"})["secrets"] == []
    assert "secrets" not in client.get("/v1/watches/magnets").json()
    assert first["secrets"][0] not in client.get("/v1/watches").text


def test_changes_are_read_in_pages(client: TestClient):
    made(client)
    record(client, facts.announced("a"), facts.announced("b", kind="prohibition"), facts.announced("c"))
    page = client.get("/v1/watches/magnets/changes?limit=1").json()
    assert (page["changes"][0]["data"]["number"], page["next_after"]) == (1, 1)
    rest = client.get("/v1/watches/magnets/changes?after=1").json()
    assert ([one["data"]["number"] for one in rest["changes"]], rest["next_after"]) == ([2], None)
    assert client.get("/v1/watches/magnets").json()["changes"] == 2


def test_a_watch_is_paused_and_resumed(client: TestClient):
    made(client)
    assert client.patch("/v1/watches/magnets", json={"paused": True}).json()["paused"] is True
    record(client, facts.announced("a"))
    assert len(client.get("/v1/watches/magnets/changes").json()["changes"]) == 1
    assert client.patch("/v1/watches/magnets", json={"paused": False}).json()["paused"] is False


def test_a_removed_watch_is_gone(client: TestClient):
    made(client)
    assert client.delete("/v1/watches/magnets").status_code == 204
    assert client.delete("/v1/watches/magnets").status_code == 404
    for path in ("/v1/watches/magnets", "/v1/watches/magnets/changes"):
        assert client.get(path).status_code == 404
    assert client.get("/v1/watches").json() == {"watches": [], "next_after": None}


def test_there_are_no_more_watches_than_may_be(sqlite_url: str):
    with client_of(database_url=sqlite_url, max_watches=1) as client:
        made(client)
        refused = client.post("/v1/watches", json={"ask": {"events": {}}})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/too-many-watches")
        made(client)


def test_a_bad_question_is_refused_with_its_place(client: TestClient):
    asked = {"ask": {"determination": {**TO_INDIA, "destination": "XX"}}}
    refused = client.post("/v1/watches", json=asked)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/ask/determination/destination"
    missing = client.post("/v1/watches", json={"ask": {"company_status": {"company": "company/nobody"}}})
    assert missing.json()["errors"][0]["pointer"] == "/ask/company_status/company"


def test_exposure_tells_what_a_day_would_change(client: TestClient):
    record(client, facts.announced("a", in_force=facts.period("2025-04-04", "2998-12-31")))
    made(client)
    made(client, "other")
    answer = client.post("/v1/watches/exposure", json={"as_of": FAR, "limit": 1}).json()
    (told,) = answer["changes"]
    assert (told["data"]["watch"], answer["next_after"]) == ("magnets", "magnets")
    assert (told["data"]["before"]["control"], told["data"]["as_of"]) == ("license_required", "2999-01-01")
    rest = client.post("/v1/watches/exposure", json={"as_of": FAR, "after": "magnets"}).json()
    assert ([one["data"]["watch"] for one in rest["changes"]], rest["next_after"]) == (["other"], None)
    past = client.post("/v1/watches/exposure", json={"as_of": "2020-01-01"})
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/as_of")
    assert client.get("/v1/watches/magnets/changes").json()["changes"] == []


def test_exposure_tells_what_an_event_would_change_and_records_nothing(database_url: str):
    with client_of(database_url=database_url) as client:
        made(client)
        event = facts.announced("a")
        answer = client.post("/v1/watches/exposure", json={"event": event})
        (told,) = answer.json()["changes"]
        assert told["data"]["after"]["control"] == "license_required"
        assert told["data"]["because"] == {"events": [event["id"]], "day": None}
        assert client.get("/v1/events").json()["events"] == []
        assert client.get("/v1/watches/magnets/changes").json()["changes"] == []
        record(client, facts.announced("a", kind="prohibition"))
        found = client.post("/v1/determinations", json=TO_INDIA).json()["answers"][0]
        assert found["control"] == "prohibited"
        refused = client.post("/v1/watches/exposure", json={"event": facts.repealed("nothing", "2025-06-01")})
        assert refused.status_code == 409


def test_a_supposed_event_that_is_not_valid_is_refused_with_its_place(client: TestClient):
    wrong = facts.announced("a", kind="tax")
    for body, place in (
        ({"event": wrong}, "/event/data/kind"),
        ({"events": [facts.note("b"), wrong]}, "/events/1/data/kind"),
    ):
        refused = client.post("/v1/watches/exposure", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, place)
    nested = client.post("/v1/watches/exposure", json={"event": {"events": [facts.note("b")]}})
    assert nested.status_code == 422


def test_exposure_that_takes_too_long_says_where_to_ask_on_from(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    record(client, facts.announced("a", in_force=facts.period("2025-04-04", "2998-12-31")))
    for name in ("a", "b", "c"):
        made(client, name)
    monkeypatch.setattr("service.feeds.exposure.DAYS_S", 0)
    asked: dict[str, Any] = {"as_of": FAR}
    pages = []
    while "after" not in asked or asked["after"]:
        page = client.post("/v1/watches/exposure", json=asked).json()
        pages.append([one["data"]["watch"] for one in page["changes"]])
        asked["after"] = page["next_after"]
    assert pages == [["a"], ["b"], ["c"]]
    monkeypatch.setattr("service.feeds.exposure.WATCH_MS", 0)
    found = client.post("/v1/watches/exposure", json={"as_of": FAR})
    assert (found.status_code, found.json()["type"]) == (422, "/problems/too-broad")


def test_a_supposed_event_that_touches_more_than_there_is_time_for_is_told_in_pages(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
):
    for name in ("a", "b"):
        made(client, name)
    monkeypatch.setattr("service.feeds.exposure.SUPPOSED_S", 0)
    asked = {"event": facts.announced("a")}
    pages = [client.post("/v1/watches/exposure", json={**asked, "after": after}).json() for after in ("", "a")]
    assert [[one["data"]["watch"] for one in page["changes"]] for page in pages] == [["a"], ["b"]]
    assert [page["next_after"] for page in pages] == ["a", None]
    monkeypatch.setattr("service.feeds.exposure.WATCH_MS", 0)
    refused = client.post("/v1/watches/exposure", json=asked)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/too-broad")
    assert client.get("/v1/events").json()["events"] == []


@pytest.mark.parametrize("body", [{}, {"as_of": FAR, "event": {}}, {"event": {}}, {"as_of": "soon"}, {"events": []}])
def test_a_supposition_is_one_thing(client: TestClient, body: dict[str, Any]):
    assert client.post("/v1/watches/exposure", json=body).status_code == 422


def hooked(client: TestClient) -> dict[str, Any]:
    return made(client, webhook={"url": "https://127.0.0.1:9/hook"})


def test_a_ping_tells_what_became_of_it_and_stands_in_the_log_of_deliveries(client: TestClient):
    hooked(client)
    told = client.post("/v1/watches/magnets/ping").json()
    assert (told["status"], told["problem"]) == (None, "The address is not one that webhooks may reach.")
    (ping,) = client.get("/v1/watches/magnets/deliveries").json()["pings"]
    assert ping["problem"] == told["problem"]


def test_deliveries_are_listed_by_their_state_and_sent_again(client: TestClient):
    hooked(client)
    record(client, facts.announced("a"), facts.announced("b", kind="prohibition"))
    page = client.get("/v1/watches/magnets/deliveries?limit=1").json()
    (first,) = page["deliveries"]
    assert (first["number"], first["state"], first["tries"], page["next_after"]) == (1, "pending", [], 1)
    assert client.get("/v1/watches/magnets/deliveries?state=dead").json()["deliveries"] == []
    assert client.post("/v1/watches/magnets/replay", json={}).json() == {"messages": 0}
    assert client.post("/v1/watches/magnets/replay", json={"numbers": [1, 7]}).json() == {"messages": 1}


def test_a_secret_is_replaced_and_the_one_before_is_still_signed_with(client: TestClient):
    (old,) = hooked(client)["secrets"]
    (new,) = client.post("/v1/watches/magnets/secret").json()["secrets"]
    assert new != old
    seal, engine = client.app.state.seal, client.app.state.register.engine  # type: ignore[attr-defined]
    with reading(engine) as connection:
        kept = store.secrets_of(connection, "magnets")
    assert [one.text for one in seal.opened(kept)] == [new, old]


def test_a_watch_without_a_webhook_has_nothing_to_deliver(client: TestClient):
    made(client)
    for path, body in (("ping", None), ("replay", {}), ("secret", None)):
        assert client.post(f"/v1/watches/magnets/{path}", json=body).status_code == 422
    record(client, facts.announced("a"))
    assert client.get("/v1/watches/magnets/deliveries").json()["deliveries"] == []


def test_a_receiver_without_encryption_is_refused_unless_networks_are_named(
    client: TestClient, sqlite_url: str, signing_key_file: Path
):
    asked = {"ask": {"events": {}}, "webhook": {"url": "http://10.0.0.1/"}}
    refused = client.post("/v1/watches", json=asked)
    assert refused.json()["errors"][0]["pointer"] == "/webhook/url"
    networks = {"webhook_networks": "10.0.0.0/8", "signing_key_file": signing_key_file}
    with client_of(database_url=sqlite_url, **networks) as other:
        assert other.post("/v1/watches", json=asked).status_code == 201


def test_the_metrics_tell_of_watches_and_deliveries(client: TestClient):
    hooked(client)
    record(client, facts.announced("a"))
    told = client.get("/metrics").text
    assert "lodestone_watches 1.0" in told
    assert "lodestone_watches_lag_events 0.0" in told
    assert "lodestone_watches_behind 0.0" in told
    assert 'lodestone_deliveries{state="pending"} 1.0' in told
