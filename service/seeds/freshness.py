"""How fresh the corpus is, country by country: what it holds, and through which day official sources were looked at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.domain.dates import bounds
from service.domain.sources import Tier
from service.seeds.files import Seed

AUTHORITY = {"restriction": "controller", "license": "issuer"}


@dataclass(frozen=True, slots=True)
class Freshness:
    """What the corpus holds of one controlling country's measures and licenses.

    `newest` is the last day on which any of their sources was published; `checked` the last day that a record.checked
    vouches for, None where nobody looked (rule 33).
    """

    country: str
    measures: int
    licenses: int
    newest: date | None
    checked: date | None


def freshness(seeds: Sequence[Seed]) -> list[Freshness]:
    """One entry for each country that controls something or issues something, by its code."""
    found: dict[str, list[Seed]] = {}
    for seed in seeds:
        if country := controlling(seed):
            found.setdefault(country, []).append(seed)
    return [_of(country, told, seeds) for country, told in sorted(found.items())]


def controlling(seed: Seed) -> str | None:
    """The country whose measure or license a line is about: the name of its stream begins with its code."""
    noun, _, slug = seed.event.stream.partition("/")
    return slug[:2].upper() if noun in AUTHORITY else None


def _of(country: str, told: Sequence[Seed], seeds: Sequence[Seed]) -> Freshness:
    streams = {seed.event.stream for seed in told}
    checks = (seed for seed in seeds if seed.event.type == "record.checked")
    return Freshness(
        country,
        measures=sum(stream.startswith("restriction/") for stream in streams),
        licenses=sum(stream.startswith("license/") for stream in streams),
        newest=_last(seed.published for seed in told if seed.event.source["tier"] != Tier.COMMENTARY),
        checked=_last(_through(seed) for seed in checks if seed.event.data["controller"] == country),
    )


def _through(check: Seed) -> date:
    """A vague day counts from its earliest bound: no more is vouched for."""
    return bounds(check.event.data["through"]).earliest or date.min


def _last(days: Iterable[date]) -> date | None:
    return max((day for day in days if day < date.max), default=None)
