"""The form and the page of an answer, as HTML."""

import re
from html import unescape

import pytest

from tests.client import TestClient

MAGNETS = {"goods": "rare_earth_magnets", "from": "China", "to": "in", "on": "2025-11-01"}


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def asked_by_api(client: TestClient, **question: object) -> dict[str, object]:
    answer = client.post("/v1/determinations", json=question, headers={"Accept": "application/json"})
    told: dict[str, object] = answer.json()["answers"][0]
    return told


def test_the_page_says_what_the_api_answers(read_by_client: TestClient):
    page = read_by_client.get("/answer", params=MAGNETS)
    told = asked_by_api(
        read_by_client, controller="CN", destination="IN", commodity={"name": "rare_earth_magnets"}, as_of="2025-11-01"
    )
    assert page.status_code == 200
    assert str(told["headline"]) in text_of(page.text)


def test_a_country_is_read_by_its_name_or_code_in_any_case(read_by_client: TestClient):
    pages = {
        read_by_client.get("/answer", params=MAGNETS | {"to": to}).text.replace(f'"{to}"', "") for to in ("IN", "iN")
    }
    headlines = {re.search(r'class="told">(.*?)</p>', page, re.DOTALL)[1] for page in pages}  # type: ignore[index]
    assert len(headlines) == 1


@pytest.mark.parametrize(
    ("field", "value", "says"), [("from", "Chyna", "Did you mean China"), ("on", "2025-13-01", "")]
)
def test_what_cannot_be_read_stays_in_the_form_with_the_reason_beside_it(
    read_by_client: TestClient, field: str, value: str, says: str
):
    page = read_by_client.get("/answer", params=MAGNETS | {field: value})
    assert page.status_code == 422
    assert f'value="{value}"' in page.text
    assert 'aria-invalid="true"' in page.text
    assert says in text_of(page.text)


def test_unknown_goods_are_answered_with_what_is_spelled_alike(read_by_client: TestClient):
    page = read_by_client.get("/answer", params=MAGNETS | {"goods": "rare earth magnest"})
    said = "No goods on record are called “rare earth magnest”: state their customs code or control code. Did you mean:"
    assert said in text_of(page.text)
    assert 'href="/answer?goods=rare_earth_magnets&amp;from=China' in page.text


def test_a_field_that_nobody_knows_is_refused_as_a_page(read_by_client: TestClient):
    page = read_by_client.get("/answer", params=MAGNETS | {"frm": "CN"})
    assert page.status_code == 422
    assert page.headers["content-type"].startswith("text/html")
    assert "there is no such field" in text_of(page.text)


def test_without_goods_the_form_is_shown_with_what_was_typed(read_by_client: TestClient):
    answer = read_by_client.get("/answer", params={"from": "CN"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/?from=CN")
    assert 'value="CN"' in read_by_client.get("/?from=CN").text


def test_a_day_in_the_past_is_said_to_be_one(read_by_client: TestClient):
    assert "You look at the past: the day 1 November 2025" in text_of(
        read_by_client.get("/answer", params=MAGNETS).text
    )
    today = {name: value for name, value in MAGNETS.items() if name != "on"}
    assert "You look at the past" not in text_of(read_by_client.get("/answer", params=today).text)


def test_a_page_is_for_its_reader_alone_and_loads_nothing_from_elsewhere(read_by_client: TestClient):
    page = read_by_client.get("/answer", params=MAGNETS)
    assert page.headers["cache-control"].startswith("private")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    assert "<style" not in page.text and "style=" not in page.text and "onclick" not in page.text
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page.text, re.DOTALL)
    assert scripts and not any(scripts)


def test_every_form_of_the_register_keeps_markup_as_text(read_by_client: TestClient):
    page = read_by_client.get("/answer", params=MAGNETS | {"for": "<script>alert(1)</script>"})
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    ("path", "first"),
    [("/suggest/goods?goods=rare+earth+mag", "Rare earth magnets"), ("/suggest/countries?to=ind", "India")],
)
def test_what_is_typed_is_met_with_suggestions(read_by_client: TestClient, path: str, first: str):
    options = re.findall(r'<option value="([^"]+)"', read_by_client.get(path).text)
    assert any(first in one for one in options)


def test_evidence_for_the_page_is_the_bundle_of_the_api(read_by_client: TestClient):
    saved = read_by_client.post("/evidence", data=MAGNETS)
    # The article's register has no key to sign with, and says so as the API does.
    assert saved.status_code == 503
    assert "lodestone keys signing" in text_of(saved.text)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_a_form_of_another_site_is_refused(read_by_client: TestClient, headers: dict[str, str]):
    assert read_by_client.post("/evidence", data=MAGNETS, headers=headers).status_code == 403
