"""`lodestone screen`: a sheet of any length, in many requests, which goes on where it was interrupted."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from service.api.http.sheet_columns import ANSWERED
from service.client import Client
from service.commands import screening
from tests.commands.conftest import DAY, Run, runner
from tests.commands.test_posting import remark

HEAD = "order;controller;destination;commodity;as_of"
GOOD = [f"A-{at};CN;{to};rare_earth_magnets;{DAY}" for at, to in enumerate(("IN", "DE", "IN", "US", "IN"))]


@pytest.fixture
def lodestone(sqlite_article: str) -> Run:
    return runner(LODESTONE_DATABASE_URL=sqlite_article)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    (tmp_path / "asked.csv").write_text("\n".join([HEAD, *GOOD]), encoding="utf-8")
    return tmp_path / "asked.csv"


def read(file: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"), newline=""), delimiter=";"))


def test_each_row_comes_back_with_its_answer_however_many_requests_it_takes(lodestone: Run, sheet: Path):
    whole, parts = sheet.with_name("whole.csv"), sheet.with_name("parts.csv")
    first, second = lodestone("screen", sheet, "-o", whole), lodestone("screen", sheet, "-o", parts, "--at-once", 2)
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert whole.read_bytes() == parts.read_bytes()
    found = read(whole)
    assert [row["order"] for row in found] == [line.partition(";")[0] for line in GOOD]
    assert list(found[0]) == [*HEAD.split(";"), *ANSWERED]
    assert {row["control"] for row in found if row["destination"] == "IN"} == {"license_required"}
    assert "5 rows are answered" in first.stderr


def test_a_row_that_cannot_be_read_keeps_no_other_from_its_answer(lodestone: Run, sheet: Path):
    sheet.write_text("\n".join([HEAD, "B-1;CN;IN", "B-2;CN;Nowhere;gallium;" + DAY, GOOD[0]]), encoding="utf-8")
    done = lodestone("screen", sheet, "-o", sheet.with_name("out.csv"))
    short, wrong, good = read(sheet.with_name("out.csv"))
    assert short["problem"] == "the line has 3 cells, and the first line names 5 columns"
    assert wrong["problem"].startswith("destination: ")
    assert (good["problem"], good["control"]) == ("", "license_required")
    assert (done.exit_code, "2 rows could not be read" in done.stderr) == (5, True)
    assert "1 rows are answered" in done.stderr


@pytest.mark.parametrize("missing", [1, 2, 30, 700])
def test_what_was_interrupted_goes_on_after_the_last_whole_row(lodestone: Run, sheet: Path, missing: int):
    out = sheet.with_name("out.csv")
    lodestone("screen", sheet, "-o", out)
    whole = out.read_bytes()
    out.write_bytes(whole[:-missing])
    again = lodestone("screen", sheet, "-o", out)
    assert again.exit_code == 0, again.output
    assert out.read_bytes() == whole


def test_going_on_it_says_after_which_row(lodestone: Run, sheet: Path):
    out = sheet.with_name("out.csv")
    assert "Going on" not in lodestone("screen", sheet, "-o", out).stderr
    assert "Going on after row 5 of 5." in lodestone("screen", sheet, "-o", out).stderr


def test_where_no_bar_shows_it_says_now_and_then_how_far_it_is(
    lodestone: Run, sheet: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(screening, "SPOKEN_ROWS", 2)
    told = lodestone("screen", sheet, "-o", sheet.with_name("out.csv"), "--at-once", 1).stderr
    assert [line for line in told.splitlines() if line.endswith(" rows.")] == ["2 of 5 rows.", "4 of 5 rows."]


def test_rows_of_a_later_run_are_answered_from_what_was_known_at_the_first(article_url: str, sheet: Path):
    run, out = runner(LODESTONE_DATABASE_URL=article_url), sheet.with_name("out.csv")
    run("screen", sheet, "-o", out)
    whole = out.read_bytes()
    out.write_bytes(b"".join(whole.splitlines(keepends=True)[:3]))
    assert run("post", "-", stdin=json.dumps(remark("something else"))).exit_code == 0
    assert run("screen", sheet, "-o", out).exit_code == 0
    assert {row["known_at_position"] for row in read(out)} == {"15"}
    assert out.read_bytes() == whole


def test_a_file_that_holds_something_else_is_left_as_it_is(lodestone: Run, sheet: Path):
    refused = lodestone("screen", sheet, "-o", sheet)
    assert (refused.exit_code, "name another file" in refused.stderr) == (1, True)
    assert sheet.read_text(encoding="utf-8") == "\n".join([HEAD, *GOOD])
    out = sheet.with_name("out.csv")
    lodestone("screen", sheet, "-o", out)
    sheet.write_text("\n".join([HEAD, *reversed(GOOD)]), encoding="utf-8")
    assert "name another file" in lodestone("screen", sheet, "-o", out).stderr


def test_what_is_too_large_for_one_request_is_cut_in_two(sqlite_article: str, sheet: Path):
    run = runner(LODESTONE_DATABASE_URL=sqlite_article, LODESTONE_MAX_BODY_BYTES="1024")
    sheet.write_text("\n".join([HEAD, *(GOOD * 8), f"{'x' * 2000};CN;IN;gallium;{DAY}"]), encoding="utf-8")
    done = run("screen", sheet, "-o", sheet.with_name("out.csv"))
    assert done.exit_code == 5, done.output
    *good, large = read(sheet.with_name("out.csv"))
    assert len(good) == 40 and {row["problem"] for row in good} == {""}
    assert "1024 bytes" in large["problem"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (HEAD.encode(), "has no rows below"),
        (b"controller;destinatoin;commodity\nCN;IN;gallium", "destinatoin: do you mean destination?"),
        ("controller;Käufer;commodity\nCN;IN;gallium".encode(), "Käufer: do you mean purchaser?"),
        ("order;commodity\nä;gallium".encode("latin-1"), "CSV UTF-8"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_told_before_anything_is_written(
    lodestone: Run, sheet: Path, written: bytes, said: str
):
    sheet.write_bytes(written)
    refused = lodestone("screen", sheet, "-o", sheet.with_name("out.csv"))
    assert (refused.exit_code, said in refused.stderr) == (1, True), refused.output
    assert not sheet.with_name("out.csv").exists()


def test_what_the_register_refuses_leaves_no_file(sqlite_article: str, sheet: Path):
    run = runner(LODESTONE_DATABASE_URL=sqlite_article)
    refused = run("screen", sheet, "-o", sheet.with_name("out.csv"), "--url", "http://127.0.0.1:9")
    assert refused.exit_code == 3, refused.output
    assert not sheet.with_name("out.csv").exists()


def test_it_is_told_first_which_columns_are_read(lodestone: Run, sheet: Path):
    done = lodestone("screen", sheet, "-o", sheet.with_name("out.csv"))
    said = done.stderr.splitlines()
    assert said[0] == "Read: controller, destination, commodity, as_of."
    assert said[1] == "Kept unread: order."
    assert said[2].startswith("No column names a party")
    again = sheet.with_name("again.csv")
    told = lodestone("screen", sheet.with_name("out.csv"), "-o", again).stderr
    assert "Replaced, as they hold an earlier answer: headline, control, listed" in told
    assert again.read_bytes() == sheet.with_name("out.csv").read_bytes()


def test_a_column_is_kept_unread_where_its_owner_says_so(lodestone: Run, sheet: Path):
    sheet.write_text("customer;controller;commodity\nMe;CN;gallium\n", encoding="utf-8")
    out = sheet.with_name("out.csv")
    assert "customer: do you mean end_user?" in lodestone("screen", sheet, "-o", out).stderr
    done = lodestone("screen", sheet, "-o", out, "--own", "customer")
    assert (done.exit_code, read(out)[0]["customer"]) == (0, "Me"), done.output
    assert "Kept unread: customer." in done.stderr
    assert "  --own: client" in lodestone("screen", sheet, "-o", out, "--own", "client").stderr


def test_a_sheet_comes_back_as_it_was_with_its_mark_its_blanks_and_its_empty_rows(lodestone: Run, sheet: Path):
    rows = ["note;controller;destination;commodity", ' "groß"  ;CN;IN;gallium', ";;;", "", "-12,5;CN;IN;gallium"]
    sheet.write_text("\ufeff" + "\n".join(rows) + "\n", encoding="utf-8")
    out = sheet.with_name("out.csv")
    done = lodestone("screen", sheet, "-o", out)
    assert done.exit_code == 0, done.output
    text = out.read_bytes().decode("utf-8")
    assert text.startswith("\ufeffnote;controller")
    found = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert [row[0] for row in found[1:]] == [' "groß"  ', "", "", "-12,5"]
    assert [any(row[4:]) for row in found[1:]] == [True, False, False, True]
    assert "empty row\t2" in done.stdout
    whole = out.read_bytes()
    out.write_bytes(whole[: len(whole) // 2])
    assert lodestone("screen", sheet, "-o", out).exit_code == 0
    assert out.read_bytes() == whole


def test_who_stops_it_is_told_how_to_go_on(lodestone: Run, sheet: Path, monkeypatch: pytest.MonkeyPatch):
    asked, out = Client.post, sheet.with_name("out.csv")

    def stopped(client: Client, *given: Any) -> Any:
        if out.exists():
            raise KeyboardInterrupt
        return asked(client, *given)

    monkeypatch.setattr(Client, "post", stopped)
    done = lodestone("screen", sheet, "-o", out, "--at-once", 2)
    assert done.exit_code == 130, done.output
    assert f"Stopped with 2 of 5 rows in {out}. The same command goes on there." in done.stderr
