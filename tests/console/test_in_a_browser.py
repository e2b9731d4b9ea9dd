"""Every page in a browser: it asks nobody else, complains of nothing, fits its screen, and everyone can read it."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.console.conftest import tab
from tests.serving import Live

ANSWER = "/answer?goods=rare_earth_magnets&from=CN&to=IN&for=Bharat+E-Motors+Pvt+Ltd"
PAGES = ["/", ANSWER, "/answer?goods=rare+earth+magnest&from=CN", "/answer?goods=854231&from=US&to=CN", "/key"]
pytestmark = pytest.mark.browser


def violations(found: dict[str, Any]) -> list[str]:
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def test_every_page_is_read_without_a_fault_by_everyone_and_from_this_service_alone(
    browser: Browser, corpus_pages: Live, axe: str, subtests: pytest.Subtests
):
    for scheme in ("light", "dark"):
        with tab(browser, corpus_pages) as watched:
            watched.page.emulate_media(color_scheme=scheme)
            for path in PAGES:
                with subtests.test(f"{path} {scheme}"):
                    watched.goto(path)
                    watched.page.evaluate(axe)
                    found = watched.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                    assert violations(found) == []
            assert (watched.elsewhere, watched.complaints) == ([], [])


def test_no_page_is_wider_than_its_screen(browser: Browser, corpus_pages: Live, subtests: pytest.Subtests):
    with tab(browser, corpus_pages, width=320) as watched:
        for path in PAGES:
            with subtests.test(path):
                watched.goto(path)
                assert watched.page.evaluate("document.documentElement.scrollWidth") <= 320


def test_an_answer_is_less_than_60_kilobytes_of_html(browser: Browser, corpus_pages: Live):
    with tab(browser, corpus_pages, script=False) as watched:
        for path in PAGES:
            watched.goto(path)
            assert len(watched.page.content().encode()) < 60_000, path


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
