"""The reference for people comes from this service alone, and every problem has its page."""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin, urlsplit

import pytest
import uvicorn

from scripts.examples import register
from scripts.problems import answered
from service import errors
from service.api.http.problem_pages import REMEDIES, example_text, examples
from service.app import create_app
from service.settings import Settings
from tests.client import TestClient

ASSET = re.compile(r"""(?:src|href)=["']([^"']+)["']""")
PAGE_TIMEOUT_MS = 120_000
FOREIGN = re.compile(r"""(?:https?:)?//[a-z0-9.-]+""", re.IGNORECASE)


def test_every_asset_of_the_reference_is_served_by_the_service_itself(shared: TestClient):
    page = shared.get("/docs")
    referenced = ASSET.findall(page.text)
    assert len(referenced) >= 4
    for reference in referenced:
        assert reference.startswith("/") and not reference.startswith("//")
        asset = shared.get(reference)
        assert asset.status_code == 200, reference
        assert len(asset.content) > 50
    kinds = {reference.rpartition(".")[2] for reference in referenced}
    assert {"js", "css"} <= kinds


def test_neither_the_page_nor_its_script_names_another_host(shared: TestClient):
    for path in ("/docs", "/docs/start.js", "/problems/not-found"):
        answer = shared.get(path)
        assert answer.status_code == 200
        assert FOREIGN.findall(answer.text) == []


def test_the_page_forbids_the_browser_to_ask_another_host(shared: TestClient):
    policy = shared.get("/docs").headers["content-security-policy"]
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["connect-src"] == "'self'"


def test_the_script_reads_the_document_that_the_service_serves(shared: TestClient):
    url = re.search(r'url: "([^"]+)"', shared.get("/docs/start.js").text)
    assert url
    document = shared.get(urljoin("/docs", url[1]))
    assert document.json()["openapi"].startswith("3.1")
    assert "/v1/events" in document.json()["paths"]


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.LodestoneError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_type_has_a_page_that_says_what_it_means(shared: TestClient, kind: type[errors.LodestoneError]):
    page = shared.get(f"/problems/{kind.problem}")
    assert page.status_code == 200
    text = unescape(page.text)
    assert f"<h1>{kind.title}</h1>" in text
    assert f"Status {kind.status}." in text
    meaning = shared.get(f"/problems/{kind.problem}", headers={"Accept": "application/json"}).json()["detail"]
    assert f"<p>Status {kind.status}. {meaning}</p>" in text


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_s_meaning_is_whole_sentences_on_one_line_and_tells_of_nothing_inside_the_code(
    shared: TestClient, kind: type[errors.LodestoneError]
):
    meaning = shared.get(f"/problems/{kind.problem}", headers={"Accept": "application/json"}).json()["detail"]
    assert re.fullmatch(r"[A-Z]\S*( \S+){4,}\.", meaning)
    # What stands between such quotes is a name in the code. A page for clients has no use for it.
    assert "`" not in meaning
    plain = shared.get(f"/problems/{kind.problem}", headers={"Accept": "text/plain"}).text
    assert plain.startswith(f"{kind.title}\n\nStatus {kind.status}. {meaning}\n\nWhat to do: ")


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_page_says_what_to_do(shared: TestClient, kind: type[errors.LodestoneError]):
    assert REMEDIES[kind.problem] in shared.get(f"/problems/{kind.problem}", headers={"Accept": "text/plain"}).text
    assert f"<p>{escape(REMEDIES[kind.problem])}</p>" in shared.get(f"/problems/{kind.problem}").text


def test_no_remedy_is_kept_for_a_problem_that_nothing_gives():
    assert set(REMEDIES) == {kind.problem for kind in KINDS}


def test_a_problem_page_shows_a_request_that_is_really_refused_so(sqlite_url: str, tmp_path: Path):
    assert len(examples()) >= 14
    with register(sqlite_url, tmp_path) as client:
        for name, example in examples().items():
            assert answered(client, example["request"]) == example["answer"]
            page = client.get(f"/problems/{name}")
            assert f"<pre>{escape(example_text(name) or '')}</pre>" in page.text
            told = client.get(f"/problems/{name}", headers={"Accept": "application/json"}).json()
            assert told["example"] == example


def test_a_meaning_that_is_broken_in_the_source_is_shown_without_the_break(shared: TestClient):
    told = shared.get("/problems/unsupported-media-type", headers={"Accept": "application/json"}).json()
    assert told["detail"] == (
        "The Content-Type of the body is not supported. The detail lists those that are: application/json everywhere; "
        "some resources also take CloudEvents or CSV."
    )


def test_a_problem_page_takes_its_style_from_the_service_and_has_none_of_its_own(shared: TestClient):
    page = shared.get("/problems/not-found")
    assert "<style" not in page.text and "style=" not in page.text
    for reference in ASSET.findall(page.text):
        assert shared.get(reference).status_code == 200, reference
    (sheet,) = re.findall(r'rel="stylesheet" href="([^"]+)"', page.text)
    assert shared.get(sheet).headers["content-type"].startswith("text/css")
    assert "style-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("accept", ["text/html", "application/json", "text/plain"])
def test_every_problem_type_is_listed_with_its_page(shared: TestClient, accept: str):
    listed = shared.get("/problems", headers={"Accept": accept})
    assert listed.status_code == 200
    assert listed.headers["content-type"].startswith(accept)
    found = set(re.findall(r"/problems/([a-z-]+)", listed.text))
    assert found == {kind.problem for kind in KINDS}


def test_no_two_kinds_of_problem_share_a_page():
    assert len({kind.problem for kind in KINDS}) == len(KINDS)


@pytest.fixture
def served(sqlite_url: str) -> Iterator[str]:
    """The address of the service, listening."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(create_app(Settings(database_url=sqlite_url)), log_level="warning", access_log=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]})
        thread.start()
        try:
            deadline = time.monotonic() + 20
            while not server.started:
                assert time.monotonic() < deadline, "the service did not start"
                time.sleep(0.02)
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.mark.browser
def test_the_reference_shows_its_operations_in_a_browser_without_any_other_host(
    chromium: str, served: str, tmp_path: Path
):
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    told: list[str] = []
    wider: dict[int, int] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.set_default_timeout(PAGE_TIMEOUT_MS)
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: told.append(str(error)))
            page.goto(f"{served}/docs")
            page.wait_for_selector(".opblock")
            operations = page.locator(".opblock-summary-path").all_inner_texts()
            page.locator(".opblock-summary-control").first.click()
            page.wait_for_selector(".opblock.is-open .opblock-body")
            for width, height in ((390, 844), (1280, 900)):
                # The page is drawn once: that takes the browser seconds.
                page.set_viewport_size({"width": width, "height": height})
                wider[width] = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                page.screenshot(path=str(Path(os.environ.get("SCREENSHOTS", tmp_path)) / f"docs-{width}.png"))
        finally:
            browser.close()
    paths = [path.replace("\u200b", "").strip() for path in operations]
    assert "/v1/events" in paths
    assert "/v1/determinations" in paths
    assert told == []
    assert len(asked) >= 5
    own = urlsplit(served)
    foreign = [url for url in asked if not url.startswith("data:") and urlsplit(url)[:2] != own[:2]]
    assert foreign == []
    assert max(wider.values()) <= 0, f"the page is so many pixels wider than the window: {wider}"


SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.mark.browser
def test_a_problem_page_is_read_on_a_telephone_with_its_style_by_day_and_by_night(chromium: str, served: str):
    from playwright.sync_api import sync_playwright

    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            for scheme in SCHEMES:
                page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
                page.on("console", lambda said: told.append(said.text) if said.type == "error" else None)
                page.goto(f"{served}/problems/malformed-request")
                assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
                assert page.evaluate("document.querySelector('main p').getBoundingClientRect().left") == 16
                assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)") == 16
                assert told == []
        finally:
            browser.close()
