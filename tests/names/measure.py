"""How many names of the labelled set are found, and how many unrelated ones are touched.

`python -m tests.names.measure` tells it, `… measure 95` with another score from which on names count as alike.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.claims import Record
from service.domain.company.alike import ALIKE, NameIndex
from service.domain.company.asking import asked_about
from service.domain.company.timeline import Company, company_of
from service.domain.ledger import ledger
from service.domain.parties import NamedParty, RegisteredParty
from service.domain.screening import PartyList, PartyMatch, Under, screened
from service.domain.truth import Truth
from tests.names.labelled import FORMS_AND_CASE, KINDS, Listed, Variant, listed, unrelated, variants

DAY = date(2026, 1, 1)
UNRELATED = 2_000


@dataclass(frozen=True)
class Figures:
    """Shares of a whole: of all variants, and of those of form and case, what is found; unrelated names touched."""

    recall: float
    recall_of_forms_and_case: float
    touched: float
    by_kind: dict[str, tuple[int, int]]
    missed: list[Variant]
    touching: list[tuple[str, str]]


class Registered:
    """The listed parties as registered companies, each with its name in the list's own script as an alias."""

    def __init__(self, parties: Iterable[Listed]) -> None:
        self.companies = {one.stream: one for one in map(_registered, range(10_000), parties)}
        self.index: NameIndex[str] = NameIndex()
        for stream, company in self.companies.items():
            for name in company.names:
                self.index.add(name, stream)

    def get(self, stream: str) -> Company | None:
        return self.companies.get(stream)

    def like(self, name: str, least: int) -> Iterable[Company]:
        return (self.companies[stream] for stream in dict.fromkeys(self.index.find(name, least)))


def _registered(at: int, one: Listed) -> Company:
    data = {"name": one.name, "country": one.country, "aliases": [one.own] if one.own else []}
    source = {"tier": "issuer_text", "title": "A list", "published_at": "2026-01-01"}
    record = Record(at, f"00000000-0000-4000-8000-{at:012}", "company.registered", 1, "2026-01-01", DAY, data, source)
    found = company_of(ledger(f"company/listed-{at}", [record]))
    if found is None:
        raise LookupError(one.name)
    return found


def measured(least: int = ALIKE) -> Figures:
    parties = listed()
    known = Registered(parties)
    screen = PartyList([RegisteredParty(company=stream) for stream in known.companies])

    def found(name: str, country: str) -> PartyMatch:
        asked = asked_about(NamedParty(name=name, country=country), DAY, known, least)
        return screened(asked, screen, Under.RESTRICTION)

    made, missed = _asked_for(parties, known, least)
    touching = [(name, match.because) for name, country in unrelated(UNRELATED) if (match := found(name, country)).how]
    return _figures(made, missed, touching)


def recalled(least: int) -> float:
    """The share of all variants that is found, without the other figures."""
    parties = listed()
    made, missed = _asked_for(parties, Registered(parties), least)
    return 1 - len(missed) / len(made)


def _asked_for(parties: Sequence[Listed], known: Registered, least: int) -> tuple[list[Variant], list[Variant]]:
    """All variants, and those that are not found."""
    streams = dict(zip(parties, known.companies, strict=True))
    made = [one for party in parties for one in variants(party)]
    return made, [one for one in made if not _found(one, known, streams[one.of], least)]


def _found(one: Variant, known: Registered, stream: str, least: int) -> bool:
    """Whether a listing of the very party that the variant was made of is at least possible."""
    asked = asked_about(NamedParty(name=one.name, country=one.country), DAY, known, least)
    of_it = PartyList([RegisteredParty(company=stream)])
    return screened(asked, of_it, Under.RESTRICTION).truth is not Truth.NO


def _figures(made: list[Variant], missed: list[Variant], touching: list[tuple[str, str]]) -> Figures:
    all_of, not_found = Counter(one.kind for one in made), Counter(one.kind for one in missed)
    forms, forms_missed = (sum(count[kind] for kind in FORMS_AND_CASE) for count in (all_of, not_found))
    return Figures(
        recall=1 - len(missed) / len(made),
        recall_of_forms_and_case=1 - forms_missed / forms,
        touched=len(touching) / UNRELATED,
        by_kind={kind: (all_of[kind] - not_found[kind], all_of[kind]) for kind in KINDS},
        missed=missed,
        touching=touching,
    )


def told(figures: Figures) -> str:
    """The figures, and under them what was missed and what was touched."""
    lines = [
        f"recall over all variants     {figures.recall:.4f}",
        f"recall over forms and case   {figures.recall_of_forms_and_case:.4f}",
        f"unrelated names touched      {figures.touched:.4f}",
        *(f"  {kind}: {found} of {made}" for kind, (found, made) in figures.by_kind.items()),
        *(f"missed, {one.kind}: {one.of.name} as {one.name}" for one in figures.missed),
        *(f"touched: {name}: {because}" for name, because in figures.touching),
    ]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.stdout.write(told(measured(int(sys.argv[1]) if len(sys.argv) > 1 else ALIKE)))
