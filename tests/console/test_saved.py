"""Tables as CSV and pictures as SVG: files of the pages that show them."""

import csv
import io
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from fastapi import Request
from starlette.responses import HTMLResponse

from service.console import saved
from service.console.pages import HEADERS
from service.errors import NotFound
from tests.client import TestClient
from tests.console.test_answer_page import MAGNETS, text_of

SVG = "{http://www.w3.org/2000/svg}"
WITH_TABLES = (
    "/country/IN",
    "/country/CN?role=controller",
    "/events",
    "/world?controller=CN&to=IN",
    "/map?controller=CN",
)


def request(path: str = "/page", query: str = "") -> Request:
    return Request({"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": []})


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def links_to(page: str, kind: str) -> list[str]:
    return [unescape(found) for found in re.findall(rf'href="([^"]*file=[a-z-]+[.]{kind})"', page)]


@pytest.mark.parametrize("path", WITH_TABLES)
def test_every_table_of_a_page_is_a_file_with_the_same_rows(read_by_client: TestClient, path: str):
    page = read_by_client.get(path)
    tables = re.findall(r'<table [^>]*id="table-([a-z-]+)">(.*?)</table>', page.text, re.DOTALL)
    links = links_to(page.text, "csv")
    assert links and len(links) == len(tables)
    for link, (name, html) in zip(links, tables, strict=True):
        file = read_by_client.get(link)
        rows = rows_of(file.content)
        assert file.headers["content-type"].startswith("text/csv")
        assert f'-{name}.csv"' in file.headers["content-disposition"]
        assert len(rows) == html.count("<tr>") + html.count("<tr ")
        assert {len(row) for row in rows} == {len(rows[0])}


def test_the_picture_of_an_answer_is_a_drawing_of_its_own(read_by_client: TestClient):
    page = read_by_client.get("/answer", params=MAGNETS).text
    links = links_to(page, "svg")
    assert len(links) == 2
    for link in links:
        file = read_by_client.get(link)
        drawn = ElementTree.fromstring(file.content)
        assert drawn.tag == f"{SVG}svg" and drawn.findall(f"{SVG}svg")
        assert file.headers["content-type"] == "image/svg+xml"
        assert "default-src 'none'" in file.headers["content-security-policy"]
        assert b"/event/" not in file.content and b"--link:" in file.content
    licenses = read_by_client.get(next(one for one in links if "licenses" in one)).content
    named = re.findall(r'data-said="([^"]+)"', page)
    assert named[0] in licenses.decode()


@pytest.mark.parametrize("file", ["none.csv", "controls.svg", "controls.pdf", "../../etc/passwd", "", "controls"])
def test_a_file_that_the_page_does_not_have_is_told_so(read_by_client: TestClient, file: str):
    page = read_by_client.get("/country/IN", params={"file": file})
    assert page.status_code == (404 if file else 200)


def test_a_file_is_of_the_page_that_its_other_parameters_ask_for(read_by_client: TestClient):
    then = read_by_client.get("/country/IN?on=2020-01-01").text
    link = links_to(then, "csv")
    assert not link or "on=2020-01-01" in link[0]
    page = read_by_client.get("/world?controller=CN&to=IN,DE").text
    heads = rows_of(read_by_client.get(links_to(page, "csv")[0]).content)[0]
    assert heads == ["Goods", "India", "Germany"]


def test_what_would_be_a_formula_is_text_in_the_file():
    page = HTMLResponse('<table id="table-x"><tr><td>=1+1</td><td>-2</td><td>a=b</td></tr></table>', headers=HEADERS)
    file = saved.cut(request(), page, "x.csv")
    assert rows_of(bytes(file.body)) == [["'=1+1", "'-2", "a=b"]]


def test_a_cell_is_what_is_heard_its_lines_with_semicolons_between():
    cell = '<td> A &amp; <span aria-hidden="true">●<b>x</b></span>b<br>c<ul><li>d</li><li>e</li></ul></td>'
    page = HTMLResponse(
        f'<table id="table-y"><tr><td>no</td></tr></table><table id="table-x"><tr>{cell}</tr></table>', headers=HEADERS
    )
    file = saved.cut(request("/country/IN"), page, "x.csv")
    assert rows_of(bytes(file.body)) == [["A & b; c; d; e"]]
    assert file.headers["content-disposition"] == 'attachment; filename="country-IN-x.csv"'


def test_a_page_without_a_title_or_a_picture_has_no_drawing():
    for html in ("<title>x</title>", '<figure id="picture-x"></figure>'):
        with pytest.raises(NotFound):
            saved.cut(request(), HTMLResponse(html, headers=HEADERS), "x.svg")


def test_the_name_of_a_file_is_no_part_of_the_address_of_its_page():
    asked = request(query="a=1&file=x.csv&b=%C3%A9")
    assert saved.asked(asked) == "x.csv"
    assert dict(asked.query_params) == {"a": "1", "b": "é"}
    assert saved.asked(request(query="a=1&profile=x.csv")) is None


def test_a_page_that_was_sent_has_no_file(read_by_client: TestClient):
    assert "Save this" not in text_of(read_by_client.post("/record/preview", data={"news": "note"}).text)
