"""The commands as the help page lists them, without what they import."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service import __version__
from service.cli import COMMANDS, app, loaded
from tests.commands.conftest import STYLED

HEAVY = ("fastapi", "sqlalchemy", "pydantic", "httpx", "uvicorn")
SERVICE = ("fastapi", "starlette", "sqlalchemy", "alembic", "uvicorn", "psycopg")
"""What only the service itself needs."""
MOST_OF_OURS = 75
"""Modules of this project: the service has some three hundred."""


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_page_says_of_a_command_what_the_command_says_of_itself(name: str):
    command = loaded(name)
    own = (command.help or "").partition("\n\n")[0]
    assert COMMANDS[name].line == " ".join(own.split())
    panel = getattr(command, "rich_help_panel", None)
    assert COMMANDS[name].panel == (panel if isinstance(panel, str) else None)


def test_every_command_of_every_module_is_listed():
    single = {import_module(f"service.commands.{one.module}") for one in COMMANDS.values() if not one.group}
    names = {one.name or one.callback.__name__ for module in single for one in module.app.registered_commands}
    assert names == {name for name, one in COMMANDS.items() if not one.group}


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_the_help_page_and_the_version_import_nothing_heavy(asked: str):
    code = (
        "import sys\nfrom service.cli import app\n"
        f"try: app([{asked!r}], prog_name='lodestone')\n"
        f"finally: print('IMPORTED', [name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert "IMPORTED []" in done.stdout, done.stderr


@pytest.mark.parametrize(
    "asked",
    [["companies", "Ushin"], ["status", "IN"], ["retract", "1"], ["proof", "1"]],
    ids=lambda asked: asked[0],
)
def test_asking_another_service_imports_nothing_of_the_service_here(asked: list[str]):
    _imports_nothing_of_the_service(asked)


def test_a_sheet_for_another_service_is_read_without_the_service_here(tmp_path: Path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("destination,hs\nIN,850511\n")
    _imports_nothing_of_the_service(["screen", str(sheet), "-o", str(tmp_path / "answers.csv")])


def test_a_published_list_for_another_service_is_read_without_the_service_here(tmp_path: Path):
    table = tmp_path / "list.csv"
    table.write_text("name,aliases,country,list,from,through,source\nNidec,,JP,L,,,\n")
    terms = ["--controller", "CN", "--kind", "prohibition", "--as-of", "2026-01-01"]
    _imports_nothing_of_the_service(["import-list", str(table), "--format", "csv", *terms])


def _imports_nothing_of_the_service(asked: list[str]) -> None:
    code = (
        "import sys\nfrom service.cli import app\n"
        f"try: app({[*asked, '--url', 'http://127.0.0.1:9']!r}, prog_name='lodestone')\n"
        f"finally: print('IMPORTED', [name for name in {SERVICE} if name in sys.modules],"
        " len([name for name in sys.modules if name.startswith('service')]))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    imported, _, ours = done.stdout.rpartition("\n")[0].rpartition("\n")[2].rpartition(" ")
    assert (done.returncode, imported) == (3, "IMPORTED []"), done.stderr
    assert int(ours) <= MOST_OF_OURS


def test_the_version_is_printed_alone():
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.stdout) == (0, f"{__version__}\n")


def test_a_command_spelled_wrong_is_suggested():
    told = CliRunner().invoke(app, ["verfy"])
    assert told.exit_code == 2
    assert "Did you mean 'verify'?" in STYLED.sub("", told.output)


def test_a_command_of_a_group_is_found_below_it():
    told = CliRunner().invoke(app, ["db", "upgrade", "--help"])
    assert told.exit_code == 0
    assert "newest version" in STYLED.sub("", told.output)
