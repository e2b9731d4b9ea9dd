"""Commands about keys: access keys for those who use the register, and the key that checkpoints are signed with."""

import os
import tempfile
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service import keys
from service.app import signing_key
from service.errors import InvalidRequest, Unavailable
from service.keys import AccessKey, Scope
from service.log.database import has_table, opened, reading, writing
from service.log.instants import instant_text, now
from service.log.note import NoteError, SigningKey
from service.settings import Settings
from service.terminal import complain, say, settings_of, telling

app = typer.Typer(no_args_is_help=True, help="Access keys, and the key that checkpoints are signed with.")


class ScopeName(StrEnum):
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Whose key it is, or what for; it is shown in lists.")],
    scope: Annotated[ScopeName, typer.Option(help="What it opens; write reads too, and admin does all.")],
    expires: Annotated[
        str | None,
        typer.Option(help="When it ends: an instant with its offset, a day (its beginning in UTC), or 90d for days."),
    ] = None,
) -> None:
    """Make an access key, and print it: this once, since only its hash is kept."""
    with telling(), opened(settings_of().database_url) as engine:
        made_at = now()
        until = instant_of_option(expires, made_at) if expires else None
        with writing(engine) as connection:
            key, text = keys.make(connection, name, Scope[scope.name], made_at, until)
        complain.print(f"{key.actor} ({key.name}, {scope}) works within 5 s. This is shown once:")
        say.print(text)


def instant_of_option(text: str, from_: datetime) -> datetime:
    """Raises InvalidRequest."""
    try:
        if text.endswith("d") and text[:-1].isdecimal():
            return from_ + timedelta(days=int(text[:-1]))
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError) as unread:
        raise InvalidRequest("--expires is 2027-01-31, 2027-01-31T12:00:00Z or a number of days, 90d.") from unread
    if found.tzinfo is None and len(text) > len("2027-01-31"):
        raise InvalidRequest("--expires lacks its offset: end it with Z, or with +05:30.")
    return found.replace(tzinfo=found.tzinfo or UTC)


@app.command("list")
def list_() -> None:
    """List all access keys that were ever made, without their secrets."""
    with telling(), opened(settings_of().database_url) as engine:
        with reading(engine) as connection:
            found = keys.all_keys(connection)
        for key in found:
            # Not by rich, which would turn the tabs into blanks.
            typer.echo("\t".join((key.prefix, key.scope.word, _state(key), instant_text(key.made_at), key.name)))


def _state(key: AccessKey) -> str:
    if key.revoked_at is not None:
        return f"revoked {instant_text(key.revoked_at)}"
    if key.expires_at is None:
        return "valid"
    return f"{'valid until' if key.open_at(now()) else 'expired'} {instant_text(key.expires_at)}"


@app.command()
def revoke(prefix: Annotated[str, typer.Argument(help="The key's prefix, as `lodestone keys list` shows it.")]) -> None:
    """Revoke an access key, in every process within 5 s."""
    with telling(), opened(settings_of().database_url) as engine:
        with writing(engine) as connection:
            key = keys.revoke(connection, prefix, now())
        say.print(f"{key.actor} ({key.name}) is revoked, in every process within 5 s.")


@app.command()
def signing(
    name: Annotated[
        str, typer.Option(help="The log's name: an address without its scheme, such as example.org/log.")
    ] = "localhost/lodestone",
) -> None:
    """Make the key that checkpoints are signed with, where there is none yet; print the key to verify with."""
    with telling():
        say.print(str(key_made(settings_of().signing_key_file, name).verifier))


def key_made(file: Path, name: str) -> SigningKey:
    """The key in a file, made and written where there is none; readable by its owner alone."""
    found = signing_key(file)
    if found is not None:
        return found
    try:
        made = SigningKey.generate(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        _write_new(file, f"{made.secret()}\n")
    except FileExistsError:
        # Another process that started at the same moment made one.
        return key_made(file, name)
    except (OSError, NoteError) as failed:
        raise Unavailable(f"No signing key can be made in {file}: {failed}") from failed
    return made


def _write_new(file: Path, text: str) -> None:
    """At once and whole, so that nobody reads half a key. Raises FileExistsError where there is one."""
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened_file:
            opened_file.write(text)
        os.link(unfinished, file)
    finally:
        Path(unfinished).unlink()


def any_usable(settings: Settings) -> bool:
    """Whether somebody could hold an access key that is valid now. A database without tables has none."""
    if not has_table(settings.database_url, keys.table.name):
        return False
    with opened(settings.database_url) as engine, reading(engine) as connection:
        return bool(keys.usable(keys.all_keys(connection), now()))
