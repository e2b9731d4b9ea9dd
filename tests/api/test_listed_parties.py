"""Who of a row's parties is listed: what a screener filters on, by the corpus."""

import csv
import io
from collections.abc import Iterator

import pytest

from service.app import create_app
from service.settings import Settings
from tests.client import TestClient
from tests.conftest import SeededFile, sqlite_copy

HEAD = "controller;destination;commodity;end_user;end_user_country;exporter;exporter_country;end_use;parameters;as_of"
DAY = "2026-11-26"


@pytest.fixture(scope="module")
def register(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("listed")
    settings = Settings(database_url=sqlite_copy(seeded_file("all"), folder), signing_key_file=folder / "key")
    with TestClient(create_app(settings)) as client:
        yield client


def ask(register: TestClient, *lines: str, head: str = HEAD) -> list[dict[str, str]]:
    sheet = "\n".join([head, *lines]).encode()
    answered = register.post("/v1/determinations", content=sheet, headers={"Content-Type": "text/csv"})
    assert answered.status_code == 200, answered.text
    return list(csv.DictReader(io.StringIO(answered.text), delimiter=";"))


def test_only_who_is_listed_or_may_be_is_told_as_listed(register: TestClient) -> None:
    named, alike, nobody, exporter = ask(
        register,
        f"CN;US;tungsten;Summit Technologies Inc.;US;;;;;{DAY}",
        f"CN;JP;germanium;Naval Systems Research Cneter;JP;;;;;{DAY}",
        f"CN;US;tungsten;Esposito Keramik GmbH;US;;;;;{DAY}",
        f"CN;US;tungsten;;;Summit Technologies Inc.;US;;;{DAY}",
    )
    assert named["listed"].startswith("end_user: Summit Technologies Inc. by CN ") and "(name, 100" in named["listed"]
    assert alike["listed"].startswith("end_user: Naval Systems Research Center (JP) by CN ")
    assert nobody["listed"] == "" and nobody["possible_controls"]
    assert "exporter: Summit Technologies Inc." in exporter["listed"]
    assert nobody["matched"] == "" and "not registered" not in alike["matched"]


def test_who_is_listed_is_told_whatever_goods_the_listing_is_about(register: TestClient) -> None:
    (row,) = ask(register, f"CN;US;ball bearings;Summit Technologies Inc.;US;;;;;{DAY}")
    assert "Summit Technologies Inc." in row["listed"]


def test_who_is_listed_is_told_wherever_the_goods_go(register: TestClient) -> None:
    row = f"US;{{}};screws;Wingtech Technology Co., Ltd.;CN;;;;;{DAY}"
    abroad, home, anywhere, other = ask(
        register, row.format("DE"), row.format("CN"), row.format(""), row.format("DE").replace("US;", "CN;")
    )
    assert home["listed"].startswith("end_user: Wingtech") and "by US " in home["listed"]
    assert abroad["listed"] == anywhere["listed"] == home["listed"]
    assert "by US " not in other["listed"]


def test_each_listed_party_of_a_row_is_told_and_of_each_row_its_own(register: TestClient) -> None:
    nobody, both, consignee = ask(
        register,
        "CN;US;tungsten;;;Nobody Keramik;US",
        "CN;US;tungsten;Summit Technologies Inc.;US;Naval Systems Research Center;JP",
        "CN;US;tungsten;;;Clear Align LLC;US",
        head="controller;destination;commodity;end_user;end_user_country;consignee;consignee_country",
    )
    told = ["end_user: Summit Technologies Inc. by", "consignee: Naval Systems Research Center by"]
    assert [one in both["listed"] for one in told] == [True, True]
    assert (nobody["listed"], consignee["listed"].startswith("consignee: Clear Align LLC by")) == ("", True)


@pytest.mark.parametrize(
    ("goods", "use", "parameters", "problem"),
    [
        (
            "rare_earth_magnets",
            "",
            "dysprosium=1.9",
            "asks for dysprosium; did you mean dysprosium_percent?",
        ),
        (
            "rare_earth_magnets",
            "Zivil",
            "",
            "end_use: no rule and no license for these goods names zivil; write civil or military",
        ),
        ("ASML NXT:2050j!", "", "", "commodity: no goods on record are called ASML NXT:2050j!"),
    ],
)
def test_a_word_that_nothing_on_record_knows_is_told_with_those_like_it(
    register: TestClient, goods: str, use: str, parameters: str, problem: str
) -> None:
    (row,) = ask(register, f"CN;IN;{goods};;;;;{use};{parameters};{DAY}")
    assert problem in row["problem"] and not row["control"]


def test_goods_are_found_by_any_title_on_record(register: TestClient) -> None:
    found = register.get("/v1/commodities", params={"limit": 1000}).json()["commodities"]
    titled = [one for one in found if one["title"] and ";" not in one["title"] and '"' not in one["title"]]
    odd = [one for one in titled if ":" in one["title"] or "(" in one["title"]]
    assert odd
    rows = ask(register, *(f"NL;CN;{one['title']};;;;;;;{DAY}" for one in odd))
    assert [row["problem"] for row in rows] == ["" for _ in odd]


def test_a_party_without_a_country_is_where_its_name_is_on_record_or_where_the_goods_go(register: TestClient) -> None:
    sheet = f"{HEAD}\nCN;US;tungsten;IHI Aerospace Co., Ltd.;;;;;;{DAY}\nCN;US;tungsten;Nobody Knows Ltd;;;;;;{DAY}\n"
    headers = {"Content-Type": "text/csv", "Accept": "application/json"}
    answers = register.post("/v1/determinations", content=sheet, headers=headers).json()["answers"]
    assert [one["question"]["end_user"]["country"] for one in answers][1] == "US"


def test_a_placeholder_as_the_end_user_of_a_question_is_refused_in_one_sentence(register: TestClient) -> None:
    nobody = {"name": "n/a", "country": "US"}
    question = {"controller": "CN", "destination": "US", "commodity": {"name": "tungsten"}, "end_user": nobody}
    asked = register.post("/v1/determinations", json=question)
    said = "this names nobody: leave the party out, or write who it is"
    assert asked.status_code == 422
    assert [(one["pointer"], one["detail"]) for one in asked.json()["errors"]] == [("/end_user", said)]
    page = register.get("/answer", params={"goods": "tungsten", "from": "CN", "to": "US", "for": "n/a"})
    assert page.status_code == 422 and said in page.text
