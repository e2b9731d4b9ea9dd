"""The head of a page that takes long, sent before the page is there: a reader sees at once that something comes."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from html import escape

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

HEAD_AFTER_S = 0.5
"""After which time the head is sent alone: of a page that takes longer, the first paint comes within a second."""
TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)
SCRIPT = re.compile(r"<script [^>]*></script>")
CONTENT = "<main"
WAITING = '<p class="waiting" role="status">Working…</p>\n'


def may_wait(request: Request) -> bool:
    """Whether it is a browser that opens a page. Everybody else gets a page as a whole, with its own status."""
    return request.method == "GET" and request.headers.get("sec-fetch-mode") == "navigate"


async def begun(page: Awaitable[Response], other: Callable[[], Response]) -> Response:
    """The page; where it takes long, at first the head of another page, and the content when it is there.

    What is refused then is told on the page alone: the status has been sent.
    """
    making = asyncio.ensure_future(page)
    await asyncio.wait({making}, timeout=HEAD_AFTER_S)
    if making.done():
        return making.result()
    head_of = other()
    headers = {name: head_of.headers[name] for name in ("content-security-policy", "cache-control", "vary")}
    return StreamingResponse(_parts(making, bytes(head_of.body).decode()), media_type="text/html", headers=headers)


async def _parts(making: Awaitable[Response], other: str) -> AsyncIterator[str]:
    head = TITLE.sub("", other.partition(CONTENT)[0])
    yield head + WAITING
    made = await making
    if target := made.headers.get("location"):
        yield f'<title>Lodestone</title><main id="content"><a href="{escape(target)}">Go on</a></main>'
        return
    html = bytes(made.body).decode()
    own_head, _, content = html.partition(CONTENT)
    scripts = [one for one in SCRIPT.findall(own_head) if one not in head]
    yield "".join([*TITLE.findall(own_head), *scripts, CONTENT, content])
