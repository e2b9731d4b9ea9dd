"""The words of answers, from docs/glossary.md; every word has an address of its own, which pages link to."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

from fastapi import APIRouter, Request, Response
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

import service
from service.console.pages import PageRoute, page

router = APIRouter(route_class=PageRoute, include_in_schema=False)


def text() -> str:
    """The glossary, from the checkout or from the installed package."""
    package = Path(service.__file__).parent
    folders = (package / "_docs", package.parent / "docs")
    return next(folder / "glossary.md" for folder in folders if folder.is_dir()).read_text(encoding="utf-8")


@cache
def html() -> Markup:
    """As HTML. A word that a row explains is where `#word` leads to; of several rows the first."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = list(_without_links(reader.parse(text())[3:]))
    _name_words(tokens)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  made here, of the project's own text


def _without_links(tokens: list[Token]) -> Iterator[Token]:
    """Other documents of the project are not served."""
    for token in tokens:
        token.children = [child for child in token.children or [] if child.type not in ("link_open", "link_close")]
        yield token


def _name_words(tokens: list[Token]) -> None:
    named: set[str] = set()
    for before, token in pairwise(tokens):
        if before.type == "td_open":
            for child in token.children or []:
                if child.type == "code_inline" and child.content not in named:
                    named.add(child.content)
                    child.attrSet("id", child.content)


@router.get("/words")
def words(request: Request) -> Response:
    return page(request, "words.html", glossary=html())
