"""Access keys from the command line: made, shown once, listed, revoked."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text
from typer.testing import CliRunner, Result

from service.cli import app
from service.commands.keys import instant_of_option, key_made
from service.errors import InvalidRequest
from service.keys import Scope
from service.log.database import opened, reading

KEY = re.compile(r"lsk_[a-z2-9]{8}_[A-Za-z0-9_-]{43}\n")


@pytest.fixture(autouse=True)
def database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LODESTONE_DATABASE_URL", sqlite_url)
    return sqlite_url


def lodestone(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["keys", *arguments])


def test_a_key_is_printed_once_and_only_its_hash_is_kept(database: str):
    made = lodestone("create", "--name", "The desk in Pune", "--scope", "write")
    assert made.exit_code == 0, made.output
    assert KEY.fullmatch(made.stdout)
    key = made.stdout.strip()
    with opened(database) as engine, reading(engine) as connection:
        row = connection.execute(text("SELECT * FROM access_keys")).one()
    assert row.prefix == key[4:12]
    secret = key[13:]
    assert not any(secret in str(value) for value in row if value is not row.digest)
    assert bytes(row.digest) == hashlib.sha256(key.encode()).digest()
    listed = lodestone("list")
    assert secret not in listed.output
    assert key[4:12] in listed.stdout
    assert "The desk in Pune" in listed.stdout
    assert "write\tvalid" in listed.stdout


def test_two_keys_have_nothing_in_common():
    one, other = (lodestone("create", "--name", "same", "--scope", "read").stdout for _ in range(2))
    assert one[4:12] != other[4:12]
    assert one[13:] != other[13:]


def test_a_revoked_key_stays_in_the_list_and_stays_revoked():
    prefix = lodestone("create", "--name", "a", "--scope", "read").stdout[4:12]
    assert lodestone("revoke", prefix).exit_code == 0
    before = lodestone("list").stdout
    assert "revoked" in before
    assert lodestone("revoke", f"lsk_{prefix}").exit_code == 0
    assert lodestone("list").stdout == before


def test_what_is_no_key_cannot_be_revoked():
    refused = lodestone("revoke", "zzzzzzzz")
    assert refused.exit_code == 1
    assert "No key has this prefix" in refused.output


@pytest.mark.parametrize("name", ["", " ", "two\nlines", "x" * 101])
def test_a_name_is_one_line_of_a_hundred_characters(name: str):
    assert lodestone("create", "--name", name, "--scope", "read").exit_code == 1
    assert lodestone("list").stdout == ""


def test_the_longest_name_is_taken():
    assert lodestone("create", "--name", "x" * 100, "--scope", "admin").exit_code == 0


def test_the_list_says_until_when_a_key_is_valid():
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        assert lodestone("create", "--name", "a", "--scope", "read", "--expires", "2026-02-01").exit_code == 0
        assert "valid until 2026-02-01T00:00:00" in lodestone("list").stdout
        clock.move_to(datetime(2026, 2, 1, tzinfo=UTC))
        assert "expired 2026-02-01T00:00:00" in lodestone("list").stdout
        assert lodestone("create", "--name", "b", "--scope", "read", "--expires", "2026-02-01").exit_code == 1


NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("90d", NOW + timedelta(days=90)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T05:30:00+05:30", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00:00Z", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_an_expiry_is_a_day_an_instant_or_a_number_of_days(written: str, meant: datetime):
    assert instant_of_option(written, NOW) == meant


@pytest.mark.parametrize("written", ["", "soon", "d", "-1d", "99999999999d", "2026-03-01T00:00:00", "2026-02-30"])
def test_an_expiry_that_cannot_be_read_is_refused(written: str):
    with pytest.raises(InvalidRequest):
        instant_of_option(written, NOW)


def test_each_scope_holds_those_before_it():
    assert Scope.READ < Scope.WRITE < Scope.ADMIN


def test_the_key_that_checkpoints_are_signed_with_is_made_under_the_same_group(
    monkeypatch: pytest.MonkeyPatch, tmp_path
):
    monkeypatch.setenv("LODESTONE_SIGNING_KEY_FILE", str(tmp_path / "key"))
    made = lodestone("signing", "--name", "example.org/log")
    assert made.exit_code == 0
    assert made.stdout.startswith("example.org/log+")
    assert lodestone("signing").stdout == made.stdout


def test_of_several_that_make_the_signing_key_at_once_all_get_the_same(tmp_path: Path):
    file = tmp_path / "var" / "key"
    with ThreadPoolExecutor(8) as threads:
        made = {key.secret() for key in threads.map(lambda _: key_made(file, "example.org/log"), range(8))}
    assert len(made) == 1
    assert (file.stat().st_mode & 0o777, [one.name for one in file.parent.iterdir()]) == (0o600, ["key"])
