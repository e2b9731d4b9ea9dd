"""`status`, `ask`, `calendar` and `events`: the same over a database and over a service, and the same as the API."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.app import create_app
from service.commands.answers import _once
from service.settings import Settings
from tests.client import TestClient
from tests.commands.conftest import DAY, Run, runner

QUESTION = {
    "controller": "CN",
    "destination": "IN",
    "commodity": {"name": "rare_earth_magnets"},
    "end_user": {"name": "Some Motors", "country": "IN"},
    "as_of": DAY,
    "known_at": 12,
}
LICENSE = "license/cn-in-magnets-2025-10"
COMPANIES = [
    ("bharat-motors-de", "Bharat Motors", "DE"),
    ("bharat-motors-in", "Bharat Motors", "IN"),
    ("jl-mag", "江西金力永磁科技股份有限公司", "CN"),
    ("bharat-ev", "भारत विद्युत वाहन", "IN"),
]


@pytest.fixture(scope="module")
def api(sqlite_article: str) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=sqlite_article))) as client:
        yield client


@pytest.fixture
def with_companies(article_url: str) -> None:
    run = runner(LODESTONE_DATABASE_URL=article_url)
    for slug, name, country in COMPANIES:
        event = {"stream": f"company/{slug}", "type": "company.registered", "data": {"name": name, "country": country}}
        posted = run("post", "-", stdin=json.dumps({**event, "source": {"tier": "holder"}}))
        assert posted.exit_code == 0, posted.output


@pytest.mark.parametrize(
    ("command", "path", "params"),
    [
        (
            ["status", "IN", "--commodity", "rare_earth_magnets", "--as-of", DAY, "--known-at", "9"],
            "/v1/countries/IN/status",
            {"commodity": "rare_earth_magnets", "as_of": DAY, "known_at": "9"},
        ),
        (
            ["status", "CN", "--role", "controller", "--as-of", DAY],
            "/v1/countries/CN/status",
            {"role": "controller", "as_of": DAY},
        ),
        (
            ["status", "IN", "--controller", "US", "--as-of", DAY],
            "/v1/countries/IN/status",
            {"controller": "US", "as_of": DAY},
        ),
        (
            ["calendar", "--from", DAY, "--through", "2026-12-31", "--country", "CN", "--known-at", "15"],
            "/v1/calendar",
            {"from": DAY, "through": "2026-12-31", "country": "CN", "known_at": "15"},
        ),
        (["events"], "/v1/events", {}),
        (["events", "--after", "3", "--limit", "2"], "/v1/events", {"after": "3", "limit": "2"}),
        (
            ["events", "--stream", "license/cn-in-magnets-2025-10"],
            "/v1/events",
            {"stream": "license/cn-in-magnets-2025-10"},
        ),
        (["events", "--type", "license.granted"], "/v1/events", {"type": "license.granted"}),
        (["events", "--country", "US"], "/v1/events", {"country": "US"}),
        (["events", "--company", "nobody"], "/v1/events", {"company": "nobody"}),
    ],
)
def test_with_json_a_command_prints_what_the_api_answers(
    reading: Run, api: TestClient, command: list[str], path: str, params: dict[str, str]
):
    answered = api.get(path, params=params)
    assert answered.status_code == 200
    printed = reading(*command, "--json")
    assert printed.exit_code == 0, printed.output
    assert printed.stdout_bytes == answered.content + b"\n"


def test_a_question_by_options_is_the_question_of_the_api(reading: Run, api: TestClient):
    options = ["--controller", "CN", "--destination", "IN", "--commodity", "rare_earth_magnets"]
    options += ["--end-user", "Some Motors", "--end-user-country", "IN", "--as-of", DAY, "--known-at", "12"]
    printed = reading("ask", *options, "--json")
    assert printed.stdout_bytes == api.post("/v1/determinations", json=QUESTION).content + b"\n"


OPTIONS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "controller": (["--controller", "cn"], {"controller": "CN"}),
    "destination": (["--destination", "IN"], {"destination": "IN"}),
    "final destination": (["--final-destination", "US"], {"final_destination": "US"}),
    "origin": (["--origin", "CN"], {"origin": "CN"}),
    "shipped from": (["--shipped-from", "JP"], {"shipped_from": "JP"}),
    "content": (["--content-percent", "0.1"], {"content_percent": "0.1"}),
    "name": (["--commodity", "gallium"], {"commodity": {"name": "gallium"}}),
    "digits": (["--commodity", "8505.11"], {"commodity": {"hs": "8505.11"}}),
    "hs": (["--commodity", "gallium", "--hs", "8112"], {"commodity": {"name": "gallium", "hs": "8112"}}),
    "control code": (["--control-code", "1C902"], {"commodity": {"control_code": "1C902"}}),
    "control code as typed": (["--control-code", "3a001 b 2 a"], {"commodity": {"control_code": "3A001.b.2.a"}}),
    "cas": (["--cas", "7429-91-6"], {"commodity": {"cas": "7429-91-6"}}),
    "description": (
        ["--description", "magnets", "--parameter", "dysprosium_percent=1.9", "--parameter", "a=2"],
        {"commodity": {"description": "magnets", "parameters": {"dysprosium_percent": "1.9", "a": "2"}}},
    ),
    "quantity": (["--quantity", "45000 kgm"], {"quantity": {"value": "45000", "unit": "KGM"}}),
    "exporter": (["--exporter", "company/some"], {"exporter": {"company": "company/some"}}),
    "a party's country": (["--exporter-country", "CN"], {"exporter": {"undisclosed": True, "country": "CN"}}),
    "end user": (
        ["--end-user", "北方", "--end-user-country", "cn"],
        {"end_user": {"name": "北方", "country": "CN"}},
    ),
    "end user where the goods go": (
        ["--destination", "in", "--end-user", "Some Motors"],
        {"end_user": {"name": "Some Motors", "country": "IN"}},
    ),
    "exporter where they come from": (
        ["--controller", "CN", "--exporter", "Some Works"],
        {"exporter": {"name": "Some Works", "country": "CN"}},
    ),
    "a party as JSON": (["--end-user", '{"class": {"country": "IN"}}'], {"end_user": {"class": {"country": "IN"}}}),
    "end use": (["--end-use", "civil"], {"end_use": "civil"}),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_each_option_of_a_question_reaches_its_field(lodestone: Run, name: str):
    options, fields = OPTIONS[name]
    goods = [] if "commodity" in fields else ["--commodity", "gallium"]
    printed = lodestone("ask", *options, *goods, "--json")
    assert printed.exit_code == 0, printed.output
    question = json.loads(printed.stdout)["answers"][0]["question"]
    assert {field: question[field] for field in fields} == fields


@pytest.mark.parametrize("form", ["object", "questions", "list", "lines"])
def test_questions_come_from_a_file_or_from_standard_input(reading: Run, api: TestClient, tmp_path: Path, form: str):
    other = {**QUESTION, "destination": "DE", "known_at": 9}
    asked = [QUESTION] if form == "object" else [QUESTION, other]
    text = {
        "object": json.dumps(QUESTION, indent=1),
        "questions": json.dumps({"questions": asked}),
        "list": json.dumps(asked),
        "lines": "\n\n".join(json.dumps(one) for one in asked) + "\n",
    }[form]
    (tmp_path / "asked").write_text(text)
    expected = api.post("/v1/determinations", json={"questions": asked}).content + b"\n"
    assert reading("ask", tmp_path / "asked", "--json").stdout_bytes == expected
    assert reading("ask", "-", "--json", stdin=text).stdout_bytes == expected


def test_a_sheet_of_questions_is_answered_by_a_sheet(reading: Run, api: TestClient):
    sheet = b"controller,destination,commodity,as_of\nCN,IN,rare_earth_magnets,2025-10-31\n"
    answered = api.post("/v1/determinations", content=sheet, headers={"Content-Type": "text/csv"})
    printed = reading("ask", "-", stdin=sheet)
    assert printed.stdout_bytes.replace(b"\r\n", b"\n") == answered.content.replace(b"\r\n", b"\n")
    assert b"license_required" in printed.stdout_bytes


def test_many_questions_stand_in_a_table_each_with_its_answer(lodestone: Run):
    asked = json.dumps([QUESTION, {**QUESTION, "commodity": {"name": "gallium"}}])
    lines = lodestone("ask", "-", stdin=asked).stdout.splitlines()
    assert lines[0].split("\t") == ["No.", "Control", "Standing", "Covered", "Question"]
    assert lines[1].split("\t")[:4] == ["1", "license required", "possible", "possible"]
    assert lines[2].split("\t")[:4] == ["2", "no data", "unknown", ""]


def test_reasons_and_counterfactuals_are_told_where_they_are_asked_for(lodestone: Run):
    ask = ["ask", "--controller", "CN", "--destination", "IN", "--commodity", "rare_earth_magnets", "--as-of", DAY]
    plain, why = lodestone(*ask).stdout, lodestone(*ask, "--why", "--counterfactuals").stdout
    assert "A license is required for rare earth magnets from China to India" in plain
    assert "it would be: no data" not in plain and "is listed by name" not in plain
    assert "rare_earth_magnets is listed by name; India is named as a destination." in why
    assert "it would be: no data" in why


def test_counterfactuals_are_asked_of_a_file_too(lodestone: Run):
    printed = lodestone("ask", "-", "--counterfactuals", "--json", stdin=json.dumps(QUESTION))
    assert json.loads(printed.stdout)["answers"][0]["counterfactuals"]


@pytest.mark.parametrize("name", ["IN", "in", "India", "INDIA", " india "])
def test_a_country_goes_by_its_code_or_its_name(reading: Run, name: str):
    printed = reading("status", name, "--as-of", DAY, "--json")
    assert json.loads(printed.stdout)["country"] == "IN"


@pytest.mark.parametrize(
    "name", ["company/jl-mag", "jl-mag", "江西金力永磁科技股份有限公司", "company/bharat-ev", "भारत विद्युत वाहन"]
)
def test_a_company_goes_by_its_id_or_by_its_whole_name(with_companies: None, either: Run, name: str):
    printed = either("status", name, "--as-of", DAY, "--json")
    assert printed.exit_code == 0, printed.output
    assert json.loads(printed.stdout)["company"] in ("company/jl-mag", "company/bharat-ev")


@pytest.mark.parametrize(("name", "count"), [("Bharat Motors", 2), ("Bharat Motor", 2)])
def test_of_several_companies_none_is_guessed(with_companies: None, either: Run, name: str, count: int):
    printed = either("status", name)
    assert (printed.exit_code, printed.stdout) == (1, "")
    assert sum(f": company/{slug}" in printed.stderr for slug, *_ in COMPANIES[:2]) == count
    assert "lodestone status company/" in printed.stderr.splitlines()[-1]


def test_a_name_that_is_merely_alike_identifies_nobody(with_companies: None, lodestone: Run):
    printed = lodestone("status", "江西金力永磁")
    assert printed.exit_code == 1
    assert "company/jl-mag" in printed.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["status", "Indai"], "No country and no company on record has this name; did you mean India (IN)?"),
        (
            ["ask", "--destination", "Frence", "--commodity", "x"],
            "no country is called Frence; did you mean France (FR)",
        ),
        (["ask", "--destination", "Nowhere", "--commodity", "x"], "no country is called Nowhere"),
    ],
)
def test_a_country_typed_wrong_is_suggested(lodestone: Run, command: list[str], said: str):
    printed = lodestone(*command, COLUMNS="200")
    assert (printed.exit_code, said in printed.stderr) == (1 if command[0] == "status" else 2, True), printed.output


def test_an_option_takes_a_country_by_its_name(lodestone: Run):
    printed = lodestone("ask", "--destination", "south korea", "--commodity", "gallium", "--json")
    assert json.loads(printed.stdout)["answers"][0]["question"]["destination"] == "KR"


def test_a_company_that_is_not_on_record_is_answered_with_those_alike(with_companies: None, lodestone: Run):
    printed = lodestone("ask", "--commodity", "gallium", "--end-user", "company/bharat-motor", "--as-of", DAY)
    assert printed.exit_code == 0
    assert "company/bharat-motor is not on record; did you mean company/bharat-motors-" in printed.stderr
    known = lodestone("ask", "--commodity", "gallium", "--end-user", "company/jl-mag", "--as-of", DAY)
    assert known.stderr == ""


def test_a_party_by_a_name_alike_is_told_with_the_names_and_their_scores(with_companies: None, lodestone: Run):
    printed = lodestone("ask", "--commodity", "gallium", "--end-user", "Bharat Motor", "--end-user-country", "DE")
    assert (
        "End user: not on record under this name. Names alike: Bharat Motors (company/bharat-motors-" in printed.stdout
    )
    whole = lodestone("ask", "--commodity", "gallium", "--end-user", "BHARAT MOTORS", "--end-user-country", "DE")
    assert "End user: taken for Bharat Motors (company/bharat-motors-de), by its name." in whole.stdout


def test_a_name_that_no_goods_have_is_told_before_the_answer(lodestone: Run):
    told = lodestone("ask", "--commodity", "N52 magnets", "--as-of", DAY).stdout
    said = "No goods on record are called n52_magnets: state their code by --hs or --control-code."
    assert 0 < told.index(said) < told.index("Control: ")
    assert "No goods on record are called" not in lodestone("ask", "--commodity", "rare_earth_magnets").stdout


def test_a_publisher_that_stands_in_the_title_too_is_named_once():
    assert _once(["Ministry of A", "Reuters", "China issues licences (Reuters)"]) == [
        "Ministry of A",
        "China issues licences (Reuters)",
    ]
    assert _once(["A", "A"]) == ["A"]


def test_a_word_that_is_no_country_and_no_company_is_told(reading: Run):
    printed = reading("status", "Nobody & Sons")
    assert (printed.exit_code, printed.stderr.count("\n")) == (1, 1)


def test_milestones_and_notes_are_shown_where_they_are_asked_for(lodestone: Run):
    title = "Agreement to conclude the standoff at the Line of Actual Control"
    short, long = lodestone("status", "IN", "--as-of", DAY), lodestone("status", "IN", "--as-of", DAY, "--context")
    assert "5 milestones and 3 notes" in short.stdout and title not in short.stdout
    assert title in long.stdout


def test_a_page_that_is_cut_off_says_how_to_go_on(lodestone: Run):
    assert "--after 4" in lodestone("events", "--limit", "4").stderr
    assert "--after" not in lodestone("events", "--limit", "16").stderr


def test_where_nothing_is_recorded_events_and_calendar_say_so(lodestone: Run):
    assert "No such event" in lodestone("events", "--after", "15").stderr
    assert "Nothing on record changes" in lodestone("calendar", "--from", DAY).stdout


def test_an_answer_says_by_which_day_what_it_knows_was_public(lodestone: Run):
    asked = ("ask", "--controller", "CN", "--destination", "IN", "--commodity", "gallium", "--as-of", DAY)
    told = lodestone(*asked, "--public-by", "2025-10-30").stdout.splitlines()[1]
    assert told.startswith(f"On {DAY}, as known at log position") and told.endswith(
        ", only what was published by 30 October 2025."
    )
    assert "only what" not in lodestone(*asked).stdout
