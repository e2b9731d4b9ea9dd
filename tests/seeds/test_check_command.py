"""The command: what it prints, and whether it fails."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from tests.seeds.made_up import announced, defined, line, write

EXACT = announced(scope={"commodities": [{"hs": "811292"}]})


def run(*arguments: object) -> tuple[int, str, str]:
    outcome = CliRunner().invoke(app, ["seeds", "check", *map(str, arguments)])
    return outcome.exit_code, outcome.stdout, outcome.stderr


def test_seeds_without_a_fault_pass(tmp_path: Path):
    write(tmp_path, a=[defined("gallium"), announced()])
    assert run(tmp_path) == (0, "Seeds: 2 events, 0 faults, 0 remarks.\n", "")


def test_a_fault_is_named_and_fails(tmp_path: Path):
    source = {"tier": "press_named", "published_at": "2025-04-04"}
    write(tmp_path, a=[line("note/a", "note.recorded", {"kind": "market", "text": "Prices rose."}, source=source)])
    status, said, complaint = run(tmp_path)
    assert (status, said) == (1, "Seeds: 1 events, 1 faults, 0 remarks.\n")
    assert complaint == "seeds/corpus/a.jsonl:1: a source has a url or a title; this one has neither\n"


def test_a_remark_is_shown_on_request_and_fails_nothing(tmp_path: Path):
    write(tmp_path, a=[EXACT])
    assert run(tmp_path) == (0, "Seeds: 1 events, 0 faults, 1 remarks.\n", "")
    status, _, complaint = run(tmp_path, "--remarks")
    assert status == 0
    assert complaint.startswith("remark: seeds/corpus/a.jsonl:1: ")


def test_the_check_needs_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LODESTONE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    write(tmp_path, a=[defined("gallium")])
    assert run(tmp_path)[0] == 0
    assert [file.name for file in tmp_path.iterdir()] == ["corpus"]
