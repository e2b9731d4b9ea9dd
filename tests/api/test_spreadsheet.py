"""Questions from a spreadsheet, and answers into one."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service import seeds
from service.api.http.spreadsheet import harmless
from service.app import create_app
from service.log.progress import silent
from service.settings import Settings

CSV = {"Content-Type": "text/csv"}


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=database_url, signing_key_file=tmp_path / "key"))) as client:
        seeds.load(client.app.state.register.log, seeds.read("article"), silent)  # type: ignore[attr-defined]
        yield client


def ask(register: TestClient, sheet: str) -> list[dict[str, str]]:
    response = register.post("/v1/determinations", content=sheet.encode(), headers=CSV)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(response.text)))


def test_a_sheet_of_questions_is_answered_by_the_same_sheet_with_the_answers_behind(register: TestClient) -> None:
    found = ask(
        register,
        "controller,destination,commodity,end_user,end_user_country,as_of\r\n"
        "CN,IN,rare_earth_magnets,Some Motors,IN,2025-10-31\r\n"
        'CN,DE,rare_earth_magnets,"Irgendein, Werk",DE,2025-10-31\r\n'
        "CN,IN,gallium,,,2025-10-31\r\n",
    )
    assert [row["control"] for row in found] == ["license_required", "undetermined", "no_data"]
    assert [row["standing"] for row in found] == ["possible", "unknown", "unknown"]
    assert [row["end_user"] for row in found] == ["Some Motors", "Irgendein, Werk", ""]
    assert found[0]["licenses_official_min"] == "2"
    assert "A license is required" in found[0]["headline"]


def test_a_sheet_and_json_give_the_same_answers(register: TestClient) -> None:
    question = {"controller": "CN", "destination": "IN", "commodity": {"hs": "850511"}, "as_of": "2025-10-31"}
    answer = register.post("/v1/determinations", json=question | {"known_at": 9}).json()["answers"][0]
    row = ask(register, "controller,destination,hs,as_of,known_at\nCN,IN,850511,2025-10-31,9\n")[0]
    assert (row["control"], row["covered"], row["standing"]) == (
        answer["control"],
        answer["covered"],
        answer["standing"],
    )
    assert row["known_at_position"] == "9"


@pytest.mark.parametrize(
    ("sheet", "status", "pointer"),
    [
        ("", 422, ""),
        ("controller,hs\n", 422, ""),
        ("controller,colour\nCN,red\n", 422, "/0/1"),
        ("hs,hs\n850511,850511\n", 422, "/0"),
        ("controller,hs\nCN\n", 422, "/1"),
        ("controller,hs\nCN,850511\nZZ,850511\n", 422, "/2/controller"),
        ("controller\nCN\n", 422, "/1/commodity"),
        ("hs,as_of\n850511,2022\n", 422, "/1/as_of"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused_with_its_line(
    register: TestClient, sheet: str, status: int, pointer: str
) -> None:
    refused = register.post("/v1/determinations", content=sheet.encode(), headers=CSV)
    assert refused.status_code == status
    assert refused.json()["errors"][0]["pointer"] == pointer


def test_a_sheet_that_is_no_text_is_refused(register: TestClient) -> None:
    assert register.post("/v1/determinations", content=b"\xff\xfe\x00", headers=CSV).status_code == 400


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(register: TestClient, cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"a{cell}") == f"a{cell}"


def test_a_formula_that_was_asked_about_does_not_come_back_as_one(register: TestClient) -> None:
    row = ask(register, "controller,commodity,end_user,end_user_country\nCN,magnets,=HYPERLINK(1),IN\n")[0]
    assert row["end_user"] == "'=HYPERLINK(1)"
