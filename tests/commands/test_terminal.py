"""What a person sees: color and tables where a terminal is, fitted to its width, and plain lines elsewhere."""

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.commands.conftest import DAY, STYLED, Run, Shown, runner

Terminal = Callable[..., Shown]
COLORED = "\x1b[33m"
STATUS = ["status", "IN", "--commodity", "rare_earth_magnets", "--as-of", DAY, "--why", "--context"]
ASK = ["ask", "--controller", "CN", "--destination", "IN", "--commodity", "rare_earth_magnets", "--as-of", DAY, "--why"]
COMMANDS = [STATUS, ASK, ["events"], ["calendar", "--from", DAY], ["--help"], ["ask", "--help"], ["status", "--help"]]


def company(slug: str, name: str, country: str = "IN", **source: str) -> dict[str, Any]:
    data = {"name": name, "country": country}
    return {
        "stream": f"company/{slug}",
        "type": "company.registered",
        "data": data,
        "source": {"tier": "holder", **source},
    }


@pytest.mark.parametrize("columns", [40, 80, 132])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(on_a_terminal: Terminal, command: list[str], columns: int):
    shown = on_a_terminal(*command, columns=columns)
    assert shown.status == 0, shown.plain
    assert max(cell_len(line) for line in shown.plain.splitlines()) <= columns, shown.plain


@pytest.mark.parametrize("columns", [40, 80])
def test_names_of_every_script_fit_the_terminal(sqlite_url: str, on_a_terminal: Terminal, columns: int):
    names = ["江西金力永磁科技股份有限公司" * 4, "भारत विद्युत वाहन प्राइवेट लिमिटेड " * 4, "شركة المغناطيس"]
    post = runner(LODESTONE_DATABASE_URL=sqlite_url)
    for number, name in enumerate(names):
        event = company(f"c{number}", name, publisher=name)
        assert post("post", "-", stdin=json.dumps(event)).exit_code == 0
        shown = on_a_terminal("status", f"company/c{number}", columns=columns, LODESTONE_DATABASE_URL=sqlite_url)
        assert "".join(shown.plain.split()).startswith("".join(name.split()))
        assert max(cell_len(line) for line in shown.plain.splitlines()) <= columns
    shown = on_a_terminal("events", columns=columns, LODESTONE_DATABASE_URL=sqlite_url)
    assert max(cell_len(line) for line in shown.plain.splitlines()) <= columns
    assert all(name.split()[0][:10] in "".join(shown.plain.split()) for name in names)


def test_a_wide_terminal_shows_a_table_and_a_narrow_one_a_block_for_each_row(on_a_terminal: Terminal):
    wide, narrow = on_a_terminal(*STATUS, columns=120).plain, on_a_terminal(*STATUS, columns=40).plain
    assert any(line.split()[:2] == ["Controller", "Commodity"] for line in wide.splitlines())
    assert "Controller" not in narrow
    assert "  Control: license required\n" in narrow


def test_a_terminal_gets_color_unless_it_asks_for_none(on_a_terminal: Terminal):
    assert COLORED in on_a_terminal(*STATUS).text
    assert COLORED not in on_a_terminal(*STATUS, NO_COLOR="1").text
    assert not STYLED.search(on_a_terminal(*STATUS, TERM="dumb").text)


@pytest.mark.parametrize("command", [STATUS, ASK, ["events"]], ids=" ".join)
def test_elsewhere_there_is_no_color_and_no_line_is_broken(lodestone: Run, command: list[str]):
    printed = lodestone(*command, COLUMNS="40").stdout
    assert "\x1b" not in printed
    assert max(map(len, printed.splitlines())) > 100


def test_where_several_companies_have_a_name_a_person_chooses(sqlite_url: str, on_a_terminal: Terminal):
    post = runner(LODESTONE_DATABASE_URL=sqlite_url)
    for country in ("DE", "IN"):
        event = company(f"bharat-{country.lower()}", "Bharat Motors", country)
        assert post("post", "-", stdin=json.dumps(event)).exit_code == 0
    ask = ["status", "Bharat Motors"]
    chosen = on_a_terminal(*ask, typed="2\n", LODESTONE_DATABASE_URL=sqlite_url)
    assert chosen.status == 0 and "Bharat Motors, India (company/bharat-in)" in chosen.plain
    assert on_a_terminal(*ask, typed="3\n", LODESTONE_DATABASE_URL=sqlite_url).status == 1


def test_nothing_that_is_recorded_moves_the_cursor_or_turns_the_text(sqlite_url: str, on_a_terminal: Terminal):
    evil = "safe\x9b2J\u202e\u2066text"
    event = company("evil", evil, publisher=evil)
    run = runner(LODESTONE_DATABASE_URL=sqlite_url)
    assert run("post", "-", stdin=json.dumps(event)).exit_code == 0
    for command in (["events"], ["status", "company/evil"]):
        for shown in (on_a_terminal(*command, LODESTONE_DATABASE_URL=sqlite_url).plain, run(*command).stdout):
            assert "safe" in shown
            assert not set("\x9b\u202e\u2066") & set(shown)


def test_followed_events_are_shown_as_they_come_and_ctrl_c_is_no_failure(lodestone_command: Path, service: str):
    env = {**os.environ, "LODESTONE_URL": service}
    process = subprocess.Popen(
        [lodestone_command, "events", "--follow", "--every", "0.1", "--after", "14", "--json"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert [event["position"] for event in next_page(process)] == [15]
        event = {"stream": "note/late", "type": "note.recorded", "data": {"kind": "market", "text": "Late."}}
        posted = runner(LODESTONE_URL=service)("post", "-", stdin=json.dumps({**event, "source": {"tier": "holder"}}))
        assert posted.exit_code == 0, posted.output
        assert [event["stream"] for event in next_page(process)] == ["note/late"]
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30)[1] == b""
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def next_page(process: "subprocess.Popen[bytes]") -> list[dict[str, Any]]:
    assert process.stdout
    deadline = time.monotonic() + 60
    line = b""
    while not line.endswith(b"\n"):
        assert time.monotonic() < deadline, line
        if select.select([process.stdout], [], [], 0.5)[0]:
            line += os.read(process.stdout.fileno(), 65_536)
            assert line, process.poll()
    found: list[dict[str, Any]] = json.loads(line)["events"]
    return found


def test_whoever_reads_only_the_beginning_gets_no_traceback(lodestone_command: Path, sqlite_article: str):
    command = f"{lodestone_command} events | head -n 1"
    env = {**os.environ, "LODESTONE_DATABASE_URL": sqlite_article}
    done = subprocess.run(command, shell=True, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith("Position\t")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["lodestone", "cal"], "calendar"),
        (["lodestone", "status", "I"], "IN"),
        (["lodestone", "ask", "--controller", "C"], "CN"),
        (["lodestone", "ask", "--desti"], "--destination"),
        (["lodestone", "events", "--type", "license.g"], "license.granted"),
        (["lodestone", "keys", "cr"], "create"),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_is_told_what_may_follow(lodestone_command: Path, shell: str, words: list[str], offered: str):
    line = " ".join(words)
    env = {**os.environ, "_LODESTONE_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": line}
    env |= {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    done = subprocess.run([lodestone_command], env=env, capture_output=True, text=True, timeout=60, check=False)
    assert offered in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_installed(lodestone_command: Path, tmp_path: Path, shell: str):
    env = {**os.environ, "HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(
        [lodestone_command, "--install-completion", shell],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    written = [file.read_text() for file in tmp_path.rglob("*") if file.is_file()]
    assert any("_LODESTONE_COMPLETE" in text for text in written)
