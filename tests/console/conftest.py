"""A register with the article or the corpus in it, its pages read by a client or by a browser. Nobody changes it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from service.app import create_app
from service.settings import Settings
from tests.client import TestClient
from tests.conftest import SeededFile, sqlite_copy
from tests.serving import Live, live

AXE = Path(__file__).parents[2] / "clients" / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
FAULTS = ("error", "warning")


@pytest.fixture(scope="session")
def read_by_client(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The article, asked as a browser asks."""
    file = tmp_path_factory.mktemp("pages") / "lodestone.db"
    shutil.copyfile(seeded_file("article"), file)
    settings = Settings(database_url=f"sqlite:///{file}", signing_key_file=file.with_name("key"))
    with TestClient(create_app(settings), headers={"Accept": "text/html"}, follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="session")
def corpus_pages(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with live(sqlite_copy(seeded_file("all"), tmp_path_factory.mktemp("corpus-pages")), "all") as served:
        yield served


# While it is open an event loop runs in this thread, and no other test's may.
@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for what keeps somebody from reading a page."""
    if not AXE.is_file():
        reason = "axe-core is not installed: make node-tools"
        if os.environ.get("LODESTONE_REQUIRE_NODE") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return AXE.read_text(encoding="utf-8")


class Watched:
    """A tab, with what it asked of others and what it complained of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url
        self.elsewhere: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda asked: self.elsewhere.append(asked.url) if not asked.url.startswith(url) else None)
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda failed: self.complaints.append(str(failed)))

    def goto(self, path: str) -> str:
        """Opens a page; its HTML as it was sent."""
        answer = self.page.goto(f"{self.url}{path}")
        return answer.text() if answer else ""


@contextmanager
def tab(browser: Browser, served: Live, width: int = 1280, *, script: bool = True) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=script)
    context.set_default_timeout(60_000)
    try:
        yield Watched(context.new_page(), served.url)
    finally:
        context.close()
