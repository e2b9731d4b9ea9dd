"""Pages for people: the API's reference, without any outside address, and what each problem type means."""

from html import escape
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from starlette.staticfiles import StaticFiles

from service import errors
from service.api.http import media
from service.api.http.heads import CLOSED
from service.api.http.problem_pages import example_text, examples, remedy
from service.errors import LodestoneError, NotFound

router = APIRouter(include_in_schema=False)

# Everything comes from this service alone, and nothing stands in the page itself: no script, no style.
POLICY = f"{CLOSED}; script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src 'self'"
HEADERS = {"Content-Security-Policy": POLICY}

REFERENCE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lodestone API</title>
<link rel="icon" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<link rel="stylesheet" href="/docs/reference.css"></head>
<body><div id="reference"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script></body>
</html>
"""
NARROW = """/* An open operation is as wide as the window. */
.swagger-ui .opblock-body { overflow-x: auto; }
"""
"""On a telephone the table of an operation's responses is wider than the window."""
START = """SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#reference", deepLinking: true, validatorUrl: null, docExpansion: "list",
  defaultModelsExpandDepth: 0,
});
"""
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Lodestone</title>
<link rel="icon" href="/docs/assets/favicon-32x32.png">
<link rel="stylesheet" href="/docs/page.css"></head>
<body><main><h1>{title}</h1>{body}<p><a href="/docs">API reference</a></p></main></body>
</html>
"""
STYLE = """:root { color-scheme: light dark; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 1.5rem 0 0.5rem; font-size: 1.125rem; }
pre { margin: 0; white-space: pre-wrap; font-size: 0.875rem; }
"""


def assets() -> StaticFiles:
    """Swagger UI, as the installed package carries it."""
    return StaticFiles(directory=str(files("fastapi_swagger") / "resources"))


@router.get("/docs")
async def reference() -> Response:
    return HTMLResponse(REFERENCE, headers=HEADERS)


@router.get("/docs/start.js")
async def start() -> Response:
    return Response(START, media_type="text/javascript", headers=HEADERS)


@router.get("/docs/reference.css")
async def narrow() -> Response:
    return Response(NARROW, media_type="text/css", headers=HEADERS)


@router.get("/docs/page.css")
async def style() -> Response:
    return Response(STYLE, media_type="text/css", headers=HEADERS)


def problem_types() -> dict[str, type[LodestoneError]]:
    """Every problem type that the service answers with, by the last segment of its URI."""
    classes = [
        found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, LodestoneError)
    ]
    return {found.problem: found for found in classes}


def meaning_of(kind: type[LodestoneError]) -> str:
    """What a class's docstring says, on one line: where it is broken in the source means nothing to a reader."""
    return " ".join((kind.__doc__ or "").split())


@router.get("/problems")
async def problem_list(request: Request) -> Response:
    """Every problem type, by its status: a page for a browser, else JSON or plain text."""
    wanted = media.preferred(request.headers.getlist("accept"), (media.HTML, media.JSON, media.PLAIN))
    found = sorted(problem_types().items(), key=lambda named: (named[1].status, named[0]))
    headers = {**HEADERS, "Vary": "Accept"}
    if wanted == media.JSON:
        return JSONResponse({"problems": [_told(name, kind) for name, kind in found]}, headers=headers)
    if wanted == media.PLAIN:
        lines = (f"{kind.status} /problems/{name}: {kind.title}\n" for name, kind in found)
        return PlainTextResponse("".join(lines), headers=headers)
    items = (f'<li>{kind.status}: <a href="/problems/{name}">{escape(kind.title)}</a></li>' for name, kind in found)
    return HTMLResponse(PAGE.format(title="Problem types", body=f"<ul>{''.join(items)}</ul>"), headers=headers)


def _told(name: str, kind: type[LodestoneError]) -> dict[str, Any]:
    told = {"type": f"/problems/{name}", "title": kind.title, "status": kind.status, "detail": meaning_of(kind)}
    example = examples().get(name)
    return told | {"remedy": remedy(name)} | ({"example": example} if example else {})


@router.get("/problems/{name}")
async def problem_page(request: Request, name: str) -> Response:
    """What a problem's `type` resolves to: a page for a browser, else JSON or plain text. Raises NotFound."""
    wanted = media.preferred(request.headers.getlist("accept"), (media.HTML, media.JSON, media.PLAIN))
    found = problem_types().get(name)
    if found is None:
        raise NotFound("There is no such problem type.")
    meaning, headers = meaning_of(found), {**HEADERS, "Vary": "Accept"}
    if wanted == media.JSON:
        return JSONResponse(_told(name, found), headers=headers)
    if wanted == media.PLAIN:
        shown = f"\nExample:\n\n{example}" if (example := example_text(name)) else ""
        text = f"{found.title}\n\nStatus {found.status}. {meaning}\n\nWhat to do: {remedy(name)}\n{shown}"
        return PlainTextResponse(text, headers=headers)
    body = f"<p>Status {found.status}. {escape(meaning)}</p><h2>What to do</h2><p>{escape(remedy(name))}</p>"
    if example := example_text(name):
        body += f"<h2>Example</h2><pre>{escape(example)}</pre>"
    body += '<p><a href="/problems">All problem types</a></p>'
    return HTMLResponse(PAGE.format(title=escape(found.title), body=body), headers=headers)
