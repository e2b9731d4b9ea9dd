"""Which media type is chosen, and what listings look like in lines and in sheets."""

import csv
import io
import json
from typing import Any

import pytest

from service.api.http.media import CSV, JSON, NDJSON, offers, preferred
from service.errors import NotAcceptable
from tests.api.conftest import Filled
from tests.api.routes import reads
from tests.client import TestClient

OFFERED = (JSON, NDJSON, CSV)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ([], JSON),
        (["*/*"], JSON),
        (["text/csv"], CSV),
        (["TEXT/CSV"], CSV),
        (["text/*"], CSV),
        (["application/*"], JSON),
        (["text/csv, application/json"], JSON),
        (["text/csv;q=0.9, application/json;q=0.8"], CSV),
        (["text/csv;q=0.8", "application/x-ndjson;q=0.9"], NDJSON),
        (["application/json;q=0, */*"], NDJSON),
        (["application/json;q=0.1, */*;q=0.5"], NDJSON),
        (["application/*;q=0.2, application/x-ndjson;q=0.1, text/csv;q=0.15"], JSON),
        (["text/html, application/xhtml+xml, */*;q=0.8"], JSON),
        (["text/csv; header=present; q=0.5, application/json;q=0.4"], CSV),
        (["application/json; charset=utf-8"], JSON),
        (["text/csv;q=1.000"], CSV),
        (["text/csv ; q=0.5 , application/x-ndjson ; q=0.6"], NDJSON),
        (["nonsense"], JSON),
        (["text/csv;q=2"], JSON),
        (["text/csv;q=0.5000, application/x-ndjson"], NDJSON),
        ([""], JSON),
    ],
)
def test_the_type_of_the_highest_quality_is_chosen_and_the_first_of_equals(accept: list[str], chosen: str):
    assert preferred(accept, OFFERED) == chosen


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/html", "application/xml;q=0.9, text/plain", "*/*;q=0", "application/json;q=0, text/*;q=0"],
)
def test_where_none_is_acceptable_that_is_said_and_what_there_is(accept: str):
    with pytest.raises(NotAcceptable) as refused:
        preferred([accept], OFFERED)
    assert all(offer in refused.value.detail for offer in OFFERED)


def test_every_listing_is_written_in_lines_and_as_a_sheet(filled: Filled):
    listings = [route for route in reads() if CSV in _offers(route)]
    assert len(listings) == 18
    for route in listings:
        whole = filled.request(route).json()
        (items,) = (value for name, value in whole.items() if isinstance(value, list))
        lines = filled.request(route, headers={"Accept": NDJSON}).text
        assert [json.loads(line) for line in lines.splitlines()] == items
        rows = list(csv.DictReader(io.StringIO(filled.request(route, headers={"Accept": CSV}).text, newline="")))
        assert len(rows) == len(items)
        for row, item in zip(rows, items, strict=True):
            assert {name: _read(cell, item[name]) for name, cell in row.items()} == item


def _offers(route: Any) -> tuple[str, ...]:
    return offers(route.declared) if route.of_the_api and hasattr(route.declared, "response_class") else ()


def _read(cell: str, like: Any) -> Any:
    """A cell as what it was written from. An apostrophe keeps a spreadsheet from running it."""
    if like is None:
        return None if cell == "" else cell
    return cell.removeprefix("'") if isinstance(like, str) else json.loads(cell)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A0", "＝1+1", "－1"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_listing_begins_like_a_formula(client: TestClient, formula: str):
    note = {"stream": "note/a", "type": "note.recorded", "source": {"tier": "press_named"}}
    company = {"stream": "company/a", "type": "company.registered", "source": {"tier": "press_named", "title": formula}}
    events = [
        note | {"data": {"kind": "other", "text": formula}, "metadata": {"said": formula}},
        company | {"data": {"name": formula, "country": "IN"}},
    ]
    assert client.post("/v1/events", json={"events": events}).status_code == 201
    seen = 0
    for path in ("/v1/notes", "/v1/companies", "/v1/events"):
        text = client.get(path, headers={"Accept": CSV}).text
        for row in csv.reader(io.StringIO(text, newline="")):
            for cell in row:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
                seen += cell == f"'{formula}"
    assert seen == 2


def test_a_sheet_of_nothing_still_names_its_columns(client: TestClient):
    sheet = client.get("/v1/notes", headers={"Accept": CSV}).text
    assert sheet == "id,kind,text,about,countries,commodities,earliest,latest,said_by,position\r\n"
    assert client.get("/v1/notes", headers={"Accept": NDJSON}).text == ""


def test_a_sheet_of_questions_is_answered_as_a_sheet_or_as_json_and_json_as_json_alone(filled: Filled):
    sheet = "controller,commodity\r\nCN,rare_earth_magnets\r\n"
    sent = {"Content-Type": "text/csv"}
    for accept, kind in (("*/*", CSV), (CSV, CSV), (JSON, JSON), ("text/*", CSV)):
        answer = filled.client.post("/v1/determinations", content=sheet, headers=sent | {"Accept": accept})
        assert answer.headers["content-type"].partition(";")[0] == kind
    plain = {"commodity": {"name": "rare_earth_magnets"}}
    assert filled.client.post("/v1/determinations", json=plain, headers={"Accept": CSV}).status_code == 406


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        (JSON, JSON),
        ("text/plain", "text/plain"),
    ],
)
def test_the_page_of_a_problem_is_written_for_whoever_asks(filled: Filled, accept: str, kind: str):
    page = filled.client.get("/problems/not-acceptable", headers={"Accept": accept})
    assert page.status_code == 200
    assert page.headers["content-type"].partition(";")[0] == kind
    assert page.headers["vary"] == "Accept"
    assert "No media type in Accept is available" in page.text
    assert "<script" not in page.text
