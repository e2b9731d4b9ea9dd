"""Every page in a browser: it asks nobody else, complains of nothing, fits its screen, and everyone can read it."""

import json
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from tests.console.conftest import tab
from tests.serving import Live, live

ANSWER = "/answer?goods=rare_earth_magnets&from=CN&to=IN&for=Bharat+E-Motors+Pvt+Ltd"
JUNE = "/compare?goods=rare_earth_magnets&from=CN&to=IN&then_on=2025-06-15&then_public_by=2025-06-15"
PAGES = [
    *("/", ANSWER, "/answer?goods=rare+earth+magnest&from=CN", "/answer?goods=854231&from=US&to=CN", "/key"),
    *("/country/IN", "/country/CN?role=controller", "/company/wingtech", "/goods/gallium", "/search?q=graphite"),
    *("/restriction/cn-mofcom-18-2025", "/license/cn-in-magnets-2025-10", "/group/asean", "/calendar", "/words"),
    *(
        "/world?to=IN,US",
        "/map?goods=gallium",
        "/events",
        JUNE,
        "/record",
        "/record/new/announced",
        "/record/new/suspended",
    ),
    *("/watches", "/operations"),
]
SAMPLE = [
    *(
        ("rare_earth_magnets", "CN IN"),
        ("heavy_rare_earth_magnets", "CN US"),
        ("gallium", "CN US"),
        ("graphite", "CN JP"),
    ),
    *(("854231", "US CN"), ("advanced_chips", "US CN"), ("nickel_ore", "ID CN"), ("cobalt_ore", "CD CN")),
    *(("rare_earths", "CN"), ("drones", "CN RU"), ("lithium_ore", "ZW CN"), ("no such goods", "US")),
]
"""Questions with many licenses, many rules, many sources, and without any."""
EVERY_COLOUR = (ANSWER, JUNE, "/world?to=IN,US", "/map?goods=gallium", "/events", "/record/new/suspended", "/words")
"""Pages that have every colour between them: each is looked at in the dark too."""
pytestmark = pytest.mark.browser


def violations(found: dict[str, Any]) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def assert_read_without_a_script(html: str) -> None:
    """Nothing waits for a script: a button that only a script would heed is hidden without one."""
    assert html.count("<h1") == 1
    outside = re.sub(r"<form.*?</form>", "", html, flags=re.DOTALL)
    assert all("hidden" in button for button in re.findall(r"<button[^>]*>", outside))


AXE = """(rules) => axe.run(document, {resultTypes: ['violations'], ...rules})"""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def test_every_page_is_read_by_everyone_on_every_screen_and_from_this_service_alone(
    browser: Browser, corpus_pages: Live, axe: str, subtests: pytest.Subtests
):
    with tab(browser, corpus_pages) as watched:
        page = watched.page
        for path in PAGES:
            with subtests.test(path):
                page.set_viewport_size({"width": 1280, "height": 900})
                page.emulate_media(color_scheme="light")
                assert_read_without_a_script(watched.goto(path))
                page.evaluate(axe)
                assert violations(page.evaluate(AXE, {})) == []
                if path in EVERY_COLOUR:
                    page.emulate_media(color_scheme="dark")
                    assert violations(page.evaluate(AXE, CONTRAST)) == [], "dark"
                page.set_viewport_size({"width": 320, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert (watched.elsewhere, watched.complaints) == ([], [])


def test_an_answer_is_less_than_60_kilobytes_of_html(corpus_pages: Live, subtests: pytest.Subtests):
    with httpx.Client(base_url=corpus_pages.url, timeout=120) as client:
        for goods, way in SAMPLE:
            with subtests.test(goods, way=way):
                query = {"goods": goods, **dict(zip(("from", "to"), way.split(), strict=False))}
                assert len(client.get("/answer", params=query).content) < 60_000


def test_the_answer_of_june_is_laid_beside_today_s(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages, script=False) as watched:
        watched.goto("/answer?goods=rare_earth_magnets&from=CN&to=IN&on=2026-11-26")
        watched.page.get_by_role("link", name="Compare").click()
        one = watched.page.get_by_role("group", name="One", exact=True)
        one.get_by_label("Day").fill("2025-06-15")
        one.get_by_label("Public by").fill("2025-06-15")
        watched.page.get_by_role("button", name="Compare").click()
        told = watched.page.locator("main").inner_text()
        assert "On 15 June 2025, as public by 15 June 2025" in told and "On 26 November 2026" in told
        assert watched.page.locator("tr.differs").count() > 0
        assert "18/2025 is reported as in force on 30 October 2025" in told


def test_the_proof_of_an_event_is_checked_in_the_browser(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages) as watched:
        watched.goto("/restriction/cn-mofcom-18-2025")
        watched.page.get_by_role("link", name="China announces 18/2025").click()
        watched.page.get_by_role("button", name="Check it here").click()
        watched.page.wait_for_selector("#proof-said[data-proof]")
        assert watched.page.locator("#proof-said").get_attribute("data-proof") == "checked", watched.complaints
        assert watched.complaints == []


def test_a_changed_event_fails_its_proof_in_the_browser(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages) as watched:
        changed = {"China": "Chile"}
        watched.page.route(
            "**/v1/events/*", lambda route: route.fulfill(body=_changed(route.fetch().text(), changed), status=200)
        )
        watched.goto("/restriction/cn-mofcom-18-2025")
        watched.page.get_by_role("link", name="China announces 18/2025").click()
        watched.page.get_by_role("button", name="Check it here").click()
        watched.page.wait_for_selector('#proof-said[data-proof="failed"]')


def test_news_is_recorded_seen_before_and_corrected_by_the_keyboard_alone(browser: Browser, sqlite_url: str):
    with live(sqlite_url, "article") as served, tab(browser, served) as watched:
        watched.goto("/record")
        page = watched.page
        page.get_by_role("link", name="An authority announces a rule").press("Enter")
        typed = {"Controlling country": "China", "Number of the act": "99/2026", "Goods": "rare_earth_magnets"}
        for label, text in typed.items():
            page.get_by_label(label).press_sequentially(text)
        page.get_by_label("In force from").press_sequentially("2026-01-01")
        page.get_by_text("1 January 2026", exact=True).wait_for()
        page.get_by_label("Kind (needed)").press("p")
        page.get_by_label("Who speaks").press("t")
        page.get_by_label("Title of the page").press("Enter")
        page.get_by_role("heading", name="What would change").wait_for()
        assert page.locator('[data-control="prohibited"]').count() > 0
        page.get_by_role("button", name="Record").press("Enter")
        page.get_by_role("heading", name="China announces 99/2026").wait_for()
        page.get_by_role("link", name="Correct", exact=True).press("Enter")
        page.get_by_label("Kind (needed)").press("l")
        assert page.locator(".field.changed").count() == 1
        page.get_by_label("Who speaks").press("t")
        page.get_by_label("Reason").press_sequentially("It was misread.")
        page.get_by_label("Reason").press("Enter")
        page.get_by_role("heading", name="What would change").wait_for()
        page.get_by_role("button", name="Record").press("Enter")
        page.get_by_text("It was misread.").first.wait_for()
        assert (watched.elsewhere, watched.complaints) == ([], [])


def test_an_answer_is_watched_and_let_go_without_a_script(browser: Browser, sqlite_url: str):
    with live(sqlite_url, "article") as served, tab(browser, served, script=False) as watched:
        watched.goto("/answer?goods=rare_earth_magnets&from=CN&to=IN")
        watched.page.get_by_role("button", name="Watch").press("Enter")
        assert "Nothing since it is watched" in watched.page.locator("main").inner_text()
        watched.goto("/")
        watched.page.get_by_role("link", name="what changed").press("Enter")
        watched.page.get_by_role("button", name="Stop watching").press("Enter")
        assert "No answer is watched" in watched.page.locator("main").inner_text()


def test_a_picture_is_saved_as_png_by_the_browser(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages) as watched:
        watched.goto("/map?controller=CN&goods=gallium")
        with watched.page.expect_download() as got:
            watched.page.get_by_role("button", name="PNG").click()
        content = got.value.path().read_bytes()
        assert content.startswith(b"\x89PNG") and len(content) > 50_000
        assert got.value.suggested_filename == "map.png"
        assert watched.complaints == []


def _changed(body: str, words: dict[str, str]) -> str:
    for one, other in words.items():
        body = body.replace(one, other)
    return body


def test_a_source_is_three_clicks_from_home_by_the_keyboard_alone(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages) as watched:
        watched.goto("/")
        for field, typed in (("Goods", "heavy rare earth magnets"), ("From", "China"), ("To", "India")):
            watched.page.get_by_label(field, exact=True).press_sequentially(typed)
        watched.page.keyboard.press("Enter")
        source = watched.page.locator(".sources a[href^=http]").first
        assert (source.get_attribute("href") or "").startswith("http")
        source.focus()
        assert json.loads(watched.page.evaluate("JSON.stringify(document.activeElement.href)")).startswith("http")
        assert watched.complaints == []


def test_a_typo_leads_to_the_right_goods(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages, script=False) as watched:
        watched.goto("/")
        watched.page.get_by_label("Goods", exact=True).fill("galium")
        watched.page.get_by_role("button", name="Ask").click()
        watched.page.get_by_role("link", name="Gallium", exact=False).first.click()
        assert "no goods called" not in watched.page.content()


def test_a_fact_that_would_settle_it_is_filled_in_on_the_page(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages, script=False) as watched:
        watched.goto("/answer?goods=rare_earth_magnets&from=CN&to=IN")
        watched.page.get_by_label("Dysprosium (%)").fill("1.9")
        watched.page.get_by_label("Dysprosium (%)").press("Enter")
        assert "is.dysprosium_percent=1.9" in watched.page.url
        assert "License required" in (watched.page.locator("h1").text_content() or "")
