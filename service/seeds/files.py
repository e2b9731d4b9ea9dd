"""Where the seeds are, what stands in a line, and the order in which the world learned of it all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from service.domain.event import ProposedEvent
from service.domain.sources import when
from service.errors import LodestoneError, NotFound
from service.register import strict_json
from service.register.post import posted_of

NAMES = ("all", "article", "corpus", "none")
VOCABULARY = ("commodity", "company", "group")
"""The nouns that other events speak in. Of one day they come first."""


@dataclass(frozen=True, slots=True)
class Seed:
    """One event of a seed file. `file` is the path from the folder of the seeds; `fields`, its own in their order."""

    file: str
    line: int
    event: ProposedEvent
    fields: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"seeds/{self.file}:{self.line}"

    @property
    def actor(self) -> str:
        """Who records it: the seed file that it stands in."""
        return f"seed:{Path(self.file).stem}"

    @property
    def noun(self) -> str:
        return self.event.stream.partition("/")[0]

    @property
    def learned(self) -> date:
        """The day by which the world could know: the last on which its source may have been published."""
        published = self.event.source.get("published_at")
        return (when(published).latest if published else None) or date.max

    @property
    def order(self) -> tuple[date, bool, str, int]:
        """By the day that its source was published, then the vocabulary first, then by file and line."""
        return self.learned, self.noun not in VOCABULARY, self.file, self.line


def folder() -> Path:
    """Where the seeds are: beside the package in a checkout, inside it in an installed wheel. Raises NotFound."""
    package = Path(__file__).parents[1]
    for found in (package / "_seeds", package.parent / "seeds"):
        if found.is_dir():
            return found
    raise NotFound("The seeds did not come with this installation.")


def files(name: str, where: Path) -> list[Path]:
    """The files of `article`, `corpus`, `all` or `none`."""
    article = [file for file in (where / "article.jsonl",) if file.is_file()]
    corpus = sorted((where / "corpus").glob("*.jsonl"))
    return {"article": article, "corpus": corpus, "all": [*article, *corpus], "none": []}[name]


def read(name: str, where: Path | None = None) -> list[Seed]:
    """The seeds of a name, in the order in which they are to be loaded. Raises Refused, naming file and line."""
    here = where or folder()
    found = [seed_of(file, number, line, here) for file in files(name, here) for number, line in lines_of(file)]
    return sorted(found, key=lambda seed: seed.order)


def lines_of(file: Path) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that hold anything, with their numbers."""
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if line.strip():
            yield number, line


def seed_of(file: Path, number: int, line: bytes, here: Path) -> Seed:
    """The event of a line, read as the body of a POST is. Raises Refused, naming file and line."""
    name = file.relative_to(here).as_posix()
    try:
        body = strict_json.loads(line)
        events = posted_of(body, most=1).events
    except LodestoneError as refused:
        where = "; ".join(f"{error.pointer}: {error.detail}" for error in refused.errors)
        raise type(refused)(f"seeds/{name}:{number}: {refused.detail} {where}".rstrip()) from refused
    return Seed(name, number, events[0], tuple(body))
