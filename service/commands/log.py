"""Commands about the log as a whole: out of the register and in again, verified, restored, and who may touch it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer
from sqlalchemy import Engine

from service import offline
from service.app import about, open_register, signing_key
from service.commands.files import STREAM, content
from service.errors import InvalidRequest, Tampered
from service.feeds.tables import TABLES as WATCH_TABLES
from service.keys import table as access_keys
from service.log import lastknown, roles, transfer
from service.log.checkpoint import Checkpoint, checkpoint_of
from service.log.database import engine_for, reading
from service.log.exported import Export
from service.log.note import VerifierKey
from service.log.proven import proven
from service.log.replacing import replacing
from service.log.standing import VERSION_TABLE
from service.log.verify import verify as verify_database
from service.projections import TABLES, project
from service.projections.tables import live, rebuilds
from service.redaction import redact as remove
from service.register.evidence import verify_bundle
from service.settings import Settings
from service.terminal import bar, complain, say, settings_of, telling

app = typer.Typer()
db_app = typer.Typer()


@contextmanager
def database(settings: Settings) -> Iterator[Engine]:
    engine = engine_for(settings.database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@app.command("export")
def export_(file: Annotated[Path, typer.Argument(help="The file to write; - for standard output.")]) -> None:
    """Write the whole log to a file that can be verified without a database, and imported into an empty one."""
    settings = settings_of()
    with telling(), database(settings) as engine, reading(engine) as connection, bar("Exporting") as progress:
        key = signing_key(settings.signing_key_file)
        with output(file) as opened:
            opened.writelines(transfer.export(connection, key, progress))


@contextmanager
def output(file: Path) -> Iterator[IO[bytes]]:
    if file == STREAM:
        yield sys.stdout.buffer
    else:
        with replacing(file) as opened:
            yield opened


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="An export; - for standard input.")]) -> None:
    """Record the events of an export as they were, in a database that is empty, or was interrupted at this before.

    A file is verified from end to end before the first event is stored; what comes from standard input, as it comes.
    """
    with telling(), database(settings_of()) as engine:
        if file != STREAM:
            with bar("Verifying") as progress:
                Export(offline.lines_of(file)).verified(progress=progress)
        lines = sys.stdin.buffer if file == STREAM else offline.lines_of(file)
        with bar("Importing") as progress:
            export = Export(lines)
            new = transfer.import_export(engine, export, project, about, progress)
        say.print(f"{new} events are new; the log has {export.size}, root {export.root.hex()}.")


@app.command()
def redact(
    event: Annotated[str, typer.Argument(help="The id of the event whose data and source are to be removed.")],
    by: Annotated[str, typer.Option(help="Who removes it.")],
    reason: Annotated[str, typer.Option(help="The legal reason.")],
) -> None:
    """Remove an event's data and source for good; an event that says who and why takes their place."""
    with telling():
        register = open_register(settings_of())
        try:
            redacted = remove(register.log, event, by, reason)
        finally:
            register.close()
        say.print(f"Redacted; recorded at log position {redacted.position}.")


@app.command()
def verify(
    *,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A signed checkpoint that was kept; may be given again.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(help="The key that checkpoints are verified with; this register's own by default.")
    ] = None,
    export: Annotated[Path | None, typer.Option(help="Verify this export, without a database.")] = None,
    answer: Annotated[
        Path | None, typer.Option(help="A saved answer: ask its question again of the export, and compare.")
    ] = None,
    question: Annotated[
        Path | None, typer.Option(help="The saved request, where the answer does not hold its question.")
    ] = None,
    event: Annotated[Path | None, typer.Option(help="A saved event (JSON, as the API gives it), with --proof.")] = None,
    evidence: Annotated[
        Path | None, typer.Option(help="A bundle from /v1/evidence (ZIP): every event of an answer, with its proof.")
    ] = None,
    proof: Annotated[
        Path | None, typer.Option(help="The event's proof (/v1/log/proof/event/ID): checked without a database.")
    ] = None,
) -> None:
    """Verify the log: every hash, the tree, its root, and the checkpoints that were kept elsewhere."""
    settings = settings_of()
    with telling():
        if evidence:
            checked = verify_bundle(content(evidence), VerifierKey.of(key) if key else own_key(settings))
            say.print(f"Proven: every event of the answer is in the log of {checked.size} events.")
            return
        if event or proof:
            say.print(proven_event(event, proof, VerifierKey.of(key) if key else own_key(settings)))
            return
        if (answer and not export) or (question and not answer):
            raise InvalidRequest("A --question goes with its --answer, and an --answer with the --export it rests on.")
        verifier = VerifierKey.of(key) if key else None
        kept = [kept_checkpoint(file, verifier or own_key(settings)) for file in checkpoint or ()]
        found = verified_export(export, kept, verifier) if export else verified_database(settings, kept)
        if export and answer:
            compare(export, answer, question)
        say.print(f"Verified: {found.size} events, root {found.root.hex()}.")


def proven_event(event: Path | None, proof: Path | None, key: VerifierKey) -> str:
    """What was proven of one event, down to its text, in a sentence."""
    if not (event and proof):
        raise InvalidRequest("An --event goes with its --proof.")
    read = offline.read_json(event)
    if not isinstance(read, dict):
        raise InvalidRequest(f"The file {event} holds no event.")
    checkpoint = proven(read, content(proof).decode(errors="replace"), key)
    return f"Proven: event {read['id']} is at position {read['position']} of a log of {checkpoint.size} events."


def kept_checkpoint(file: Path, key: VerifierKey) -> Checkpoint:
    try:
        return checkpoint_of(file.read_text(encoding="utf-8"), key)
    except (OSError, UnicodeDecodeError) as unread:
        raise InvalidRequest(f"The checkpoint {file} cannot be read: {unread}") from unread


def own_key(settings: Settings) -> VerifierKey:
    key = signing_key(settings.signing_key_file)
    if key is None:
        raise InvalidRequest("Nothing tells who signed the checkpoint: give --key.")
    return key.verifier


def verified_database(settings: Settings, kept: list[Checkpoint]) -> Checkpoint:
    with database(settings) as engine, reading(engine) as connection, bar("Verifying") as progress:
        head = verify_database(connection, kept, progress)
    return Checkpoint(head.position, head.root)


def verified_export(file: Path, kept: list[Checkpoint], key: VerifierKey | None) -> Checkpoint:
    """With a key, somebody must have signed: the export's own checkpoint, or one that was kept."""
    export = Export(offline.lines_of(file), kept)
    with bar("Verifying") as progress:
        found = export.verified(key, progress)
    if key and not kept and export.note is None:
        raise Tampered("The export has no checkpoint, so it cannot be shown that it was not made anew.")
    return found


def compare(file: Path, answer: Path, question: Path | None) -> None:
    """Exits where the export gives another answer than the one saved."""
    saved = offline.saved_answers(offline.read_json(answer), offline.read_json(question) if question else None)
    with bar("Asking again") as progress:
        found = offline.ask_again(Export(offline.lines_of(file)), saved, progress)
    for difference in found:
        complain.print(f"lodestone: {difference}")
    if found:
        raise typer.Exit(1)
    say.print("The log gives this answer." if len(saved) == 1 else f"The log gives these {len(saved)} answers.")


@db_app.command("init")
def init(
    application: Annotated[str, typer.Option(help="The role that the service runs as.")] = "lodestone",
    redaction: Annotated[str, typer.Option(help="The role that may also redact.")] = "lodestone_redaction",
) -> None:
    """Give the service's roles exactly the rights that they need. Run it as the owner, after each `db upgrade`."""
    with telling(), database(settings_of()) as engine:
        tables = [live.name, rebuilds.name, *(table.name for table in (*TABLES, *WATCH_TABLES))]
        say.print(roles.init(engine, application, redaction, tables, [access_keys.name, VERSION_TABLE]))


@db_app.command("accept-restore")
def accept_restore() -> None:
    """Go on from a backup that was put back: raise the log's epoch, so that readers know to compare checkpoints."""
    settings = settings_of()
    with telling(), database(settings) as engine:
        file, key = settings.last_checkpoint, signing_key(settings.signing_key_file)
        known = lastknown.load(file, key.verifier) if file and key else None
        epoch = lastknown.accept_restore(engine, known)
        if file and key:
            lastknown.advance(engine, file, key)
        say.print(f"The log goes on in epoch {epoch}.")
