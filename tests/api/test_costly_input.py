"""What one client sends costs little: in memory that stays, in answers that grow, in time that others wait for."""

import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from httpx2 import Response

from service.api.http import media, paging, sheet_columns, spreadsheet
from service.api.http.bodies import READ_AT_ONCE_BYTES, beside
from service.domain.company import alike, lookalikes, names, readings
from service.domain.invalid import pointer_of
from service.errors import InvalidRequest, LodestoneError, MalformedRequest
from service.projections import keys
from service.register import strict_json
from service.register.post import posted_of
from service.register.strict_json import Most
from tests.api.conftest import client_of
from tests.client import TestClient

TEXTS, HELD_BYTES = 50, 200_000
"""All of the texts together are twice what may be held after them."""
REFUSAL_BYTES = 10_000


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (lambda text: media.preferred([text], (media.JSON,)), "application/json,a/{n}," + "text/html;q=0.1," * 500),
        (keys._days_of, "1{n}" + "x" * 8_000),
        (names.read, "{n}" + "x" * 8_000),
        (names.latin, "{n}" + "x" * 8_000),
        (lambda text: alike.spellings(names.Name("", (), text)), "{n}" + "x" * 8_000),
        (lookalikes.mixes_scripts, "{n}" + "x" * 8_000),
        (lambda text: readings.readings(names.Name("", (), "", text)), "firma ltd b c o {n}" + "x" * 8_000),
    ],
    ids=["accept", "day", "name", "latin", "spellings", "scripts", "readings"],
)
def test_long_texts_are_not_kept(read: Callable[[str], Any], text: str):
    for number in range(3):
        read(text.replace("{n}", str(number)))
    tracemalloc.start()
    try:
        for number in range(1_000, 1_000 + TEXTS):
            read(text.replace("{n}", str(number)))
        assert tracemalloc.get_traced_memory()[0] < HELD_BYTES
    finally:
        tracemalloc.stop()


def test_only_the_first_ranges_of_an_accept_header_count():
    long = ["text/html"] * (media.MOST_RANGES - 1)
    assert media.preferred([",".join([*long, media.CSV])], (media.JSON, media.CSV)) == media.CSV
    with pytest.raises(LodestoneError):
        media.preferred([",".join([*long, "text/html", media.CSV])], (media.JSON, media.CSV))


@pytest.mark.parametrize(
    "body",
    [
        b"[" + b"1.5," * 100_000 + b"1]",
        b"[" + b"NaN," * 100_000 + b"1]",
        b"[" + b"99999999999999999," * 50_000 + b"1]",
        b"[" + b"[[[[[[[[[[[[1]]]]]]]]]]]]," * 10_000 + b"1]",
        b"{" + b",".join(b'"a%d":1.5' % n for n in range(50_000)) + b"}",
        b"[" + b'{"a":1,"a":2},' * 50_000 + b"1]",
        b"[" + b'"\\ud800",' * 100_000 + b"1]",
    ],
    ids=["floats", "NaN", "large", "nested", "members", "duplicates", "surrogates"],
)
def test_of_many_faults_only_the_first_are_looked_for(body: bytes, monkeypatch: pytest.MonkeyPatch):
    looked_at: list[tuple[int | str, ...]] = []

    def pointer(path: tuple[int | str, ...]) -> str:
        looked_at.append(path)
        return pointer_of(path)

    monkeypatch.setattr("service.register.strict_json.pointer_of", pointer)
    with pytest.raises(MalformedRequest) as refused:
        strict_json.loads(body, Most(levels=10))
    assert 1 <= len(refused.value.errors) <= 20
    assert len(looked_at) <= 20


@pytest.mark.parametrize("values", [1, 10])
def test_a_body_holds_as_many_values_as_the_limit_and_no_more(values: int):
    most = Most(values=values)
    fits = json.dumps([1] * (values - 1)).encode()
    assert len(strict_json.loads(fits, most)) == values - 1
    with pytest.raises(MalformedRequest, match=f"more than {values} values"):
        strict_json.loads(json.dumps([1] * values).encode(), most)


def test_the_values_of_all_levels_are_counted_and_of_local_files_none():
    document = {"a": [1, {"b": [2, 3]}], "c": "d"}
    body = json.dumps(document).encode()
    assert strict_json.loads(body, Most(values=8)) == document
    with pytest.raises(MalformedRequest):
        strict_json.loads(body, Most(values=7))
    assert len(strict_json.loads(json.dumps([1] * 300_000).encode())) == 300_000


def test_the_most_values_is_a_setting(sqlite_url: str):
    with client_of(database_url=sqlite_url, max_values=1_000) as client:
        for path in ("/v1/events", "/v1/determinations", "/v1/evidence"):
            refused = client.post(path, json={"questions": [1] * 1_000})
            assert (refused.status_code, refused.json()["detail"]) == (400, "The body holds more than 1000 values.")


def test_unknown_names_beside_the_events_are_told_up_to_the_limit():
    with pytest.raises(InvalidRequest) as refused:
        posted_of({"events": []} | {f"a{n}": 1 for n in range(1_000)}, 10)
    assert len(refused.value.errors) == 20


def sheet(columns: int) -> bytes:
    return ",".join(["hs", *(f"own{n}" for n in range(columns - 1))]).encode() + b"\n850511" + b"," * (columns - 1)


def test_a_sheet_has_as_many_columns_as_the_limit_and_no_more():
    assert len(spreadsheet.read(sheet(sheet_columns.MOST_COLUMNS), 10).names) == sheet_columns.MOST_COLUMNS
    with pytest.raises(InvalidRequest) as refused:
        spreadsheet.read(sheet(sheet_columns.MOST_COLUMNS + 1), 10)
    assert [one.pointer for one in refused.value.errors] == ["/0"]


@pytest.mark.parametrize(
    "body",
    [b"hs" + b"," * 500_000, b"hs\n" + b"," * 500_000, b"hs\n" + b"1\n" * 200_000, b"hs" + b"\nhs" * 200_000],
    ids=["commas", "cells", "lines", "names"],
)
def test_a_sheet_of_nothing_is_answered_in_few_bytes(shared: TestClient, body: bytes):
    answer = shared.post("/v1/determinations", content=body, headers={"Content-Type": "text/csv"})
    assert answer.status_code in (200, 422)
    assert len(answer.content) < REFUSAL_BYTES


@pytest.mark.parametrize("cursor", ["W" * 1_200, "W1tb" * 400, "ew", "_w", "MQ", "WzFd"])
def test_a_cursor_that_cannot_be_read_is_refused(cursor: str):
    """Among them 1,200 brackets, which no parser follows to the end."""
    with pytest.raises(InvalidRequest):
        paging.place_after(cursor)


@pytest.mark.parametrize(("limit", "status"), [("0000000200", 200), ("0000000201", 422), ("0" * 100 + "201", 422)])
def test_leading_zeros_do_not_lift_the_limit_of_a_page(sqlite_url: str, limit: str, status: int):
    with client_of(database_url=sqlite_url, max_page_size=200) as client:
        assert client.get("/v1/events", params={"limit": limit}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Encoding": "identity"}, 422),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Type": "application/json; charset=iso-8859-1; q=1"}, 415),
        ({"Content-Type": 'application/json; charset="UTF-8"'}, 422),
        ({"Content-Type": "application/json"}, 422),
    ],
)
@pytest.mark.parametrize("path", ["/v1/events", "/v1/determinations", "/v1/evidence"])
def test_a_body_that_was_packed_or_written_in_another_charset_is_refused(
    shared: TestClient, path: str, headers: dict[str, str], status: int
):
    sent: Response = shared.post(path, content=b"[]", headers={"Content-Type": "application/json"} | headers)
    if path == "/v1/evidence" and status == 422:
        # Without a signing key nothing is asked.
        status = 503
    assert sent.status_code == status, sent.text


@pytest.mark.parametrize(("size", "waits"), [(READ_AT_ONCE_BYTES, True), (READ_AT_ONCE_BYTES + 1, False)])
def test_what_a_large_body_takes_is_done_beside_the_event_loop(size: int, waits: bool):
    async def others_are_served() -> bool:
        served = anyio.Event()

        def work() -> bool:
            return served.is_set() if waits else anyio.from_thread.run_sync(served.set) is None and served.is_set()

        return await beside(size, work)

    assert anyio.run(others_are_served) is not waits
