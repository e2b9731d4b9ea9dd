"""How fresh the corpus is, and that no check claims more than was seen."""

import re
from datetime import date
from pathlib import Path

from typer.testing import CliRunner

from service import seeds
from service.cli import app
from service.seeds.freshness import Freshness, freshness
from tests.seeds.made_up import SOURCE, act, announced, line, write

FRESH = freshness(seeds.read("corpus"))


def checked(through: str) -> dict[str, object]:
    data = {"controller": "CN", "through": through, "sources": [{"title": "A gazette"}]}
    return line("country/cn", "record.checked", data, source=SOURCE | {"published_at": through})


def test_what_is_held_the_newest_source_and_the_last_check_are_told(tmp_path: Path):
    late = act("repealed", "2024-12-01", published_at="2024-12-03")
    write(tmp_path, a=[announced(), late, checked("2024-06"), checked("2024-05-31")])
    found = freshness(seeds.read("corpus", tmp_path))
    assert found == [Freshness("CN", 1, 0, newest=date(2024, 12, 3), checked=date(2024, 6, 1))]


def test_what_nobody_checked_is_said_to_be(tmp_path: Path):
    write(tmp_path, a=[announced()])
    assert [one.checked for one in freshness(seeds.read("corpus", tmp_path))] == [None]


def test_every_check_names_what_was_looked_at_and_none_is_of_a_later_day_than_its_source():
    for seed in seeds.read("corpus"):
        if seed.event.type == "record.checked":
            assert seed.event.data["sources"]
            assert seed.event.data["through"] == seed.event.source["published_at"]


def test_the_page_says_the_same_of_every_country():
    page = (Path(__file__).parents[2] / "docs" / "corpus.md").read_text(encoding="utf-8")
    table = page.split("## How far it reaches\n")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| ([A-Z]{2}) \| (\S+) \|", table, re.MULTILINE))
    assert list(told) == [one.country for one in FRESH]
    for one in FRESH:
        assert str(one.checked or "never").startswith(told[one.country])


def test_no_country_was_checked_past_the_newest_source_seen_but_china():
    """The list of China's announcements was looked through without finding anything newer."""
    later = {one.country for one in FRESH if one.checked and one.newest and one.checked > one.newest}
    assert later <= {"CN"}


def test_the_command_prints_a_line_for_each_country(tmp_path: Path):
    write(tmp_path, a=[announced(), checked("2024-05-31")])
    outcome = CliRunner().invoke(app, ["seeds", "freshness", str(tmp_path)])
    assert outcome.exit_code == 0
    assert "China" in outcome.stdout
    assert "2024-05-31" in outcome.stdout
