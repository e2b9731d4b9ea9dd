"""The sheet on the screeners' page is answered with the columns that the page names."""

import csv
import re
from pathlib import Path

from service.app import create_app
from service.settings import Settings
from tests.client import TestClient

PAGE = (Path(__file__).parents[1] / "docs" / "screener.md").read_text(encoding="utf-8")
ANSWER = PAGE.partition("## The answer\n")[2]
SHEET = PAGE.partition("```text\n")[2].partition("```")[0]
COLUMNS = {
    name for row in re.findall(r"^\| (`[^|]*`) \|", ANSWER, re.MULTILINE) for name in re.findall(r"`([a-z_]+)`", row)
}


def test_the_sheet_comes_back_with_the_columns_of_the_page_and_one_problem(sqlite_url: str, tmp_path: Path) -> None:
    with TestClient(create_app(Settings(database_url=sqlite_url, signing_key_file=tmp_path / "key"))) as client:
        answered = client.post("/v1/determinations", content=SHEET, headers={"Content-Type": "text/csv"})
    rows = list(csv.DictReader(answered.text.splitlines(), delimiter=";"))
    assert len(COLUMNS) > 10 and set(rows[0]) >= COLUMNS
    assert [bool(row["problem"]) for row in rows] == [False, False, True]
