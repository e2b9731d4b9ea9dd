"""`lodestone proof` and `evidence`: files that prove an event, or an answer, without the register."""

from pathlib import Path
from typing import Annotated

import typer

from service.commands.files import content
from service.commands.recorded import EventNamed, event_named
from service.commands.target import Key, Url, register
from service.log.replacing import replacing
from service.terminal import say

app = typer.Typer()


@app.command(rich_help_panel="Ask and record")
def proof(
    named: EventNamed,
    folder: Annotated[Path, typer.Option(help="Where to save the two files.", file_okay=False)] = Path(),
    *,
    url: Url = None,
    key: Key = None,
) -> None:
    """Save an event and its proof in two files, which can be verified offline."""
    with register(url, key) as client:
        event = event_named(client, named)
        name = event.json()["id"]
        proven = client.get(f"/v1/log/proof/event/{name}", accept="text/plain")
        public = client.get("/v1/log/key", accept="text/plain").body.decode().strip()
        saved, proof_file = folder / f"{name}.json", folder / f"{name}.proof"
        save(saved, event.body)
        save(proof_file, proven.body)
    say.print(f"Saved {saved} and {proof_file}. Verify them with:")
    say.print(f"  lodestone verify --event {saved} --proof {proof_file} --key '{public}'")


@app.command(rich_help_panel="Ask and record")
def evidence(
    question: Annotated[Path, typer.Argument(help="One question as JSON; - for standard input.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The ZIP file to write.")] = Path("evidence.zip"),
    *,
    url: Url = None,
    key: Key = None,
) -> None:
    """Ask one question, and save the answer with all the events it rests on and their proofs.

    The ZIP file can be verified offline. Nothing is recorded.
    """
    with register(url, key) as client:
        bundle = client.post("/v1/evidence", content(question), accept="application/zip")
        public = client.get("/v1/log/key", accept="text/plain").body.decode().strip()
        save(output, bundle.body)
    say.print(f"Saved {output}. Verify it with:")
    say.print(f"  lodestone verify --evidence {output} --key '{public}'")


def save(file: Path, body: bytes) -> None:
    """Raises Unavailable where the file cannot be written."""
    with replacing(file) as opened:
        opened.write(body)
