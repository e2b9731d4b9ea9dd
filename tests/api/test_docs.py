"""The reference for people comes from this service alone, and every problem has its page."""

import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
import uvicorn
from starlette.testclient import TestClient

from service import errors
from service.app import create_app
from service.settings import Settings

ASSET = re.compile(r"""(?:src|href)=["']([^"']+)["']""")
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


def test_the_root_leads_to_the_reference(shared: TestClient):
    assert shared.get("/", follow_redirects=False).headers["location"] == "/docs"


KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.LodestoneError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_type_has_a_page_that_says_what_it_means(shared: TestClient, kind: type[errors.LodestoneError]):
    page = shared.get(f"/problems/{kind.problem}")
    assert page.status_code == 200
    text = unescape(page.text)
    assert f"<h1>{kind.title}</h1>" in text
    assert f"Status {kind.status}." in text
    assert kind.__doc__ and kind.__doc__ in text


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
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)])
def test_the_reference_shows_its_operations_in_a_browser_without_any_other_host(
    chromium: str, served: str, tmp_path: Path, width: int, height: int
):
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    told: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            page = browser.new_page(viewport={"width": width, "height": height})
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
            page.on("pageerror", lambda error: told.append(str(error)))
            page.goto(f"{served}/docs")
            page.wait_for_selector(".opblock", timeout=20_000)
            operations = page.locator(".opblock-summary-path").all_inner_texts()
            sideways = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            page.locator(".opblock-summary-control").first.click()
            page.wait_for_selector(".opblock.is-open .opblock-body")
            folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
            page.screenshot(path=str(folder / f"docs-{width}.png"))
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
    assert sideways <= 0, f"the page is {sideways} pixels wider than the window"
