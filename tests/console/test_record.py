"""Recording by forms: what is filled in is what is recorded, and nothing before that."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from service import seeds
from service.app import create_app
from service.console.fields import built, filled
from service.console.news import BY_TYPE, NEWS, SOURCE
from service.domain.catalogue import POSTED
from service.domain.dates import AS_WRITTEN
from service.errors import InvalidRequest
from service.settings import Settings
from tests.client import TestClient
from tests.conftest import SeededFile, sqlite_copy
from tests.console.test_answer_page import text_of

RULE = {
    "news": "announced",
    "controller": "China",
    "number": "99/2026",
    "kind": "prohibition",
    "destinations": "India",
    "goods": "rare_earth_magnets",
    "from": "2026-01-01",
    "tier": "issuer_text",
    "source_title": "A notice",
    "published_at": "2025-12-20",
}


@pytest.fixture
def writable(seeded_file: SeededFile, tmp_path: Path) -> Iterator[TestClient]:
    url = sqlite_copy(seeded_file("article"), tmp_path)
    settings = Settings(database_url=url, signing_key_file=tmp_path / "key")
    with TestClient(create_app(settings), headers={"Accept": "text/html"}, follow_redirects=False) as client:
        yield client


def head(client: TestClient) -> int:
    return int(client.get("/v1/events?limit=1", headers={"Accept": "application/json"}).headers["position"])


def hidden(page: str, action: str) -> dict[str, str]:
    """What a form of a page sends."""
    form = re.search(rf'<form action="{action}" method="post">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[1])
    return {name: html.unescape(value) for name, value in found}


def test_a_form_gives_back_every_event_of_the_seeds_as_it_was():
    for seed in seeds.read("all"):
        news = BY_TYPE.get(seed.event.type)
        if news is None:
            continue
        data = dict(seed.event.data)
        fields = filled(news.inputs, data)
        assert built(news.inputs, fields, data) == data, seed.place
        # And from nothing, all that the form has fields for.
        made = built(news.inputs, fields, {})
        assert filled(news.inputs, made) == fields, seed.place
        assert filled(SOURCE, built(SOURCE, filled(SOURCE, seed.event.source), {})) == filled(SOURCE, seed.event.source)


def test_every_card_records_a_type_of_the_catalogue_and_names_no_field_twice():
    for news in NEWS:
        assert news.type in POSTED
        names = [one.name for one in (*news.inputs, *SOURCE)]
        assert len(names) == len(set(names)), news.name


def test_what_is_left_of_a_form_is_taken_away_and_the_rest_stays():
    news = BY_TYPE["restriction.announced"]
    base = {
        "kind": "quota",
        "controller": "CN",
        "volume": [{"any": 1}],
        "in_force": {"from": "2025-01-01", "through": None},
    }
    made = built(news.inputs, {**filled(news.inputs, base), "from": "", "kind": "licensing"}, base)
    assert made == {"kind": "licensing", "controller": "CN", "volume": [{"any": 1}], "in_force": {"through": None}}


@pytest.mark.parametrize(("name", "typed"), [("controller", "Chyna"), ("end_users", "Nobody"), ("goods", "{")])
def test_what_a_field_cannot_read_is_told_at_the_field(name: str, typed: str):
    with pytest.raises(InvalidRequest) as refused:
        built(BY_TYPE["restriction.announced"].inputs, {name: typed}, {})
    assert [one.pointer for one in refused.value.errors] == [name]


def test_a_preview_tells_which_answers_change_and_records_nothing(writable: TestClient):
    before = head(writable)
    page = writable.post("/record/preview", data=RULE)
    assert page.status_code == 200, text_of(page.text)
    told = text_of(page.text)
    assert "Nothing is recorded yet" in told
    assert 'data-control="prohibited"' in page.text
    assert "In force from 1 January 2026" in told
    assert head(writable) == before


def test_what_was_seen_is_recorded_once_however_often_it_is_sent(writable: TestClient):
    before = head(writable)
    sent = hidden(writable.post("/record/preview", data=RULE).text, "/record")
    first, again = writable.post("/record", data=sent), writable.post("/record", data=sent)
    assert first.status_code == 303 and first.headers["location"] == again.headers["location"]
    assert head(writable) == before + 1
    assert "China announces 99/2026" in text_of(writable.get(first.headers["location"]).text)
    answer = writable.get("/answer?goods=rare_earth_magnets&from=CN&to=IN&on=2026-02-01")
    assert 'data-control="prohibited"' in answer.text


def test_a_form_that_cannot_be_recorded_comes_back_with_what_was_typed(writable: TestClient):
    page = writable.post("/record/preview", data=RULE | {"from": "soon"})
    assert page.status_code == 422
    assert 'value="soon"' in page.text and 'value="99/2026"' in page.text and 'aria-invalid="true"' in page.text
    page = writable.post("/record/preview", data={"news": "suspended", "tier": "issuer_text", "from": "2026-01-01"})
    assert page.status_code == 422 and "a thing on record" in text_of(page.text)


def test_a_correction_begins_with_what_is_recorded_and_changes_only_what_was_changed(writable: TestClient):
    recorded = writable.post("/record", data=hidden(writable.post("/record/preview", data=RULE).text, "/record"))
    event = recorded.headers["location"].rpartition("/")[2]
    form = writable.get(f"/record/correct/{event}").text
    assert 'value="99/2026"' in form and "rare_earth_magnets" in form
    corrected = RULE | {"verb": "correct", "event": event, "kind": "licensing", "why": "It was misread."}
    del corrected["news"]
    corrected |= {"destinations": "IN", "controller": "CN"}
    page = writable.post("/record/preview", data=corrected)
    assert page.status_code == 200, text_of(page.text)
    assert "kind prohibition licensing" in text_of(page.text)
    assert writable.post("/record", data=hidden(page.text, "/record")).status_code == 303
    seen = writable.get(f"/event/{event}").text
    assert "What was said of this event later" in seen and "It was misread." in text_of(seen)


def test_a_correction_of_nothing_is_refused(writable: TestClient):
    recorded = writable.post("/record", data=hidden(writable.post("/record/preview", data=RULE).text, "/record"))
    event = recorded.headers["location"].rpartition("/")[2]
    same = {name: value for name, value in RULE.items() if name != "news"}
    same |= {"verb": "correct", "event": event, "destinations": "IN", "controller": "CN"}
    page = writable.post("/record/preview", data=same)
    assert page.status_code == 422 and "Nothing differs" in text_of(page.text)


def test_a_retraction_takes_back_what_its_event_said(writable: TestClient):
    recorded = writable.post("/record", data=hidden(writable.post("/record/preview", data=RULE).text, "/record"))
    event = recorded.headers["location"].rpartition("/")[2]
    taken_back = {
        "verb": "retract",
        "event": event,
        "tier": "issuer_text",
        "source_title": "A notice",
        "why": "No such act.",
    }
    page = writable.post("/record/preview", data=taken_back)
    assert page.status_code == 200 and 'data-control="prohibited"' in page.text
    assert writable.post("/record", data=hidden(page.text, "/record")).status_code == 303


def test_a_retraction_that_states_no_source_takes_that_of_its_event(writable: TestClient):
    recorded = writable.post("/record", data=hidden(writable.post("/record/preview", data=RULE).text, "/record"))
    event = recorded.headers["location"].rpartition("/")[2]
    assert "the source of the event itself" in text_of(writable.get(f"/record/retract/{event}").text)
    page = writable.post("/record/preview", data={"verb": "retract", "event": event})
    done = writable.post("/record", data=hidden(page.text, "/record"))
    as_json = {"Accept": "application/json"}
    taken = writable.get(f"/v1/events/{done.headers['location'].rpartition('/')[2]}", headers=as_json).json()
    first = writable.get(f"/v1/events/{event}", headers=as_json).json()
    assert taken["type"] == "record.retracted" and taken["source"] == first["source"]
    assert writable.post("/record/preview", data={"verb": "repeat", "event": event}).status_code == 422


def test_what_news_changes_is_shown_for_those_whom_it_names(writable: TestClient):
    page = writable.post("/record/preview", data=RULE | {"end_users": "Alloy Users Ltd | IN"})
    assert page.status_code == 200, text_of(page.text)
    assert "from China to India, for Alloy Users Ltd" in text_of(page.text)
    assert 'data-control="prohibited"' in page.text


@pytest.mark.parametrize("retracted", ["granted", "corrected"])
def test_a_retraction_is_previewed_for_whom_a_correction_had_named(writable: TestClient, retracted: str):
    stream, source = "license/cn-quorn", {"tier": "issuer_text", "title": "A notice"}
    magnets = [{"commodity": {"name": "rare_earth_magnets"}}]
    data: dict[str, object] = {"type": "individual", "issuer": "CN", "destination": "IN", "lines": magnets}
    data |= {"validity": {"from": "2026-01-01", "through": "2099-12-31"}}
    named = [data | {"end_users": [{"name": name, "country": "IN"}]} for name in ("Zed Motors", "Quorn Pumps")]
    as_json = {"Accept": "application/json"}
    post: dict[str, object] = {"stream": stream, "source": source}
    granted = {"type": "license.granted", "effective": "2026-01-01", "data": named[0]}
    ids = {"granted": writable.post("/v1/events", json=post | granted, headers=as_json).json()["events"][0]["id"]}
    corrected = {"type": "record.corrected", "data": {"event": ids["granted"], "data": named[1]}}
    ids["corrected"] = writable.post("/v1/events", json=post | corrected, headers=as_json).json()["events"][0]["id"]
    page = writable.post("/record/preview", data={"verb": "retract", "event": ids[retracted]})
    assert page.status_code == 200, text_of(page.text)
    assert "from China to India, for Quorn Pumps" in text_of(page.text)


def test_an_event_of_any_kind_is_recorded_as_json(writable: TestClient):
    data, source = {"kind": "other", "text": "x"}, {"tier": "commentary"}
    event = {"stream": "note/x", "type": "note.recorded", "data": data, "source": source}
    page = writable.post("/record/preview", data={"news": "json", "json": json.dumps(event)})
    assert page.status_code == 200, text_of(page.text)
    assert writable.post("/record", data=hidden(page.text, "/record")).status_code == 303


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("../2026-11-24", "some day up to 24 November 2026"),
        ("2026-11", "November 2026"),
        ("15.03.2026", "15 March 2026"),
        ("soon", "not a date"),
    ],
)
def test_a_day_is_read_back_in_words(writable: TestClient, day: str, says: str):
    assert says in writable.get("/record/day", params={"day": day}).text


def test_every_card_leads_to_its_form(writable: TestClient):
    cards = re.findall(r'href="(/record/new/[^"]+)"', writable.get("/record").text)
    assert len(cards) == len(NEWS) + 1
    for path in cards:
        assert writable.get(path).status_code == 200, path


def test_news_about_something_begins_with_what_is_known_of_it(writable: TestClient):
    answer = writable.get("/answer?goods=rare_earth_magnets&from=CN&to=IN&on=2025-11-01").text
    link = re.search(r'href="(/record\?[^"]+)">Record news about this', answer)
    assert link is not None
    cards = writable.get(html.unescape(link[1])).text
    forms = [html.unescape(found) for found in re.findall(r'href="(/record/new/[^"]+)"', cards)]
    suspends = next(one for one in forms if one.startswith("/record/new/suspended"))
    assert forms.index(suspends) < forms.index(next(one for one in forms if one.startswith("/record/new/announced")))
    assert 'name="thing" value="restriction/' in writable.get(suspends).text
    form = writable.get(next(one for one in forms if one.startswith("/record/new/announced"))).text
    assert 'name="controller" value="CN"' in form and 'name="destinations" value="IN"' in form
    assert "rare_earth_magnets</textarea>" in form and 'name="thing" value=""' in form


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//elsewhere.example"])
def test_a_source_has_no_address_that_a_browser_would_run(writable: TestClient, url: str):
    page = writable.post("/record/preview", data=RULE | {"source_url": url})
    assert page.status_code == 422 and "Address of the page: " in text_of(page.text)


def test_a_day_with_dots_is_recorded_as_the_day_that_it_is(writable: TestClient):
    days = {"from": "15.03.2026", "effective": "1.3.2026"}
    sent = hidden(writable.post("/record/preview", data=RULE | days).text, "/record")
    event = writable.post("/record", data=sent).headers["location"].rpartition("/")[2]
    told = writable.get(f"/v1/events/{event}", headers={"Accept": "application/json"}).json()
    assert (told["data"]["in_force"]["from"], told["effective"]) == ("2026-03-15", "2026-03-01")


@pytest.mark.parametrize(
    ("field", "typed", "label"),
    [
        ("from", "soon", "In force from"),
        ("from", "01/02/2026", "In force from"),
        ("effective", "soon", "On which day"),
        ("effective", "01/02/2026", "On which day"),
        ("source_url", "nowhere", "Address of the page"),
    ],
)
def test_a_fault_is_told_by_the_name_that_the_form_shows(writable: TestClient, field: str, typed: str, label: str):
    page = writable.post("/record/preview", data=RULE | {field: typed})
    alert = re.search(r'role="alert">(.*?)</section>', page.text, re.DOTALL)
    assert page.status_code == 422 and alert is not None
    assert f"<li>{label}: " in alert[1] and "/data/" not in alert[1]


def test_a_day_is_written_in_one_way_beside_its_field_and_in_its_refusal(writable: TestClient):
    form = text_of(writable.get("/record/new/announced").text)
    refused = text_of(writable.post("/record/preview", data=RULE | {"from": "soon"}).text)
    assert AS_WRITTEN in form and f"not a date; write {AS_WRITTEN}" in refused


@pytest.mark.parametrize("day", ["2026-13-45", "2026-02-30", "yesterday", "9" * 5_000])
def test_a_day_that_is_none_is_told_at_its_field(writable: TestClient, day: str):
    page = writable.post("/record/preview", data=RULE | {"from": day})
    assert page.status_code == 422 and 'aria-invalid="true"' in page.text


def test_markup_in_names_and_titles_is_text_on_every_page(writable: TestClient):
    hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    rule = RULE | {"title": hostile, "number": hostile, "authority": hostile, "source_title": hostile, "quote": hostile}
    sent = hidden(writable.post("/record/preview", data=rule).text, "/record")
    event = writable.post("/record", data=sent).headers["location"]
    seen = re.search(r'href="/(restriction/[^"]+)"', writable.get(event).text)
    assert seen is not None
    stream = seen[1]
    paths = (event, f"/{stream}", "/events", "/country/IN", "/world?to=IN", "/goods/rare_earth_magnets", "/")
    answer = "/answer?goods=rare_earth_magnets&from=CN&to=IN"
    for path in (*paths, answer, f"{answer}&file=timeline.svg", f"/record?thing={stream}"):
        page = writable.get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text and "<img" not in page.text, path


def test_a_name_of_five_thousand_letters_is_refused_at_its_field_and_breaks_no_page(writable: TestClient):
    page = writable.post("/record/preview", data=RULE | {"title": "n" * 5_000})
    assert page.status_code == 422 and "Title of the act: " in text_of(page.text)
    assert writable.get("/search", params={"q": "n" * 5_000}).status_code == 422
    assert writable.get("/answer", params={"goods": "n" * 5_000}).status_code == 422


@pytest.mark.parametrize("path", ["/record", "/record/preview", "/watches", "/evidence", "/key"])
@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_no_form_of_another_site_is_taken(writable: TestClient, path: str, headers: dict[str, str]):
    before = head(writable)
    assert writable.post(path, data=RULE, headers=headers).status_code == 403
    assert head(writable) == before


def test_no_page_stands_in_the_frame_of_another(writable: TestClient):
    for path in ("/", "/record", "/key", "/restriction/none"):
        assert "frame-ancestors 'none'" in writable.get(path).headers["content-security-policy"]


def test_a_rule_of_a_day_to_come_is_previewed_on_that_day(writable: TestClient):
    page = writable.post("/record/preview", data=RULE | {"from": "2031-05-01"})
    assert "Answers on 1 May 2031, before and after" in text_of(page.text)
    assert 'data-control="prohibited"' in page.text
