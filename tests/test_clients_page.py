"""The page on clients shows the programs that are tried."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAMS = sorted((ROOT / "clients").glob("with_*.*"))
PAGE = (ROOT / "docs" / "clients.md").read_text()
SHOWN = re.findall(r"^```(?:python|ts)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_the_page_shows_each_program_as_it_is_run(program: Path):
    assert program.read_text() in SHOWN


def test_the_page_shows_no_other_program():
    assert len(SHOWN) == len(PROGRAMS) == 3
