"""Every setting is explained, with its unit in its name, on a page that is made from the code."""

import re
from pathlib import Path

import pytest
from pydantic import Field
from typer.testing import CliRunner

from service.cli import app
from service.settings import OF_COMMANDS, Settings, reference

ROOT = Path(__file__).parents[1]
UNITS = ("_s", "_ms", "_bytes", "_per_key", "_per_address", "_levels", "_characters", "_percent")
# They count what they are named for.
COUNTS = (
    "port",
    "max_headers",
    "max_events",
    "max_questions",
    "max_page_size",
    "max_answers_at_once",
    "max_recordings_at_once",
    "max_waiting_requests",
    "max_values",
    "max_read_connections",
    "max_connections",
    "max_feeds",
    "max_watches",
)


def test_every_setting_has_a_sentence_that_explains_it():
    for name, field in Settings.model_fields.items():
        assert field.description and field.description.endswith("."), name
        assert f"`LODESTONE_{name.upper()}`" in reference()


def test_every_number_has_its_unit_in_its_name_and_a_lower_bound():
    for name, field in Settings.model_fields.items():
        if field.annotation in (int, int | None, float):
            assert name.endswith(UNITS) or name in COUNTS, name
            assert any(hasattr(bound, "ge") for bound in field.metadata), name


def test_the_committed_page_is_what_the_code_gives():
    assert (ROOT / "docs" / "settings.md").read_text() == reference()


def test_a_page_that_lacks_a_setting_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    check = ["settings", "--check"]
    assert CliRunner().invoke(app, check).exit_code == 1
    assert CliRunner().invoke(app, ["settings", "--write"]).exit_code == 0
    assert CliRunner().invoke(app, check).exit_code == 0

    class More(Settings):
        new_limit_s: int = Field(5, description="Something new.")

    monkeypatch.setattr("service.settings.Settings", More)
    assert CliRunner().invoke(app, check).exit_code == 1


def test_nothing_names_a_variable_that_the_page_lacks():
    known = {f"LODESTONE_{name.upper()}" for name in Settings.model_fields} | set(OF_COMMANDS)
    documents = (ROOT / "README.md", ROOT / "Dockerfile", ROOT / "compose.yaml", *(ROOT / "docs").rglob("*.md"))
    # Tests are told by variables of their own where there is a browser.
    of_tests = re.compile(r"LODESTONE_(?:REQUIRE_[A-Z]+|CHROMIUM)")
    for file in (*documents, *(ROOT / "service").rglob("*.py")):
        named = set(re.findall(r"LODESTONE_[A-Z_]*[A-Z]", of_tests.sub("", file.read_text())))
        assert named <= known, file.name
        assert all(f"`{name}`" in reference() for name in named)
