"""Questions from a spreadsheet, and answers into one."""

import csv
import io
from collections.abc import Iterator

import pytest

from service.api.http.sheet_rows import as_it_was, harmless
from service.api.http.spreadsheet import read
from service.app import create_app
from service.errors import InvalidRequest
from service.register.shapes import Question
from service.settings import Settings
from tests.client import TestClient
from tests.conftest import SeededFile, sqlite_copy

CSV = {"Content-Type": "text/csv"}


@pytest.fixture(scope="module")
def register(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """With the article; a sheet asks, and records nothing."""
    folder = tmp_path_factory.mktemp("sheets")
    url = sqlite_copy(seeded_file("article"), folder)
    with TestClient(create_app(Settings(database_url=url, signing_key_file=folder / "key"))) as client:
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
    ("sheet", "pointer"),
    [
        ("", ""),
        ("controller,hs\n", ""),
        ("controller,colour\nCN,red\n", "/0"),
        ("hs,destinatoin\n850511,IN\n", "/0/1"),
        ("hs,As of\n850511,2025-10-31\n", "/0/1"),
        ("hs,hs\n850511,850511\n", "/0"),
    ],
)
def test_a_sheet_whose_columns_cannot_be_read_is_refused(register: TestClient, sheet: str, pointer: str) -> None:
    refused = register.post("/v1/determinations", content=sheet.encode(), headers=CSV)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("CN", "the line has 1 cells, and the first line names 5 columns"),
        ("ZZ,850511,,,", "controller: "),
        ("CN,,,,", "commodity: "),
        ("CN,850511,2022,,", "as_of: "),
        ("CN,850511,,99999,", "known_at: "),
        ("CN,850511,,,dysprosium_percent=much", "parameters: dysprosium_percent: not a number: write it like 1.9"),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_answered(register: TestClient, line: str, problem: str) -> None:
    good = "CN,850511,2025-10-31,9,"
    found = ask(register, f"controller,hs,as_of,known_at,parameters\n{good}\n{line}\n{good}\n")
    assert [bool(row["control"]) for row in found] == [True, False, True]
    assert (found[0]["problem"], found[2]["problem"]) == ("", "")
    assert found[1]["problem"].startswith(problem)


@pytest.mark.parametrize(
    ("columns", "line", "problem"),
    [
        ("consignee", "Some Works", "consignee_country: this field is required"),
        ("consignee,intermediary", ",Some Works", "intermediary_country: this field is required"),
        ("control_code", "-", "control_code: not a control code: write it like 1C902 or 3A001.b.2.a"),
        ("quantity,quantity_unit", "5,STUECK", "quantity_unit: must be "),
        ("quantity,quantity_unit", "much,KGM", "quantity: not a number"),
        ("cas", "7440-00-1", "cas: not a valid CAS"),
        ("end_user,end_user_country", "Some Motors,ZZ", "end_user_country: "),
        ("end_user_company", "Some Motors", "end_user_company: "),
    ],
)
def test_what_is_wrong_is_told_at_its_column(register: TestClient, columns: str, line: str, problem: str) -> None:
    sheet = f"controller,commodity,{columns}\nCN,gallium,{line}\n"
    (row,) = ask(register, sheet)
    assert row["problem"].startswith(problem)
    as_json = register.post("/v1/determinations", content=sheet.encode(), headers=CSV | {"Accept": "application/json"})
    assert as_json.json()["errors"][0]["pointer"] == f"/1/{problem.partition(':')[0]}"


def test_a_row_without_goods_names_the_columns_that_say_which(register: TestClient) -> None:
    (row,) = ask(register, "controller,commodity,hs\nCN,,\n")
    assert row["problem"] == "commodity: which goods? Fill in commodity, hs, control_code, cas or description"


@pytest.mark.parametrize("code", ["1c902 a", "1c902.A", "1C902-a", "1C902(a)"])
def test_a_control_code_is_read_as_people_type_it(register: TestClient, code: str) -> None:
    sheet = f"controller,control_code\nCN,{code}\n".encode()
    asked = register.post("/v1/determinations", content=sheet, headers=CSV | {"Accept": "application/json"})
    assert asked.json()["answers"][0]["question"]["commodity"] == {"control_code": "1C902.a"}


def test_what_is_open_for_goods_off_the_record_names_their_codes(register: TestClient) -> None:
    (row,) = ask(register, "controller,destination,commodity\nCN,IN,N52 magnets\n")
    assert row["control"] == "undetermined"
    assert row["would_settle_it"] == "commodity.name commodity.hs commodity.control_code"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_own_columns_are_kept_and_the_delimiter_too(register: TestClient, delimiter: str) -> None:
    sheet = "\ufeffOrder no.,controller,commodity,destination\n A-1 ,CN,rare_earth_magnets,IN\n".replace(",", delimiter)
    response = register.post("/v1/determinations", content=sheet.encode(), headers=CSV)
    assert response.text.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff")), delimiter=delimiter)
    assert (row["Order no."], row["controller"], row["control"]) == (" A-1 ", "CN", "license_required")


def test_empty_lines_come_back_in_their_place(register: TestClient) -> None:
    line = "CN,rare_earth_magnets,IN"
    found = ask(register, f"controller,commodity,destination\n{line}\n,,\n{line}\n , , \n")
    assert [row["control"] for row in found] == ["license_required", "", "license_required", ""]
    assert not any(found[1].values()) and found[3]["controller"] == " "


def test_more_empty_lines_than_questions_may_be_asked_are_refused() -> None:
    sheet = "controller,commodity\nCN,magnets\n"
    assert len(read((sheet + ",\n" * 3).encode(), 3).lines) == 4
    with pytest.raises(InvalidRequest):
        read((sheet + ",\n" * 4).encode(), 3)


@pytest.mark.parametrize(
    "name", ["customer", "customer_country", "buyer", "consignee name", "Kunde", "Ship-to", "ECCN"]
)
def test_a_column_with_a_usual_word_for_another_is_refused_unless_it_is_kept_by_its_name(
    register: TestClient, name: str
) -> None:
    sheet = f"{name},controller,commodity\nx,CN,rare_earth_magnets\n"
    refused = register.post("/v1/determinations", content=sheet.encode(), headers=CSV)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/0/0")
    assert f"keep it unread as own:{name}" in refused.json()["errors"][0]["detail"]
    assert ask(register, f"own:{sheet}")[0][f"own:{name}"] == "x"


@pytest.mark.parametrize(
    ("columns", "line", "place", "read"),
    [
        ("as_of", "26.11.2026", "as_of", "2026-11-26"),
        ("as_of", "1.2.2026", "as_of", "2026-02-01"),
        ("as_of", "2026-11-26 00:00:00", "as_of", "2026-11-26"),
        ("destination", "united states", "destination", "US"),
        ("end_use", "Military", "end_use", "military"),
        ("content_percent", "12,5", "content_percent", "12.5"),
        ("quantity;quantity_unit", "1.234,5;kgm", "quantity", {"value": "1234.5", "unit": "KGM"}),
        (
            "parameters",
            "dysprosium_percent = 1,9, x_percent=2",
            "parameters",
            {"dysprosium_percent": "1.9", "x_percent": "2"},
        ),
        (
            "destination;end_user;end_user_country",
            "IN;Some Motors;",
            "end_user",
            {"name": "Some Motors", "country": "IN"},
        ),
        ("exporter;exporter_country", "Some Works;", "exporter", {"name": "Some Works", "country": "CN"}),
    ],
)
def test_cells_are_read_as_people_write_them(
    register: TestClient, columns: str, line: str, place: str, read: object
) -> None:
    sheet = f"controller;commodity;{columns}\nChina;Rare earth magnets;{line}\n".encode()
    asked = register.post("/v1/determinations", content=sheet, headers=CSV | {"Accept": "application/json"})
    question = asked.json()["answers"][0]["question"]
    assert question["controller"] == "CN" and question["commodity"]["name"] == "rare_earth_magnets"
    assert (question["commodity"] if place == "parameters" else question)[place] == read


@pytest.mark.parametrize("nobody", ["-", "n/a", "N.A.", "unknown", "TBD", "none", "k.A.", "?", "xxx", "...", "未定"])
def test_a_placeholder_for_a_party_is_an_empty_cell(register: TestClient, nobody: str) -> None:
    head = "controller,destination,commodity,end_user,end_user_country,consignee,consignee_country"
    asked, left_out = ask(register, f"{head}\nCN,US,tungsten,{nobody},,{nobody},?\nCN,US,tungsten,,,,\n")
    assert not asked["problem"] and asked["headline"] == left_out["headline"] and asked["listed"] == ""


def test_a_placeholder_with_a_country_is_a_party_of_that_country_whom_nobody_names(register: TestClient) -> None:
    sheet = b"controller;destination;commodity;end_user;end_user_country\nCN;NA;tungsten;-;NA\n"
    answered = register.post("/v1/determinations", content=sheet, headers=CSV | {"Accept": "application/json"})
    assert answered.json()["answers"][0]["question"]["end_user"] == {"undisclosed": True, "country": "NA"}


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("as_of", "11/26/2026", "as_of: with slashes, the month or the day may come first: write 2026-11-26"),
        ("as_of", "03/04/2026", "write 2026-04-03 or 2026-03-04"),
        ("as_of", "31.02.2026", "as_of: not a day in the calendar"),
        ("destination", "Chnia", "destination: no country is called Chnia; did you mean China (CN)"),
        ("end_use", "Zivil", "end_use: no rule and no license for these goods names zivil; write civil or military"),
        ("content_percent", "45.000", "content_percent: 45.000 may be 45000, or a decimal"),
        ("parameters", "dysprosium 1.9", "parameters: dysprosium is not written NAME=VALUE"),
    ],
)
def test_a_cell_that_can_be_read_in_two_ways_or_in_none_is_told(
    register: TestClient, column: str, cell: str, problem: str
) -> None:
    sheet = f"controller;commodity;{column}\nCN;rare_earth_magnets;{cell}\n".encode()
    answered = register.post("/v1/determinations", content=sheet, headers=CSV).text
    (row,) = csv.DictReader(io.StringIO(answered), delimiter=";")
    assert problem in row["problem"] and not row["control"]


def test_a_comma_in_a_number_is_no_decimal_sign_where_commas_separate_cells(register: TestClient) -> None:
    (row,) = ask(register, 'controller,commodity,content_percent\nCN,rare_earth_magnets,"12,5"\n')
    assert row["problem"].startswith("content_percent: ")


def test_an_answered_sheet_can_be_asked_again(register: TestClient) -> None:
    sheet = b"controller,commodity,destination,as_of\nCN,rare_earth_magnets,IN,2025-10-31\n"
    once = register.post("/v1/determinations", content=sheet, headers=CSV).content
    assert register.post("/v1/determinations", content=once, headers=CSV).content == once


def test_every_field_of_a_question_has_a_column(register: TestClient) -> None:
    columns = {
        "controller": "CN", "destination": "IN", "final_destination": "DE", "origin": "CN", "shipped_from": "CN",
        "content_percent": "12", "end_use": "civil", "as_of": "2025-10-31", "known_at": "9", "public_by": "2025-10-31",
        "hs": "850511", "parameters": "dysprosium_percent=1.9 terbium_percent=0", "quantity": "5",
        "quantity_unit": "KGM", "end_user": "Some Motors", "end_user_country": "IN", "exporter_country": "CN",
    }  # fmt: skip
    sheet = f"{','.join(columns)}\n{','.join(columns.values())}\n".encode()
    json = register.post("/v1/determinations", content=sheet, headers=CSV | {"Accept": "application/json"})
    question = json.json()["answers"][0]["question"]
    asked = set(Question.model_fields) - {"counterfactuals", "detail", "parties"}
    assert asked <= set(question)
    assert question["commodity"]["parameters"] == {"dysprosium_percent": "1.9", "terbium_percent": "0"}


def test_a_sheet_that_is_no_text_is_refused(register: TestClient) -> None:
    assert register.post("/v1/determinations", content=b"\xff\xfe\x00", headers=CSV).status_code == 400


@pytest.mark.parametrize("cell", ["=1+1", "+1-2", "-1+x", "-", "@x", "\tx", " =1+1", "\u00a0\u200b@x"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"a{cell}") == f"a{cell}"


@pytest.mark.parametrize("cell", ["-1", "+1", "-12,50", "-1.234,56"])
def test_a_number_that_was_sent_stays_a_number(cell: str) -> None:
    assert as_it_was(cell) == cell
    assert as_it_was(f"{cell}+x") == f"'{cell}+x"


def test_a_formula_that_was_asked_about_does_not_come_back_as_one(register: TestClient) -> None:
    row = ask(register, "controller,commodity,end_user,end_user_country,=A1\nCN,magnets,=HYPERLINK(1),IN,x\n")[0]
    assert (row["end_user"], row["'=A1"]) == ("'=HYPERLINK(1)", "x")
