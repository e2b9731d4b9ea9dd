"""What a clumsy or hostile client sends: refused with a problem that points at the fault, and nothing is stored."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service import errors
from service.api.http import docs
from service.domain import catalogue
from tests.api.conftest import GOLDEN, MARK, ON_BOTH, Watch, client_of
from tests.client import TestClient

Golden = Callable[[str], dict[str, Any]]
JSON_BODY = {"Content-Type": "application/json"}
SOURCE = {"tier": "press_named", "title": MARK}
GRANT: dict[str, Any] = {
    "stream": "license/example",
    "type": "license.granted",
    "data": {
        "issuer": "CN",
        "licensee": {"name": MARK, "country": "CN"},
        "lines": [{"commodity": {"name": "rare_earth_magnets"}, "quantity": {"value": "1", "unit": "KGM"}}],
    },
    "source": SOURCE,
}
ELSEWHERE = GRANT | {"stream": "license/nobody"}
COMPANY: dict[str, Any] = {
    "stream": "company/example",
    "type": "company.registered",
    "data": {"name": MARK, "country": "IN"},
    "source": SOURCE,
}
RULE: dict[str, Any] = {
    "stream": "restriction/example",
    "type": "restriction.announced",
    "data": {"kind": "licensing", "controller": "CN", "scope": {"commodities": [{"hs": "8505"}]}},
    "source": SOURCE,
}
NOTE: dict[str, Any] = {
    "stream": "note/example",
    "type": "note.recorded",
    "data": {"kind": "market", "text": MARK},
    "source": SOURCE,
}


def put(event: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy with another value at a place; objects on the way are made."""
    copy: dict[str, Any] = json.loads(json.dumps(event))
    here: Any = copy
    *way, last = pointer.removeprefix("/").split("/")
    for part in way:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    here[int(last) if isinstance(here, list) else last] = value
    return copy


def post(client: TestClient, body: bytes, **headers: str) -> Any:
    return client.post("/v1/events", content=body, headers=JSON_BODY | headers)


WRONG = [
    (GRANT, "/type", "license.imagined"),
    (GRANT, "/type", None),
    (GRANT, "/type", ["license.granted"]),
    (GRANT, "/colour", MARK),
    (GRANT, "/data/colour", MARK),
    (GRANT, "/source/colour", MARK),
    (GRANT, "/source/speaker/colour", MARK),
    (GRANT, "/data/licensee/colour", MARK),
    (GRANT, "/data/lines/0/colour", MARK),
    (GRANT, "/data/lines/0/quantity/colour", MARK),
    (GRANT, "/" + "x" * 64, MARK),
    (GRANT, "/effective", "2025-02-30"),
    (GRANT, "/effective", "2025-13"),
    (GRANT, "/effective", MARK),
    (GRANT, "/effective", 20251030),
    (GRANT, "/effective", "2025-10-31/2025-10-30"),
    (GRANT, "/data/validity/from", "2025-02-30"),
    (GRANT, "/data/validity", {"from": "2025-10-31", "through": "2025-10-30"}),
    (GRANT, "/data/validity/from_", "2025-10-30"),
    (GRANT, "/source/published_at", "2025-10-30T12:00:00"),
    (GRANT, "/source/published_at", "1761825600"),
    (GRANT, "/source/tier", MARK),
    (GRANT, "/data/issuer", "XX"),
    (GRANT, "/data/issuer", "cn"),
    (GRANT, "/data/issuer", "CHN"),
    (GRANT, "/data/issuer", "China"),
    (GRANT, "/data/issuer", None),
    (GRANT, "/data/licensee", MARK),
    (GRANT, "/data/licensee", 5),
    (GRANT, "/data/licensee", []),
    (GRANT, "/data/licensee", {}),
    (GRANT, "/data/licensee", {"class_": {"country": "IN"}}),
    (GRANT, "/data/licensee/country", "XX"),
    (GRANT, "/data/licensee", {"undisclosed": 1}),
    (GRANT, "/data/end_users", [{"undisclosed": True}, 5]),
    (GRANT, "/data/lines/0/commodity/hs", 850511),
    (GRANT, "/data/lines/0/commodity/hs", "85O511"),
    (GRANT, "/data/lines/0/quantity/value", 45000),
    (GRANT, "/data/lines/0/quantity/unit", "TON"),
    (GRANT, "/data/count", {"min": 5, "max": 4}),
    (GRANT, "/id", "0198C0DE-0000-4000-8000-00000000000A"),
    (GRANT, "/id", MARK),
    (GRANT, "/stream", "license/Example"),
    (GRANT, "/stream", "restriction/example"),
    (GRANT, "/stream", "license/" + "x" * 101),
    (GRANT, "/stream", "license/../example"),
    (GRANT, "/schema_version", 2),
    (GRANT, "/schema_version", True),
    (GRANT, "/expected_version", -1),
    (GRANT, "/expected_version", "0"),
    (GRANT, "/metadata", {"list": [MARK]}),
    (GRANT, "/source/title", "x" * 501),
    (GRANT, "/source/title", " \n\t"),
    (GRANT, "/source/title", "bell \x07"),
    (GRANT, "/source/quote", "x" * 20_001),
    (GRANT, "/source/url", "javascript:alert(1)"),
    (GRANT, "/source/url", "https://example.org/" + "x" * 1981),
    (GRANT, "/data", MARK),
    (GRANT, "/data", []),
    (GRANT, "/source", None),
    (RULE, "/data/scope/destinations", 5),
    (RULE, "/data/scope/destinations", "some"),
    (RULE, "/data/scope/destinations", ["IN"]),
    (RULE, "/data/scope/destinations/only", ["IN", "XX"]),
    (RULE, "/data/scope/destinations", {"except_": ["IN"]}),
    (RULE, "/data/scope/exporters", None),
    (RULE, "/data/scope/end_users/only", [MARK]),
    (RULE, "/data/kind", MARK),
    (COMPANY, "/data/identifiers", [{"scheme": "lei", "value": "213800WSGIIZCXF1P573"}]),
    (COMPANY, "/data/name", ""),
    (COMPANY, "/data/aliases", ["x"] * 101),
    (NOTE, "/data/about", ["license/Example"]),
    (NOTE, "/data/text", "x" * 20_001),
]


@pytest.mark.parametrize(("event", "pointer", "value"), WRONG, ids=[f"{case[1]}={case[2]!r:.40}" for case in WRONG])
def test_a_field_that_cannot_be_read_is_pointed_at(
    shared: TestClient, watch: Watch, event: dict[str, Any], pointer: str, value: object
):
    place = pointer.replace("~1", "\x00").replace("~0", "~").split("/")
    copy = json.loads(json.dumps(event))
    here = copy
    for part in place[1:-1]:
        here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
    here[place[-1].replace("\x00", "/")] = value
    problem = watch.refused(shared.post("/v1/events", json=copy), 422)
    pointers = [error["pointer"] for error in problem["errors"]]
    assert any(found == pointer or found.startswith(pointer + "/") for found in pointers), problem


RIGHT = [
    (GRANT, "/effective", "2024-02-29"),
    (GRANT, "/effective", None),
    (GRANT, "/data/issuer", "EU"),
    (GRANT, "/data/lines/0/commodity/hs", "8505.11"),
    (GRANT, "/data/licensee", {"undisclosed": True}),
    (GRANT, "/id", "0198c0de-0000-4000-8000-00000000000a"),
    (GRANT, "/stream", "license/" + "x" * 100),
    (GRANT, "/expected_version", 0),
    (GRANT, "/schema_version", 1),
    (GRANT, "/metadata", {"largest": 2**53 - 1}),
    (GRANT, "/source/title", "x" * 500),
    (GRANT, "/source/quote", "语" * 20_000),
    (GRANT, "/source/url", "https://example.org/" + "x" * 1980),
    (COMPANY, "/data/identifiers", [{"scheme": "lei", "value": "213800WSGIIZCXF1P572"}]),
    (COMPANY, "/data/aliases", ["x"] * 100),
]


@pytest.mark.parametrize(("event", "pointer", "value"), RIGHT, ids=[f"{case[1]}={case[2]!r:.40}" for case in RIGHT])
@ON_BOTH
def test_what_lies_just_inside_is_taken(client: TestClient, event: dict[str, Any], pointer: str, value: object):
    posted = put(event, pointer, value)
    answer = client.post("/v1/events", json=posted)
    assert answer.status_code == 201, answer.text
    read = client.get(f"/v1/events/{answer.json()['events'][0]['id']}").json()
    assert {name: read[name] for name in ("stream", "data", "source")} == {
        name: posted[name] for name in ("stream", "data", "source")
    }


def text(event: dict[str, Any], value: str) -> bytes:
    """The event's JSON, with something that json would not write in the place of its title."""
    return json.dumps(event).replace(f'"title": "{MARK}"', f'"title": {value}').encode()


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1.5",
        "1e3",
        "-0.0",
        "9007199254740992",
        "-9007199254740992",
        "9223372036854775809",
        "1" * 5_000,
        '"\\u0000"',
        '"a\\u0000b"',
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '{"a\\u0000": 1}',
        '{"tier": 1, "tier": 1}',
    ],
)
def test_what_cannot_be_kept_as_it_is_written_is_malformed(shared: TestClient, watch: Watch, value: str):
    problem = watch.refused(post(shared, text(GRANT, value)), 400)
    assert all(error["pointer"].startswith("/source/title") for error in problem["errors"])
    assert problem["errors"]


@ON_BOTH
def test_a_pair_of_surrogates_is_a_character(client: TestClient):
    assert post(client, text(GRANT, '"\\ud83e\\uddf2"')).status_code == 201
    assert client.get("/v1/events").json()["events"][0]["source"]["title"] == "🧲"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b'{"type": "note.recorded", "type": "note.recorded"}', "/type"),
        (b'{"data": {"issuer": "CN", "issuer": "CN"}}', "/data/issuer"),
        (b'{"events": [{"a": {}}, {"a": {"b": [{"c": 1, "d": 2, "c": 1}]}}]}', "/events/1/a/b/0/c"),
        (b'{"a": {"b c": [{"d": 1, "d": 2}]}}', "/a"),
        (b'{"a": 1, "\\u0061": 2}', "/a"),
    ],
)
def test_a_key_that_stands_twice_is_refused_wherever_it_stands(
    shared: TestClient, watch: Watch, body: bytes, pointer: str
):
    watch.refused(post(shared, body), 400, pointer)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{]",
        b"{'type': 1}",
        b'{"type": 1,}',
        b'{"type": 1} {"type": 1}',
        b'{"type": "a\x00b"}',
        b"\x00",
        b'{"type": "a\nb"}',
        b"\xff\xfe{\x00}\x00",
        b'\xef\xbb\xbf{"type": 1}',
        b'{"type": "\xed\xa0\x80"}',
        b'{"type": "\xc0\xaf"}',
        b'{"type": "caf\xe9"}',
        b'{"type": "\\q"}',
        b"// remark\n{}",
        MARK.encode(),
    ],
)
def test_a_body_that_is_no_json_in_utf_8_is_malformed(shared: TestClient, watch: Watch, body: bytes):
    watch.refused(post(shared, body), 400)


@pytest.mark.parametrize("body", [b"[]", b"null", b"5", b'"text"', b"true", b"[{}]"])
def test_a_body_that_is_no_object_is_no_event(shared: TestClient, watch: Watch, body: bytes):
    watch.refused(post(shared, body), 422, "")


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
@pytest.mark.parametrize("levels", [42, 1_000, 100_000, 300_000])
def test_a_body_that_nests_too_deep_is_refused(
    shared: TestClient, watch: Watch, opening: bytes, closing: bytes, levels: int
):
    for end in (b"1" + closing * levels, b""):
        watch.refused(post(shared, opening * levels + end), 400)


def test_a_body_may_nest_as_deep_as_the_limit(shared: TestClient, watch: Watch):
    watch.refused(post(shared, b'{"type":' * 40 + b"1" + b"}" * 40), 422, "/type")
    watch.refused(post(shared, b'{"type":' * 41 + b"1" + b"}" * 41), 400, "/type" * 41)


def test_a_key_that_stands_twice_among_many_is_found_about_as_fast_as_none(shared: TestClient, watch: Watch):
    keys = ",".join(f'"k{number}":1' for number in range(15_000))
    took = []
    for body, status in ((f"{{{keys}}}", 422), (f'{{{keys},"k14999":1}}', 400)):
        start = time.perf_counter()
        answer = post(shared, body.encode())
        took.append(time.perf_counter() - start)
        watch.refused(answer, status)
    assert took[1] < 10 * took[0] + 0.2


@pytest.fixture
def small(database_url: str) -> Iterator[TestClient]:
    """A service with small limits: 1,500 bytes, three events, three questions."""
    with client_of(database_url=database_url, max_body_bytes=1_500, max_events=3, max_questions=3) as client:
        yield client


def padded(size: int) -> bytes:
    return json.dumps(NOTE).encode().ljust(size)


def chunks(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 100):
        yield body[start : start + 100]


def test_a_body_over_the_limit_is_refused_whether_or_not_its_length_was_declared(small: TestClient):
    watch = Watch(small, ("0", []))
    watch.refused(post(small, padded(1_501)), 413)
    watch.refused(small.post("/v1/events", content=chunks(padded(1_501)), headers=JSON_BODY), 413)
    watch.refused(small.post("/v1/determinations", content=chunks(padded(1_501)), headers=JSON_BODY), 413)


def test_a_body_of_just_the_limit_is_read_whether_or_not_its_length_was_declared(small: TestClient):
    assert post(small, padded(1_500)).status_code == 201
    chunked = small.post("/v1/events", content=chunks(padded(1_500)), headers=JSON_BODY)
    assert chunked.status_code == 201
    assert "content-length" not in chunked.request.headers


@pytest.mark.parametrize("size", [0, 4])
def test_a_batch_holds_at_least_one_event_and_at_most_the_limit(small: TestClient, size: int):
    Watch(small, ("0", [])).refused(small.post("/v1/events", json={"events": [NOTE] * size}), 422, "/events")


def test_a_batch_of_just_the_limit_is_taken(small: TestClient):
    note = put(put(NOTE, "/source", {"tier": "holder"}), "/data/text", "x")
    assert small.post("/v1/events", json={"events": [note] * 3}).json()["position"] == 3


@pytest.mark.parametrize("size", [0, 4])
def test_a_request_holds_at_least_one_question_and_at_most_the_limit(small: TestClient, size: int):
    question = {"commodity": {"name": "gallium"}}
    body = {"questions": [question] * size}
    Watch(small, ("0", [])).refused(small.post("/v1/determinations", json=body), 422, "/questions")
    assert len(small.post("/v1/determinations", json={"questions": [question] * 3}).json()["answers"]) == 3


@pytest.mark.parametrize("events", [None, {}, "x", 5, {"0": NOTE}])
def test_a_batch_is_a_list(shared: TestClient, watch: Watch, events: object):
    watch.refused(shared.post("/v1/events", json={"events": events}), 422, "/events")


def test_beside_the_events_of_a_batch_nothing_stands(shared: TestClient, watch: Watch):
    watch.refused(shared.post("/v1/events", json={"events": [NOTE], "stream": "note/x"}), 422, "/stream")
    watch.refused(shared.post("/v1/events", json={"events": [NOTE], "a/b~": 1}), 422, "")


@pytest.mark.parametrize("name", [MARK + "/", f"<{MARK}>", f"{MARK} ", f"{MARK}~", f"{MARK}é", MARK * 6, ""])
@pytest.mark.parametrize("place", ["", "/data", "/data/lines/0", "/metadata"])
def test_a_name_that_is_not_plain_does_not_come_back(shared: TestClient, watch: Watch, place: str, name: str):
    inside = {"": GRANT, "/data": GRANT["data"], "/data/lines/0": GRANT["data"]["lines"][0]}.get(place, {})
    event = put(GRANT, place, inside | {name: "x"}) if place else GRANT | {name: "x"}
    watch.refused(shared.post("/v1/events", json=event), 422, place)
    question = {"questions": [{}], name: "x"}
    watch.refused(shared.post("/v1/determinations", json=question), 422, "")
    watch.refused(shared.get("/v1/events", params={name: "x"}), 422, "query")
    watch.refused(shared.get("/v1/events", params=[(name, "x"), (name, "y")]), 422, "query")


@pytest.mark.parametrize(
    ("pointer", "value", "detail"),
    [
        ("/metadata/note", "", "must have at least 1 characters; or must be a whole number"),
        ("/source/title", "x" * 501, "must have at most 500 characters"),
        ("/data/lines/0/commodity/control_code", "-", "not a control code: write it like 1C902"),
        ("/expected_version", -1, "must be at least 0"),
        ("/schema_version", 2, "must be at most 1"),
        ("/data/conditions/no_re_export_to", [], "must have at least 1 entries"),
        ("/data/lines", [{}] * 1_001, "must have at most 1000 entries"),
        ("/data/lines", {}, "must be a list"),
        ("/data/lines/0", [], "must be an object"),
        ("/source/tier", "x", "must be 'issuer_text', 'issuer_statement', "),
    ],
)
def test_what_is_wrong_is_said_in_words(shared: TestClient, watch: Watch, pointer: str, value: object, detail: str):
    problem = watch.refused(shared.post("/v1/events", json=put(GRANT, pointer, value)), 422, pointer)
    assert problem["errors"][0]["detail"].startswith(detail)


@pytest.mark.parametrize(
    ("parameter", "value", "detail"),
    [
        ("limit", "0", "must be at least 1"),
        ("limit", "1001", "at most 1000 here"),
        ("after", "1" * 4_500, "has too many digits"),
        ("after", str(2**53), f"must be at most {2**53 - 1}"),
        ("stream", "x" * 121, "must have at most 120 characters"),
        ("stream", "\x01", "wrong format; see the API reference"),
    ],
)
def test_of_a_parameter_it_is_too(shared: TestClient, watch: Watch, parameter: str, value: str, detail: str):
    problem = watch.refused(shared.get("/v1/events", params={parameter: value}), 422)
    assert problem["errors"] == [{"pointer": parameter, "detail": detail}]


def test_one_bad_event_of_a_batch_is_pointed_at_and_the_others_are_not_stored(shared: TestClient, watch: Watch):
    batch = {"events": [NOTE, put(GRANT, "/data/issuer", "XX"), NOTE]}
    watch.refused(shared.post("/v1/events", json=batch), 422, "/events/1/data/issuer")
    watch.refused(shared.post("/v1/events", json={"events": [NOTE, MARK]}), 422, "/events/1")


def test_what_only_the_log_can_refuse_is_pointed_at_within_its_batch_too(shared: TestClient, watch: Watch):
    report = put(put(ELSEWHERE, "/type", "license.reported"), "/data", {"state": "active", "on": "2025-10-30"})
    watch.refused(shared.post("/v1/events", json=report), 422, "/data/issuer")
    watch.refused(shared.post("/v1/events", json={"events": [NOTE, report]}), 422, "/events/1/data/issuer")


def test_what_makes_no_sense_as_a_record_is_a_conflict_and_the_whole_batch_is_refused(shared: TestClient, watch: Watch):
    use = {"reference": "1", "day": "2025-11-12", "quantity": {"value": "1", "unit": "KGM"}}
    watch.refused(shared.post("/v1/events", json=put(ELSEWHERE, "/type", "license.used") | {"data": use}), 409)
    watch.refused(shared.post("/v1/events", json={"events": [COMPANY, NOTE, COMPANY]}), 409)
    watch.refused(shared.post("/v1/events", json=NOTE | {"expected_version": 1_000}), 409)
    unknown = {"event": "0198c0de-0000-4000-8000-00000000000a"}
    watch.refused(shared.post("/v1/events", json=NOTE | {"type": "record.retracted", "data": unknown}), 409)
    twice = NOTE | {"id": "0198c0de-0000-4000-8000-00000000000a"}
    watch.refused(shared.post("/v1/events", json={"events": [twice, twice | {"effective": "2025"}]}), 409)


def test_a_key_that_is_not_ascii_is_pointed_at_and_not_repeated(shared: TestClient, watch: Watch):
    batch = {"events": [NOTE, put(GRANT, "/type", "record.corrected")]}
    batch["events"][1]["data"] = {"event": "0198c0de-0000-4000-8000-00000000000a", "data": {f"é{MARK}": 1}}
    watch.refused(shared.post("/v1/events", json=batch), 422, "/events/1/data/data")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonl",
        "application/xml",
        MARK,
    ],
)
@pytest.mark.parametrize("path", ["/v1/events", "/v1/determinations"])
def test_a_body_of_another_media_type_is_refused(shared: TestClient, watch: Watch, path: str, content_type: str | None):
    headers = {} if content_type is None else {"Content-Type": content_type}
    watch.refused(shared.post(path, content=json.dumps(NOTE).encode(), headers=headers), 415)


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
def test_json_is_json_with_a_charset_and_in_capitals_too(client: TestClient, content_type: str):
    assert post(client, json.dumps(NOTE).encode(), **{"Content-Type": content_type}).status_code == 201


READS = [
    "/v1/events",
    "/v1/countries",
    "/v1/countries/IN/status",
    "/v1/companies",
    "/v1/companies/example",
    "/v1/companies/example/status",
    "/v1/companies/example/history",
    "/v1/restrictions",
    "/v1/licenses",
    "/v1/milestones",
    "/v1/notes",
    "/v1/events/0198c0de-0000-4000-8000-00000000000a",
]
STATUS = "/v1/countries/IN/status"
TIMED = [STATUS, "/v1/countries", "/v1/companies", "/v1/companies/example/status", "/v1/restrictions"]


@pytest.mark.parametrize("path", READS)
def test_an_unknown_query_parameter_is_refused(shared: TestClient, watch: Watch, path: str):
    watch.refused(shared.get(path, params={"asof": MARK}), 422, "asof")


@pytest.mark.parametrize(
    ("path", "body"), [("/v1/events", NOTE), ("/v1/determinations", {"commodity": {"name": "gallium"}})]
)
def test_a_query_parameter_of_a_post_is_refused_since_a_day_asked_about_may_be_meant(
    shared: TestClient, watch: Watch, path: str, body: dict[str, Any]
):
    watch.refused(shared.post(path, params={"as_of": "2025-10-31"}, json=body), 422, "as_of")


def test_a_parameter_that_stands_twice_is_refused(shared: TestClient, watch: Watch):
    watch.refused(shared.get(f"{STATUS}?as_of=2025-10-31&as_of=2022-01-01"), 422, "as_of")
    watch.refused(shared.get("/v1/events?limit=1&limit=2"), 422, "limit")


@pytest.mark.parametrize(
    "day",
    [
        "2022",
        "2025-10",
        "2025-02-30",
        "20251031",
        "1761868800",
        "2025-10-31T00:00:00Z",
        "2025-10-31~",
        "../2025-10-31",
        "today",
        "",
        "٢٠٢٥-١٠-٣١",
        "2025-10-31\n",
        MARK,
    ],
)
def test_as_of_is_a_calendar_day_and_nothing_else(shared: TestClient, watch: Watch, day: str):
    for path in TIMED:
        watch.refused(shared.get(path, params={"as_of": day}), 422, "as_of")


@pytest.mark.parametrize("day", ["0001-01-01", "2024-02-29", "2025-10-31", "9999-12-31"])
def test_as_of_takes_every_day_of_the_calendar(client: TestClient, golden: Golden, day: str):
    for type_ in ("restriction.announced", "restriction.suspended", "license.granted"):
        assert client.post("/v1/events", json=golden(type_)).status_code == 201
    for path in (STATUS, "/v1/restrictions", "/v1/licenses"):
        answer = client.get(path, params={"as_of": day})
        assert (answer.status_code, answer.json()["as_of"]) == (200, day)


@pytest.mark.parametrize(
    "moment",
    [
        "2025-10-31",
        "2025-10",
        "2025-10-31T12:00:00",
        "2025-10-31T12:00:00+00:00",  # sent as it is: the plus sign of a query is a blank
        "2025-10-31 12:00:00Z",
        "-1",
        "1.0",
        "0x0",
        "٠",
        "now",
        "",
        MARK,
        "9" * 101,
    ],
)
def test_known_at_is_a_position_or_an_instant_with_its_offset(shared: TestClient, watch: Watch, moment: str):
    for path in TIMED:
        as_it_is = "+" in moment
        answer = shared.get(f"{path}?known_at={moment}") if as_it_is else shared.get(path, params={"known_at": moment})
        watch.refused(answer, 422, "known_at")


@pytest.mark.parametrize("position", ["1", "2022", "99999999999999999999999999"])
def test_a_position_past_the_head_is_refused_and_no_year(client: TestClient, position: str):
    problem = Watch(client, ("0", [])).refused(client.get(STATUS, params={"known_at": position}), 422, "known_at")
    assert problem["type"] == "/problems/position-ahead"


@ON_BOTH
def test_every_position_up_to_the_head_is_answered(client: TestClient):
    assert client.post("/v1/events", json=NOTE).status_code == 201
    answers = [client.get(STATUS, params={"known_at": at}) for at in (0, 1, 2)]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert [answer.json()["known_at"]["position"] for answer in answers[:2]] == [0, 1]


def test_an_instant_that_is_not_past_yet_is_answered_from_the_head_and_marked_open(client: TestClient):
    assert client.post("/v1/events", json=NOTE).status_code == 201
    known_at = client.get(STATUS, params={"known_at": "9998-01-01T00:00:00+05:30"}).json()["known_at"]
    assert (known_at["position"], known_at["open"]) == (1, True)
    known_at = client.get(STATUS, params={"known_at": "2020-01-01T00:00:00Z"}).json()["known_at"]
    assert (known_at["position"], known_at["open"]) == (0, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("as_of", "2022"),
        ("as_of", MARK),
        ("as_of", 2022),
        ("known_at", 10_000),
        ("known_at", "2022"),
        ("known_at", -1),
        ("known_at", True),
        ("known_at", "2025-10-31"),
        ("known_at", MARK),
        ("exporter", 5),
        ("exporter", {"name": MARK}),
        ("end_user", []),
        ("controller", "China"),
        ("destination", "XX"),
        ("commodity", {}),
        ("commodity", {"hs": 8505}),
        ("commodity", None),
        ("end_use", "Civil"),
        ("colour", MARK),
    ],
)
def test_a_question_that_cannot_be_read_is_pointed_at(shared: TestClient, watch: Watch, field: str, value: object):
    question = {"commodity": {"name": "gallium"}}
    both = {"questions": [question, question | {field: value}]}
    for body, pointer in ((question | {field: value}, f"/{field}"), (both, f"/questions/1/{field}")):
        problem = watch.refused(shared.post("/v1/determinations", json=body), 422)
        assert any(error["pointer"].startswith(pointer) for error in problem["errors"]), problem


@pytest.mark.parametrize("path", ["/v1/events", "/v1/restrictions", "/v1/companies"])
@pytest.mark.parametrize("limit", ["0", "-1", "1001", "1.5", "1_0", "ten", "", "99999999999999999999"])
def test_a_limit_is_a_whole_number_from_1_to_1000(shared: TestClient, watch: Watch, path: str, limit: str):
    watch.refused(shared.get(path, params={"limit": limit}), 422, "limit")


@pytest.mark.parametrize("path", ["/v1/events", "/v1/restrictions", "/v1/companies"])
@pytest.mark.parametrize("limit", [1, 1000])
def test_the_least_and_the_largest_limit_are_taken(client: TestClient, path: str, limit: int):
    assert client.get(path, params={"limit": limit}).status_code == 200


@pytest.mark.parametrize("after", ["-1", "1.5", "x", "", "9007199254740992", "99999999999999999999"])
def test_events_are_read_after_a_position(shared: TestClient, watch: Watch, after: str):
    watch.refused(shared.get("/v1/events", params={"after": after}), 422, "after")


@pytest.mark.parametrize("after", [0, 2**53 - 1])
def test_events_after_any_position_may_be_asked_for(client: TestClient, after: int):
    assert client.get("/v1/events", params={"after": after}).json() == {"events": [], "next_after": after}


def test_the_events_of_a_stream_with_the_longest_name_can_be_asked_for(client: TestClient):
    rule = put(RULE, "/stream", "restriction/" + "x" * 100)
    assert client.post("/v1/events", json=rule).status_code == 201
    answer = client.get("/v1/events", params={"stream": rule["stream"]})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["events"]) == 1


@pytest.mark.parametrize("path", ["/v1/events?stream=%00", "/v1/restrictions?after=%00", "/v1/companies?after=a%00b"])
def test_a_nul_in_a_query_is_answered_or_refused(shared: TestClient, watch: Watch, path: str):
    answer = shared.get(path)
    if answer.status_code != 200:
        watch.refused(answer, 422)


def test_an_unknown_type_to_read_is_refused(shared: TestClient, watch: Watch):
    watch.refused(shared.get("/v1/events", params={"type": MARK}), 422, "type")


@pytest.mark.parametrize("code", ["XX", "in", "IND", "I", "%00%00", "India", "١٢"])
def test_an_unknown_country_in_a_path_is_refused(shared: TestClient, watch: Watch, code: str):
    watch.refused(shared.get(f"/v1/countries/{code}/status"), 422, "code")


@pytest.mark.parametrize("name", ["country", "controller"])
def test_an_unknown_country_in_a_query_is_refused(shared: TestClient, watch: Watch, name: str):
    path = "/v1/licenses" if name == "country" else STATUS
    watch.refused(shared.get(path, params={name: "China"}), 422, name)


@pytest.mark.parametrize("commodity", ["Rare: Earths", "8", "8" * 13, "", "٨٥٠٥", "8505\n"])
def test_a_commodity_in_a_query_is_a_name_or_digits(shared: TestClient, watch: Watch, commodity: str):
    watch.refused(shared.get(STATUS, params={"commodity": commodity}), 422, "commodity")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/events/0198C0DE-0000-4000-8000-00000000000A",
        "/v1/events/1",
        "/v1/licenses/CN-IN",
        "/v1/companies/Example",
        "/v1/restrictions/a_b/history",
        "/v1/milestones/" + "x" * 101,
    ],
)
def test_an_id_in_a_path_is_written_as_ids_are(shared: TestClient, watch: Watch, path: str):
    watch.refused(shared.get(path), 422, "id")


@pytest.mark.parametrize(
    "path",
    [
        "/v1",
        "/v1/",
        f"/v1/{MARK}",
        "/v2/events",
        "/v1//events",
        "/V1/events",
        "/v1/events/0198c0de-0000-4000-8000-00000000000a",
        "/v1/licenses/nobody",
        "/v1/companies/nobody/status",
        "/v1/restrictions/nobody/history",
        f"/problems/{MARK}",
        "/problems/%00",
        "/docs/assets/%00",
        f"/docs/assets/{MARK}",
        "/docs/assets/%2e%2e/%2e%2e/app.py",
        "/docs/assets/..%2f__init__.py",
        "/docs/assets/" + "x" * 5_000,
        "/favicon.ico",
        "/.env",
    ],
)
def test_a_path_with_nothing_behind_it_is_not_found(shared: TestClient, watch: Watch, path: str):
    watch.refused(shared.get(path), 404)


def test_a_slash_too_many_is_answered_with_a_problem_and_not_sent_elsewhere(shared: TestClient, watch: Watch):
    answer = shared.get("/v1/events/", headers={"Host": "elsewhere.example"}, follow_redirects=False)
    assert "elsewhere.example" not in answer.headers.get("location", "")
    watch.refused(shared.post("/v1/events/", json=NOTE, follow_redirects=False), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize(("path", "allowed"), [("/v1/events", {"GET", "POST"}), ("/v1/determinations", {"POST"})])
def test_a_method_that_a_resource_does_not_have_is_refused_with_those_that_it_has(
    shared: TestClient, watch: Watch, path: str, allowed: set[str], method: str
):
    answer = shared.request(method, path)
    watch.refused(answer, 405)
    assert set(answer.headers["allow"].replace(" ", "").split(",")) - {"HEAD", "OPTIONS"} == allowed


def test_every_kind_of_refusal_has_a_problem_type_of_its_own():
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.LodestoneError)
    ]
    abstract = {errors.LodestoneError, errors.Refused}
    assert len({kind.problem for kind in kinds}) == len(kinds) >= len(docs.problem_types())
    assert all(kind.problem not in ("internal", "refused") for kind in kinds if kind not in abstract)


# A type without a golden event is named by a test of the catalogue.
KEPT = [name for name in catalogue.POSTED if (GOLDEN / f"{name}.json").is_file()]


@ON_BOTH
def test_every_golden_event_is_recorded_and_read_back_as_it_was_posted(client: TestClient, golden: Golden):
    def order(event: dict[str, Any]) -> tuple[bool, bool, str]:
        return event["type"].startswith("record."), not catalogue.TYPES[event["type"]].begins, event["id"]

    in_order = sorted((golden(type_) for type_ in KEPT), key=order)
    for event in in_order:
        event.pop("expected_version", None)
    answer = client.post("/v1/events", json={"events": in_order})
    assert answer.status_code == 201, answer.text
    read = client.get("/v1/events", params={"limit": 1000}).json()["events"]
    assert [one["position"] for one in read] == list(range(1, len(in_order) + 1))
    for posted, one in zip(in_order, read, strict=True):
        assert {name: one[name] for name in posted} == posted
    again = client.post("/v1/events", json={"events": in_order})
    assert again.json()["events"] == read
