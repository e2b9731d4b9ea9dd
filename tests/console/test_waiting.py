"""A page that takes long: its head at once, its content when it is there."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from fastapi import Request, Response
from starlette.responses import HTMLResponse, RedirectResponse, StreamingResponse

from service.console import waiting
from service.console.pages import HEADERS

HEAD = HTMLResponse("<head><title>x</title><script src='a'></script></head><body><main>none</main>", headers=HEADERS)
PAGE = HTMLResponse('<head><title>Own</title><script src="b"></script></head><body><main>all</main></body>')


def request(method: str = "GET", mode: str = "navigate") -> Request:
    headers = [(b"sec-fetch-mode", mode.encode())]
    return Request({"type": "http", "method": method, "path": "/", "query_string": b"", "headers": headers})


def parts_of(page: Response, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is sent, part by part, of a page that is there only after its head was sent."""
    monkeypatch.setattr(waiting, "HEAD_AFTER_S", 0)

    async def sent() -> list[str]:
        there = asyncio.Event()

        async def made() -> Response:
            await there.wait()
            return page

        answer = await waiting.begun(made(), lambda: HEAD)
        assert isinstance(answer, StreamingResponse)
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        stream: AsyncIterator[str] = answer.body_iterator  # type: ignore[assignment]
        first = await anext(stream)
        there.set()
        return [first, *[part async for part in stream]]

    return asyncio.run(sent())


def test_a_page_that_is_there_soon_is_sent_as_it_is():
    async def made() -> Response:
        return PAGE

    assert asyncio.run(waiting.begun(made(), lambda: HEAD)) is PAGE


def test_of_a_page_that_takes_long_the_head_is_seen_first(monkeypatch: pytest.MonkeyPatch):
    first, rest = parts_of(PAGE, monkeypatch)
    assert "<script src='a'>" in first and "Working…" in first and "<title>" not in first and "none" not in first
    assert rest.startswith("<title>Own</title>") and '<script src="b">' in rest and "<main>all</main></body>" in rest


def test_a_page_that_leads_elsewhere_after_long_has_a_link_there(monkeypatch: pytest.MonkeyPatch):
    assert 'href="/other"' in parts_of(RedirectResponse("/other"), monkeypatch)[1]


def test_only_a_browser_that_opens_a_page_gets_its_head_first():
    assert waiting.may_wait(request())
    assert not waiting.may_wait(request("POST")) and not waiting.may_wait(request(mode="cors"))
