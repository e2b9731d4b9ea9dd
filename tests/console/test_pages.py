"""The pages of things, lists and words, as HTML."""

import io
import json
import re
import zipfile
from html import escape, unescape

import httpx
import pytest

from service.console.events import changes
from service.console.words import said
from service.domain.answer import Control
from service.domain.countries import name_of, names
from service.domain.sources import Tier
from tests.client import TestClient
from tests.console.test_answer_page import text_of
from tests.serving import Live


def path_of(client: TestClient, noun: str) -> str:
    """The page of the first thing of a noun."""
    plural = {"company": "companies"}.get(noun, f"{noun}s")
    found = client.get(f"/v1/{plural}", headers={"Accept": "application/json"}).json()[plural]
    return f"/{noun}/{found[0]['id']}"


@pytest.mark.parametrize("noun", ["restriction", "license", "milestone", "note"])
def test_a_thing_has_a_page_with_its_state_its_events_and_its_api_call(read_by_client: TestClient, noun: str):
    path = path_of(read_by_client, noun)
    page = read_by_client.get(path)
    assert page.status_code == 200
    same = re.search(r'<a href="(/v1/[^"]+)">The same by the API', page.text)
    assert same is not None
    assert read_by_client.get(unescape(same[1]), headers={"Accept": "application/json"}).status_code == 200
    assert 'href="/event/' in page.text


def test_a_thing_that_is_not_recorded_is_told_so_on_a_page(read_by_client: TestClient):
    page = read_by_client.get("/restriction/none")
    assert page.status_code == 404
    assert "Nothing is recorded of this restriction" in text_of(page.text)


def test_a_rule_s_page_has_the_other_provisions_of_its_act(corpus_pages: Live):
    page = httpx.get(f"{corpus_pages.url}/restriction/cn-mofcom-46-2024-military", timeout=60).text
    others = page.partition("Other provisions of this act")[2].partition("</ul>")[0]
    assert "/restriction/cn-mofcom-46-2024-graphite" in others and "46-2024-military" not in others


def test_a_country_s_page_has_the_headline_of_its_status(read_by_client: TestClient):
    told = read_by_client.get("/v1/countries/IN/status", headers={"Accept": "application/json"}).json()
    assert told["headline"] in text_of(read_by_client.get("/country/IN").text)


def test_a_company_s_page_has_the_headline_of_its_status_and_its_api_call(corpus_pages: Live):
    with httpx.Client(base_url=corpus_pages.url, timeout=60) as client:
        told = client.get("/v1/companies/wingtech/status").json()
        page = client.get("/company/wingtech").text
    assert told["headline"] in text_of(page)
    assert 'href="/v1/companies/wingtech/status"' in page


def test_a_page_of_a_past_day_says_so_and_passes_the_day_to_the_api(read_by_client: TestClient):
    page = read_by_client.get("/country/IN?on=2025-11-01&public_by=")
    assert "You look at the past: the day 1 November 2025" in text_of(page.text)
    assert "as_of=2025-11-01" in page.text


def test_the_events_are_told_latest_first_a_page_at_a_time(read_by_client: TestClient):
    head = int(read_by_client.get("/v1/events?limit=1").headers["position"])
    page = read_by_client.get("/events")
    positions = [int(found) for found in re.findall(r'data-name="Recorded">(\d+)', page.text)]
    assert positions == list(range(head, max(head - 50, 0), -1))
    before = read_by_client.get(f"/events?before={positions[-1]}")
    assert before.status_code == 200
    following = [int(found) for found in re.findall(r'data-name="Recorded">(\d+)', before.text)]
    assert following == list(range(positions[-1] - 1, max(positions[-1] - 51, 0), -1))


@pytest.mark.parametrize(("query", "status"), [("country=in", 200), ("type=license.granted", 200), ("type=none", 422)])
def test_events_are_narrowed_as_the_api_narrows_them(read_by_client: TestClient, query: str, status: int):
    page = read_by_client.get(f"/events?{query}")
    assert page.status_code == status


def test_an_event_shows_its_source_word_for_word_and_its_neighbours(read_by_client: TestClient):
    recorded = read_by_client.get("/v1/events?limit=100", headers={"Accept": "application/json"}).json()["events"]
    quoted = next(one for one in recorded if one["source"].get("quote"))
    page = text_of(read_by_client.get(f"/event/{quoted['id']}").text)
    assert quoted["source"]["quote"] in page or " ".join(quoted["source"]["quote"].split()) in page
    assert "Beside it, about the same thing" in page


def test_a_correction_is_told_as_the_difference_that_it_makes():
    before = {"kind": "licensing", "scope": {"destinations": "all"}, "in_force": {"from": "2025-04-04"}}
    after = {"kind": "prohibition", "scope": {"destinations": "all"}}
    assert list(changes(before, after)) == [
        ("kind", "licensing", "prohibition"),
        ("in force", '{"from": "2025-04-04"}', ""),
    ]
    assert list(changes(before, {})) == []


def test_every_word_that_pages_link_to_has_its_place_in_the_glossary(read_by_client: TestClient):
    page = read_by_client.get("/words").text
    named = re.findall(r'id="([a-z_]+)"', page)
    assert len(named) == len(set(named))
    for word in (*Control.__args__, *Tier):  # type: ignore[attr-defined]
        assert f'id="{word}"' in page


def test_the_calendar_has_twelve_months_and_the_file_of_its_own_filter(read_by_client: TestClient):
    page = read_by_client.get("/calendar?country=CN&on=2025-11-01").text
    assert len(re.findall(r"month=\d{4}-\d{2}", page)) == 12
    file = re.search(r'href="(/v1/calendar\.ics[^"]*)"', page)
    assert file is not None
    assert read_by_client.get(unescape(file[1]), headers={"Accept": "text/calendar"}).status_code == 200


@pytest.mark.parametrize("query", ["month=2025-13", "country=XX", "on=yesterday"])
def test_what_cannot_be_read_is_refused_as_a_page(read_by_client: TestClient, query: str):
    page = read_by_client.get(f"/calendar?{query}")
    assert page.status_code == 422 and page.headers["content-type"].startswith("text/html")


def test_the_search_finds_what_is_spelled_alike_and_says_where_nothing_is(read_by_client: TestClient):
    assert 'href="/goods/rare_earth_magnets"' in read_by_client.get("/search?q=rare earth magnet").text
    assert 'href="/country/IN"' in read_by_client.get("/search?q=india").text
    assert "knows nothing that is called so" in text_of(read_by_client.get("/search?q=qqqqqqqq").text)


def test_the_search_finds_no_company_by_a_word_for_goods(corpus_pages: Live):
    with httpx.Client(base_url=corpus_pages.url, timeout=60) as client:
        page = client.get("/search?q=graphite").text
        assert 'href="/goods/graphite"' in page and 'href="/company/' not in page and 'href="/country/' not in page
        assert 'href="/company/wingtech"' in client.get("/search?q=wingteck").text


def test_the_world_tells_no_data_as_no_data(read_by_client: TestClient):
    page = read_by_client.get("/world?controller=CN&to=IN,DE&on=2020-01-01").text
    assert 'data-control="no_data"' in page
    assert "no clearance" in text_of(page)


def test_two_days_of_the_world_differ_where_the_control_does(read_by_client: TestClient):
    page = read_by_client.get("/world?controller=CN&to=IN&on=2025-11-01&then=2020-01-01").text
    assert "was: not certain" in text_of(page) and 'class="differs"' in page


def test_the_same_answer_twice_is_told_to_be_the_same(read_by_client: TestClient):
    asked = "goods=rare_earth_magnets&from=CN&to=IN"
    page = read_by_client.get(f"/compare?{asked}&on=2025-11-01&then_on=2025-11-01").text
    assert "Both answers say the same" in page
    assert "Both rest on the same events." in text_of(page)
    other = read_by_client.get(f"/compare?{asked}&on=2025-11-01&then_on=2020-01-01").text
    assert "Both answers say the same" not in other and 'class="differs"' in other


def test_the_evidence_of_a_page_is_a_file_that_says_what_the_page_says(corpus_pages: Live):
    asked = {"goods": "heavy_rare_earth_magnets", "from": "CN", "to": "IN", "on": "2025-11-01"}
    saved = httpx.post(f"{corpus_pages.url}/evidence", data=asked, timeout=60)
    with zipfile.ZipFile(io.BytesIO(saved.content)) as bundle:
        told = json.loads(bundle.read("answer.json"))
    page = httpx.get(f"{corpus_pages.url}/answer", params=asked, timeout=60).text
    assert saved.headers["content-disposition"] == 'attachment; filename="evidence.zip"'
    assert told["headline"] in text_of(page)


def test_the_map_tells_in_words_and_signs_what_it_draws(read_by_client: TestClient):
    page = read_by_client.get("/map?controller=CN&goods=rare_earth_magnets&on=2025-11-01").text
    india = read_by_client.get("/answer?goods=rare_earth_magnets&from=CN&to=IN&on=2025-11-01").text
    control = re.search(r'class="verdict" data-control="([a-z_]+)"', india)
    assert control is not None
    drawn = re.search(r'fill="url\(#p-([a-z_]+)\)" d="[^"]+"><title>India: ', page)
    assert drawn is not None and drawn[1] == control[1]
    table = re.search(r'<table [^>]*id="table-countries">(.*?)</table>', page, re.DOTALL)
    assert table is not None and table[1].count("<tr>") > 240
    for word in set(re.findall(r'class="sign" data-control="([a-z_]+)"', page)):
        assert f'id="p-{word}"' in page


def test_the_map_has_no_data_as_no_data(read_by_client: TestClient):
    page = read_by_client.get("/map?controller=NZ&goods=rare_earth_magnets").text
    assert set(re.findall(r'fill="url\(#p-([a-z_]+)\)" d=', page)) == {"no_data", "itself"}
    assert "no clearance" in text_of(page)


def test_the_map_marks_what_differs_between_two_days(read_by_client: TestClient):
    page = read_by_client.get("/map?controller=CN&goods=rare_earth_magnets&on=2025-11-01&then=2020-01-01").text
    assert 'class="land otherwise"' in page
    rows = re.findall(r"<tr><th scope=\"row\">India</th>.*?</tr>", page)
    assert len(rows) == 1 and "nothing recorded" not in rows[0].partition("</td>")[0]


def test_a_map_tells_every_country_what_its_answer_tells(read_by_client: TestClient):
    page = read_by_client.get("/map?controller=CN&goods=rare_earth_magnets&on=2025-11-01").text
    told = dict(re.findall(r"<tr><th scope=\"row\">([^<]+)</th><td[^>]*>([^<]+)</td></tr>", page))
    for code in ("IN", "US", "DE", "JP", "TW"):
        answer = read_by_client.get(f"/answer?goods=rare_earth_magnets&from=CN&to={code}&on=2025-11-01").text
        control = re.search(r'class="verdict" data-control="([a-z_]+)"', answer)
        assert control is not None and told[name_of(code)] == said(control[1])


@pytest.mark.parametrize("query", ["controller=Chyna", "then=soon", "goods=" + "x" * 300])
def test_a_map_that_cannot_be_read_is_refused_as_a_page(read_by_client: TestClient, query: str):
    page = read_by_client.get(f"/map?{query}")
    assert page.status_code == 422 and page.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("controller", "goods"), [("CN", "heavy_rare_earth_magnets"), ("US", "advanced_chips")])
def test_countries_that_no_rule_tells_apart_have_the_control_of_their_own_answer(
    corpus_pages: Live, controller: str, goods: str
):
    with httpx.Client(base_url=corpus_pages.url, timeout=120) as client:
        page = client.get(f"/map?controller={controller}&goods={goods}").text
        codes = sorted(set(names()) - {controller, "EU"})[::9]
        questions = [{"controller": controller, "destination": code, "commodity": {"name": goods}} for code in codes]
        answers = client.post("/v1/determinations", json={"questions": questions}).json()["answers"]
    told = dict(re.findall(r"<tr><th scope=\"row\">([^<]+)</th><td[^>]*>([^<]+)</td></tr>", page))
    for code, answer in zip(codes, answers, strict=True):
        assert told[escape(name_of(code), quote=False)] == said(answer["control"]), code


def ics_of(client: TestClient, page: str) -> str:
    file = re.search(r'href="(/v1/calendar\.ics[^"]*)"', page)
    assert file is not None
    answer = client.get(unescape(file[1]), headers={"Accept": "text/calendar"})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_calendar_of_goods_and_its_file_have_the_same_filter(read_by_client: TestClient):
    page = read_by_client.get("/calendar?on=2025-11-01&goods=gallium").text
    every = read_by_client.get("/calendar?on=2025-11-01").text
    assert "commodity=gallium" in page
    assert ics_of(read_by_client, page).count("BEGIN:VEVENT") <= ics_of(read_by_client, every).count("BEGIN:VEVENT")


def test_the_calendar_of_a_company_takes_its_name_and_names_it_in_its_file(corpus_pages: Live):
    with httpx.Client(base_url=corpus_pages.url, timeout=60) as client:
        page = client.get("/calendar?company=wingtech").text
        assert "company=company%2Fwingtech" in page
        unknown = client.get("/calendar?company=wingtec")
    assert unknown.status_code == 422 and "Did you mean company/wingtech" in text_of(unknown.text)
