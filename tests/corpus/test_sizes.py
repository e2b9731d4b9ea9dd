"""How large answers are over the corpus, by a sample of it. `python -m bench.sizes` measures all of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from service.app import create_app
from service.settings import Settings
from tests.client import TestClient
from tests.conftest import SeededFile, sqlite_copy

DETERMINATION, ONE_COMMODITY, COMPANY, PAGE = 8_000, 12_000, 20_000, 60_000
TYPICAL = 4_000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory, seeded_file: SeededFile) -> Iterator[TestClient]:
    url = sqlite_copy(seeded_file("all"), tmp_path_factory.mktemp("sizes"))
    with TestClient(create_app(Settings(database_url=url))) as client:
        yield client


@pytest.fixture(scope="module")
def goods(corpus: TestClient) -> list[str]:
    listed = corpus.get("/v1/commodities", params={"limit": 1000}).json()["commodities"]
    return [one["name"] for one in listed]


def test_a_determination_takes_at_most_eight_kilobytes_and_mostly_half_of_it(corpus: TestClient, goods: list[str]):
    places = ("US", "IN", "JP", "CN", "DE")
    asked = [{"destination": places[at % len(places)], "commodity": {"name": name}} for at, name in enumerate(goods)]
    of_one_country = lengths(corpus, [one | {"controller": "CN"} for one in asked])
    assert of_one_country[len(asked) // 2] <= TYPICAL
    assert max(of_one_country[-1], lengths(corpus, asked)[-1]) <= DETERMINATION


def lengths(corpus: TestClient, questions: list[dict[str, Any]]) -> list[int]:
    """The bytes of each answer, the shortest first."""
    answers = corpus.post("/v1/determinations", json={"questions": questions}).json()["answers"]
    return sorted(len(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode()) for one in answers)


@pytest.mark.parametrize("country", ["IN", "US", "JP"])
def test_a_countrys_status_for_one_commodity_takes_at_most_twelve(corpus: TestClient, country: str):
    for name in ("rare_earth_magnets", "gallium", "graphite", "nexperia_chips", "dysprosium"):
        response = corpus.get(f"/v1/countries/{country}/status", params={"commodity": name})
        assert len(response.content) <= ONE_COMMODITY, name


@pytest.mark.parametrize("country", ["IN", "CN"])
def test_a_countrys_status_takes_at_most_sixty_a_page_and_its_pages_hold_every_row_once(
    corpus: TestClient, country: str
):
    seen: list[tuple[str, str]] = []
    after = None
    while True:
        response = corpus.get(f"/v1/countries/{country}/status", params={"after": after} if after else {})
        assert len(response.content) <= PAGE
        body = response.json()
        seen += [(row["controller"], json.dumps(row["commodity"])) for row in body["controls"]]
        if (after := body["next"]) is None:
            break
    assert len(seen) == len(set(seen)) >= 40


@pytest.mark.parametrize("company", ["jl-mag", "jay-ushin", "kawasaki-heavy-industries-aerospace-systems", "nvidia"])
def test_a_companys_status_takes_at_most_twenty_and_is_about_the_company(corpus: TestClient, company: str):
    response = corpus.get(f"/v1/companies/{company}/status")
    assert len(response.content) <= COMPANY
    status = response.json()
    assert status["headline"] and status["general"]["link"].startswith("/v1/countries/")
    assert {key for one in status["named_by"] for key in one["sources"]} <= status["sources"].keys()


def test_the_magnets_of_the_article_are_answered_with_what_to_state(corpus: TestClient):
    question = {"controller": "CN", "destination": "IN", "commodity": {"name": "rare_earth_magnets"}}
    answer = corpus.post("/v1/determinations", json=question).json()["answers"][0]
    for word in ("license is required", "samarium-cobalt", "dysprosium or terbium", "18/2025", "since 4 April 2025"):
        assert word in answer["headline"]
    assert "Licenses are known for companies of India" in answer["headline"]
    assert "To settle it, state how much samarium, dysprosium or terbium they contain" in answer["headline"]
