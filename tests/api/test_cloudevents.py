"""CloudEvents in and out, in each mode, held against the library of CloudEvents itself."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from cloudevents.core.base import BaseCloudEvent
from cloudevents.core.bindings import http
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from httpx2 import Response

from tests.api.conftest import FILLED_ON_BOTH, MARK, ON_BOTH, Filled, Golden, client_of, recorded
from tests.client import TestClient

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
PAYLOAD = {
    "data": {"kind": "market", "text": "Über Preise 公告"},
    "source": {"tier": "press_named", "published_at": "2025-10-30"},
}


def event(**attributes: Any) -> CloudEvent:
    """A CloudEvent as the library makes one: it gives it an id and an instant by itself."""
    said = {"type": "note.recorded", "source": "https://desk.example/feeds", "subject": "note/prices"} | attributes
    return CloudEvent(attributes=said, data=PAYLOAD)


def send(client: TestClient, message: http.HTTPMessage, **headers: str) -> Response:
    return client.post("/v1/events", content=message.body, headers={**message.headers, **headers})


def structured(client: TestClient, sent: BaseCloudEvent) -> Response:
    return send(client, http.to_structured(sent, JSONFormat()))


def binary(client: TestClient, sent: BaseCloudEvent) -> Response:
    return send(client, http.to_binary(sent, JSONFormat()))


def batch(client: TestClient, *sent: BaseCloudEvent) -> Response:
    body = b"[" + b",".join(JSONFormat().write(one) for one in sent) + b"]"
    return client.post("/v1/events", content=body, headers={"Content-Type": BATCH})


def read_by_the_library(answer: Response) -> BaseCloudEvent:
    return http.from_structured(http.HTTPMessage(dict(answer.headers), answer.content), JSONFormat())


@pytest.mark.parametrize("send_one", [structured, binary, batch])
@ON_BOTH
def test_what_the_library_sends_is_recorded_in_each_mode(client: TestClient, send_one: Any):
    sent = event(id=str(uuid.uuid4()), effective="2025-10", partitionkey="a b")
    answer = send_one(client, sent)
    assert answer.status_code == 201, answer.text
    (one,) = answer.json()["events"]
    assert (one["id"], one["type"], one["stream"]) == (sent.get_id(), "note.recorded", "note/prices")
    assert {"data": one["data"], "source": one["source"]} == PAYLOAD
    assert one["effective"] == "2025-10"
    time = one["metadata"].pop("ce.time")
    assert time.startswith(sent.get_time().isoformat()[:19])  # type: ignore[union-attr]
    assert one["metadata"] == {"ce.source": "https://desk.example/feeds", "ce.partitionkey": "a b"}


@pytest.mark.parametrize("send_one", [structured, binary, batch])
def test_sent_again_it_gives_the_first_outcome(client: TestClient, send_one: Any):
    for sent in (event(), event(id="order 66", subject="note/other")):
        first, again = send_one(client, sent), send_one(client, sent)
        assert first.status_code == again.status_code == 201
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"


@ON_BOTH
def test_an_id_that_is_no_uuid_follows_from_source_and_id_and_is_kept(client: TestClient):
    first = structured(client, event(id="7")).json()["events"][0]
    elsewhere = structured(client, event(id="7", source="https://other.example", subject="note/b")).json()["events"][0]
    assert first["id"] == str(uuid.uuid5(uuid.NAMESPACE_URL, "https://desk.example/feeds 7"))
    assert first["id"] != elsewhere["id"]
    assert first["metadata"]["ce.id"] == elsewhere["metadata"]["ce.id"] == "7"


@ON_BOTH
def test_a_batch_is_all_or_nothing_and_points_into_itself(client: TestClient):
    refused = batch(client, event(), event(subject="restriction/x"))
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/1/subject"]
    twice = event(subject="note/a")
    assert [e["pointer"] for e in batch(client, twice, twice).json()["errors"]] == ["/1/id"]
    assert recorded(client)[1] == []
    assert len(batch(client, event(), event(subject="note/b")).json()["events"]) == 2


def test_the_version_that_is_expected_is_an_attribute(client: TestClient):
    for send_one in (structured, binary):
        assert send_one(client, event(expectedversion=1)).json()["type"] == "/problems/version-conflict"
    assert structured(client, event(expectedversion=0)).status_code == 201
    assert binary(client, event(expectedversion=1)).status_code == 201
    conflict = binary(client, event(expectedversion=1))
    assert [error["pointer"] for error in conflict.json()["errors"]] == ["ce-expectedversion"]


def test_in_binary_mode_the_headers_are_part_of_what_a_key_stands_for(client: TestClient):
    def post(sent: CloudEvent) -> Response:
        return send(client, http.to_binary(sent, JSONFormat()), **{"Idempotency-Key": "k"})

    assert post(event(id="1")).status_code == 201
    assert post(event(id="2")).json()["type"] == "/problems/key-reused"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"specversion": "0.3"}, "specversion"),
    ({"id": ""}, "id"),
    ({"source": None}, "source"),
    ({"type": None}, "type"),
    ({"type": MARK}, "type"),
    ({"subject": MARK}, "subject"),
    ({"subject": None}, "subject"),
    ({"time": "2025-10-30T12:00:00"}, "time"),
    ({"time": "2025-10-30"}, "time"),
    ({"datacontenttype": "text/xml"}, "datacontenttype"),
    ({"effective": MARK}, "effective"),
    ({"schemaversion": 2}, "schemaversion"),
    ({"expectedversion": -1}, "expectedversion"),
    ({"Upper": "x"}, "Upper"),
    ({"under_score": "x"}, "under_score"),
    ({"data_base64": "eA=="}, "data_base64"),
    ({"other": {"deep": MARK}}, "other"),
    ({"other": "x" * 501}, "other"),
    ({"data": None}, "data"),
    ({"data": [MARK]}, "data"),
    ({"data": {**PAYLOAD, "colour": MARK}}, "data/colour"),
    ({"data": {**PAYLOAD, "metadata": MARK}}, "data/metadata"),
    ({"data": {**PAYLOAD, "metadata": {"deep": [MARK]}}}, "data/metadata/deep"),
    ({"data": {"data": PAYLOAD["data"]}}, "data/source"),
    ({"data": {**PAYLOAD, "data": {"kind": MARK, "text": "x"}}}, "data/data/kind"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG, ids=[f"{pointer}={wrong!r:.50}" for wrong, pointer in WRONG])
def test_an_attribute_that_cannot_be_read_is_pointed_at(filled: Filled, wrong: dict[str, Any], pointer: str):
    sent = {**json.loads(JSONFormat().write(event())), **wrong}
    answers = [
        (filled.client.post("/v1/events", json=sent, headers={"Content-Type": STRUCTURED}), f"/{pointer}"),
        (filled.client.post("/v1/events", json=[sent], headers={"Content-Type": BATCH}), f"/0/{pointer}"),
    ]
    for answer, where in answers:
        assert answer.status_code == 422, answer.text
        assert any(error["pointer"].startswith(where) for error in answer.json()["errors"]), answer.text
        assert MARK not in answer.text


@pytest.mark.parametrize(
    ("header", "value", "pointer"),
    [
        ("ce-specversion", "2.0", "ce-specversion"),
        ("ce-subject", "note/Upper", "ce-subject"),
        ("ce-time", "yesterday", "ce-time"),
        ("ce-other", "%ff", "ce-other"),
        ("ce-data", "x", "ce-data"),
        ("ce-un_der", "x", "ce-un_der"),
    ],
)
def test_in_binary_mode_the_header_at_fault_is_named(filled: Filled, header: str, value: str, pointer: str):
    message = http.to_binary(event(), JSONFormat())
    answer = send(filled.client, message, **{header: value})
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_in_binary_mode_a_fault_of_the_data_is_pointed_at_in_the_body(filled: Filled):
    message = http.to_binary(event(), JSONFormat())
    body = json.dumps({**PAYLOAD, "data": {"kind": MARK, "text": "x"}}).encode()
    answer = send(filled.client, http.HTTPMessage(message.headers, body))
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/data/kind"]


def test_an_empty_batch_holds_no_events(filled: Filled):
    assert batch(filled.client).status_code == 422


@FILLED_ON_BOTH
def test_what_is_read_is_a_cloud_event_to_the_library(filled: Filled, golden: Golden):
    for posted in filled.events.values():
        answer = filled.client.get(f"/v1/events/{posted['id']}", headers={"Accept": STRUCTURED})
        assert answer.headers["content-type"] == STRUCTURED
        read = read_by_the_library(answer)
        plain = filled.client.get(f"/v1/events/{posted['id']}").json()
        assert (read.get_id(), read.get_type(), read.get_subject()) == (posted["id"], posted["type"], posted["stream"])
        assert read.get_source() == "/v1/events"
        assert read.get_time().isoformat() == plain["recorded_at"].replace("Z", "+00:00")  # type: ignore[union-attr]
        data = read.get_data()
        assert isinstance(data, dict)
        assert (data["data"], data["source"]) == (posted["data"], posted["source"])
        assert read.get_extension("effective") == posted.get("effective")
        assert int(read.get_extension("sequence")) == plain["position"]
        assert read.get_extension("hash") == plain["hash"]


@FILLED_ON_BOTH
def test_a_page_is_a_batch_in_order_with_a_link_to_the_next(filled: Filled):
    found: list[dict[str, Any]] = []
    path = "/v1/events?limit=3"
    while path:
        answer = filled.client.get(path, headers={"Accept": BATCH})
        assert answer.headers["content-type"] == BATCH
        found += answer.json()
        path = answer.links.get("next", {}).get("url", "")
    events = [JSONFormat().read(None, json.dumps(one)) for one in found]
    assert [one.get_id() for one in events] == [posted["id"] for posted in filled.events.values()]
    assert sorted(one.get_extension("sequence") for one in events) == [one.get_extension("sequence") for one in events]


@pytest.fixture
def second(postgresql_url: str) -> Iterator[TestClient]:
    with client_of(database_url=postgresql_url, public_url="https://second.example/") as client:
        yield client


@pytest.fixture(params=["", "https://second.example/"], ids=["without-an-address", "with-an-address"])
def another(request: pytest.FixtureRequest, postgresql_url: str) -> Iterator[TestClient]:
    with client_of(database_url=postgresql_url, public_url=request.param or None) as client:
        yield client


def test_what_one_register_gives_another_takes_and_knows_where_it_came_from(filled: Filled, another: TestClient):
    given = filled.client.get("/v1/events?limit=1000", headers={"Accept": BATCH})
    taken = another.post("/v1/events", content=given.content, headers={"Content-Type": BATCH})
    assert taken.status_code == 201, taken.text
    for posted, one in zip(filled.events.values(), taken.json()["events"], strict=True):
        assert {name: one[name] for name in ("id", "stream", "data", "source")} == {
            name: posted[name] for name in ("id", "stream", "data", "source")
        }
        assert one["metadata"]["ce.source"] == "/v1/events"
        assert {"ce.time", "ce.sequence", "ce.hash"} <= set(one["metadata"])
    again = another.post("/v1/events", content=given.content, headers={"Content-Type": BATCH})
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == taken.json()


def test_what_a_register_gave_says_nothing_new_to_it(another: TestClient):
    assert structured(another, event(id="7")).status_code == 201
    given = another.get("/v1/events", headers={"Accept": BATCH})
    assert given.json()[0]["source"] in ("/v1/events", "https://second.example/v1/events")
    one = read_by_the_library(
        another.get(f"/v1/events/{another.get('/v1/events').json()['events'][0]['id']}", headers={"Accept": STRUCTURED})
    )
    for again in (
        another.post("/v1/events", content=given.content, headers={"Content-Type": BATCH}),
        structured(another, one),
        binary(another, one),
    ):
        assert again.headers["idempotency-replayed"] == "true"
        assert again.json()["events"] == another.get("/v1/events").json()["events"]


def test_a_register_without_an_address_knows_its_own_events_by_their_hash_alone(client: TestClient):
    structured(client, event(id="7"))
    (given,) = client.get("/v1/events", headers={"Accept": BATCH}).json()
    for other in ({"hash": "0" * 64}, {"hash": None}, {"id": "\x00"}, {"id": "8"}):
        answer = client.post("/v1/events", json=[given | other], headers={"Content-Type": BATCH})
        if "id" in other:
            assert answer.status_code != 500
        else:
            assert answer.json()["type"] == "/problems/id-conflict"
    kept = client.get("/v1/events").json()["events"][1]["metadata"]
    assert (kept["ce.id"], kept["ce.source"], kept["ce.hash"]) == ("8", "/v1/events", given["hash"])


SOURCES = [
    "/",
    "feeds",
    "//desk.example",
    "https://desk.example:8080/a/b?c=d/e?f#g/h",
    "https://user:word@[2001:db8::1]:80",
    "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
    "mailto:desk@example.org",
    "./a:b",
    "?a",
    "#a",
    "/a%20b",
    "1-555-123-4567",
]
NO_SOURCES = [
    " not a uri ",
    "/a b",
    "/a\tb",
    "/a\x7f",
    "/a%2",
    "/a%zz",
    "/a#b#c",
    "1a:b",
    ":",
    "https://desk.example:port/",
    "https://[::1/",
    "/[a]",
    "/über",
    "<a>",
    'a"',
    "a\\b",
    "a^b",
]


@pytest.mark.parametrize("source", SOURCES)
def test_a_source_is_any_uri_reference(client: TestClient, source: str):
    for number, send_one in enumerate((structured, binary)):
        answer = send_one(client, event(source=source, id=f"order {number}"))
        assert answer.status_code == 201, answer.text
        assert answer.json()["events"][0]["metadata"]["ce.source"] == source


@pytest.mark.parametrize("source", NO_SOURCES)
def test_and_nothing_else(filled: Filled, source: str):
    sent = {**json.loads(JSONFormat().write(event())), "source": source}
    answer = filled.client.post("/v1/events", json=sent, headers={"Content-Type": STRUCTURED})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/source"]


def test_ids_with_blanks_stay_apart(client: TestClient):
    first = structured(client, event(source="/a", id="b c", subject="note/a"))
    assert first.status_code == 201
    assert structured(client, event(source="/a b", id="c", subject="note/b")).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"specversion": "0.3"}, 'the version of CloudEvents that is read here, a text: "1.0"'),
        ({"data_base64": "eA=="}, "binary data is not read here: send data, a JSON object"),
    ],
)
def test_what_an_attribute_has_to_be_is_said(filled: Filled, wrong: dict[str, Any], detail: str):
    sent = {**json.loads(JSONFormat().write(event())), **wrong}
    answer = filled.client.post("/v1/events", json=sent, headers={"Content-Type": STRUCTURED})
    assert answer.json()["errors"] == [{"pointer": f"/{next(iter(wrong))}", "detail": detail}]


def test_the_schema_that_is_named_is_one_that_the_data_fits(second: TestClient, filled: Filled):
    given = filled.client.get("/v1/events?limit=1000", headers={"Accept": BATCH})
    second.post("/v1/events", content=given.content, headers={"Content-Type": BATCH})
    for one in second.get("/v1/events?limit=1000", headers={"Accept": BATCH}).json():
        address = one["dataschema"]
        answer = second.get(address.removeprefix("https://second.example"))
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
        validator = jsonschema_rs.Draft202012Validator(answer.json())
        validator.validate(one["data"])
        assert not validator.is_valid(one["data"] | {"data": {"imagined": 1}})


@pytest.mark.parametrize("path", ["license.granted/2", "license.imagined/1"])
def test_a_schema_that_there_is_not_is_not_found(filled: Filled, path: str):
    assert filled.client.get(f"/v1/schemas/{path}").status_code == 404


@pytest.mark.parametrize("send_one", [structured, binary, batch])
def test_the_trace_of_a_cloud_event_is_kept_and_given_out_with_it(client: TestClient, send_one: Any):
    one = send_one(client, event(traceparent=TRACE)).json()["events"][0]
    assert one["metadata"]["traceparent"] == TRACE
    read = read_by_the_library(client.get(f"/v1/events/{one['id']}", headers={"Accept": STRUCTURED}))
    assert read.get_extension("traceparent") == TRACE


def test_a_trace_that_cannot_be_read_is_passed_over(client: TestClient):
    one = structured(client, event(traceparent="nonsense")).json()["events"][0]
    assert not [name for name in one["metadata"] if "trace" in name]
