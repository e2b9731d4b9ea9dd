"""Where the seeds are, what stands in a line, and the order in which the world learned of it all."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from service.domain.event import ProposedEvent
from service.domain.sources import when
from service.errors import LodestoneError, NotFound
from service.register import strict_json
from service.register.post import posted_of

NAMES = ("all", "article", "corpus", "none")
REGISTERED = "company.registered"
VOCABULARY = ("commodity", "company", "group")
"""The nouns that other events speak in. Of one day they come first."""


@dataclass(frozen=True, slots=True)
class Seed:
    """One event of a seed file. `file` is the path from the folder of the seeds; `fields`, its own in their order."""

    file: str
    line: int
    event: ProposedEvent
    fields: tuple[str, ...] = ()
    not_before: date = date.min
    """The day by which the world could know what this line speaks of: a correction follows what it corrects."""
    about: int = 0
    """How many lines it builds on: 0 for most, 1 for a correction or for what adds to a company, 2 for one of that."""

    @property
    def place(self) -> str:
        return f"seeds/{self.file}:{self.line}"

    @property
    def actor(self) -> str:
        """Who records it: the seed file that it stands in."""
        return f"seed:{Path(self.file).stem}"

    @property
    def told_earlier(self) -> bool:
        """Whether it was found after an older line that says the same from a page of a later day."""
        return bool(self.event.metadata.get("told_earlier"))

    @property
    def noun(self) -> str:
        return self.event.stream.partition("/")[0]

    @property
    def learned(self) -> date:
        """The day by which the world could know: the last on which its source may have been published."""
        return max(self.published, self.not_before)

    @property
    def published(self) -> date:
        told = self.event.source.get("published_at")
        return (when(told).latest if told else None) or date.max

    @property
    def order(self) -> tuple[date, bool, int, str, int]:
        """By the day that its source was published, then the vocabulary first, then by file and line.

        Of one day, what speaks of another line comes after what does not.
        """
        return self.learned, self.noun not in VOCABULARY, self.about, self.file, self.line


def folder() -> Path:
    """Where the seeds are: beside the package in a checkout, inside it in an installed wheel. Raises NotFound."""
    package = Path(__file__).parents[1]
    for found in (package / "_seeds", package.parent / "seeds"):
        if found.is_dir():
            return found
    raise NotFound("This installation has no seeds.")


def files(name: str, where: Path) -> list[Path]:
    """The files of `article`, `corpus`, `all` or `none`."""
    article = [file for file in (where / "article.jsonl",) if file.is_file()]
    corpus = sorted((where / "corpus").glob("*.jsonl"))
    return {"article": article, "corpus": corpus, "all": [*article, *corpus], "none": []}[name]


def read(name: str, where: Path | None = None) -> list[Seed]:
    """The seeds of a name, in the order in which they are to be loaded. Raises Refused, naming file and line."""
    here = where or folder()
    found = [seed_of(file, number, line, here) for file in files(name, here) for number, line in lines_of(file)]
    return in_order(found)


def in_order(seeds: Sequence[Seed]) -> list[Seed]:
    """The order of loading. A line about another one is learned no earlier than that one, however old its source; nor
    is one that adds to a company learned before the company is."""
    by_id = {seed.event.id: seed for seed in seeds if seed.event.id}
    registered = {seed.event.stream: seed.published for seed in seeds if seed.event.type == REGISTERED}
    return sorted((_after_its_own(seed, by_id, registered) for seed in seeds), key=lambda seed: seed.order)


def _after_its_own(seed: Seed, by_id: dict[str, Seed], registered: dict[str, date]) -> Seed:
    days, about = [seed.published], seed.event.refers_to
    while about and len(days) <= len(by_id):
        days.append(by_id[about].published if about in by_id else date.min)
        about = by_id[about].event.refers_to if about in by_id else None
    if seed.event.stream in registered and seed.event.type != REGISTERED:
        days.append(registered[seed.event.stream])
    return replace(seed, not_before=max(days), about=len(days) - 1)


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
