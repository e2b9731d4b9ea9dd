"""The seeds: events that come with the register, loaded through the same path as a POST. Safe to load twice."""

from collections.abc import Iterator
from pathlib import Path

from service.api import strict_json
from service.api.posting import posted_of
from service.domain.event import ProposedEvent
from service.errors import LodestoneError, NotFound
from service.log.append import Log
from service.log.progress import Progress

TOGETHER = 50
"""How many events wait for the log at once: enough to share a transaction."""


def folder() -> Path:
    """Where the seeds are: beside the package in a checkout, inside it in an installed wheel. Raises NotFound."""
    package = Path(__file__).parent
    for found in (package / "_seeds", package.parent / "seeds"):
        if found.is_dir():
            return found
    raise NotFound("The seeds did not come with this installation.")


def files(name: str) -> list[Path]:
    """The files of `article`, `corpus`, `all` or `none`, in the order in which they are to be loaded."""
    article, corpus = folder() / "article.jsonl", sorted((folder() / "corpus").glob("*.jsonl"))
    return {"article": [article], "corpus": corpus, "all": [article, *corpus], "none": []}[name]


def events_of(file: Path) -> Iterator[ProposedEvent]:
    """The events of a seed file, one a line. Raises Refused, naming the line."""
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if line.strip():
            try:
                yield from posted_of(strict_json.loads(line), most=1).events
            except LodestoneError as refused:
                where = "; ".join(f"{error.pointer}: {error.detail}" for error in refused.errors)
                raise type(refused)(f"{file.name}, line {number}: {refused.detail} {where}") from refused


def load(log: Log, file: Path, progress: Progress) -> int:
    """Records a seed file's events, each by its own id; returns how many of them are new. Raises LodestoneError."""
    events, new = list(events_of(file)), 0
    for start in range(0, len(events), TOGETHER):
        waiting = [log.submit([event], actor=f"seed:{file.stem}") for event in events[start : start + TOGETHER]]
        new += sum(not future.result().repeated for future in waiting)
        progress(min(start + TOGETHER, len(events)), len(events))
    return new
