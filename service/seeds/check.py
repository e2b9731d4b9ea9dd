"""The check of the seeds, without a database: what is read here is what would be loaded.

Each rule looks at all lines in their load order and yields findings. The domain's own decisions and folds say what is
possible; the rules of `form` and `references` ask more of a seed than the register asks of a client.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from service.errors import LodestoneError
from service.seeds import form, license_acts, lives, milestone_acts, overlaps, prose, references, restriction_acts
from service.seeds.facts import told_as_verified
from service.seeds.files import Seed, files, folder, in_order, lines_of, seed_of
from service.seeds.findings import Finding, Rule, each

OF_LINES: tuple[Rule, ...] = tuple(
    each(rule) for rule in (form.fields, form.source, form.stream, form.remarks, form.codes, form.days)
)
OF_THINGS: tuple[Rule, ...] = (
    lives.described,
    lives.declared_contradictions,
    restriction_acts.possible_acts,
    license_acts.possible_acts,
    milestone_acts.possible_answers,
    prose.in_words_alone,
    prose.registered,
    prose.linked,
    overlaps.overlapping,
)


def check(where: Path | None = None) -> tuple[int, list[Finding]]:
    """How many events there are, and all findings, in order of files and lines."""
    here = where or folder()
    seeds, findings = _read("all", here)
    findings += _held(seeds, (*OF_LINES, references.told_once, references.resolved, told_as_verified(here)))
    findings += [replace(found, fault=False) for found in each(form.exact_codes)(seeds)]
    refused = list(references.decided(seeds))
    findings += refused
    findings += _held(_without_streams_of(refused, seeds), OF_THINGS)
    findings += _alone(here, {found.place for found in refused})
    return len(seeds), sorted(set(findings), key=_order)


def _read(name: str, here: Path) -> tuple[list[Seed], list[Finding]]:
    """The lines that can be read, in load order, and a finding for each that cannot."""
    seeds, findings = [], []
    for file in files(name, here):
        for number, line in lines_of(file):
            try:
                seeds.append(seed_of(file, number, line, here))
            except LodestoneError as refused:
                place, _, true = refused.detail.partition(": ")
                findings.append(Finding(place, "a line is an event of the catalogue", true))
    return in_order(seeds), findings


def _held(seeds: Sequence[Seed], rules: Iterable[Rule]) -> list[Finding]:
    return [found for rule in rules for found in rule(seeds)]


def _without_streams_of(refused: Sequence[Finding], seeds: Sequence[Seed]) -> list[Seed]:
    """The streams of which every line makes sense as a record: no fold could read the others."""
    places = {found.place for found in refused}
    broken = {seed.event.stream for seed in seeds if seed.place in places}
    return [seed for seed in seeds if seed.event.stream not in broken]


def _alone(here: Path, known: set[str]) -> list[Finding]:
    """What the log would refuse where the article, or the corpus, is loaded without the other."""
    return [
        replace(found, asked=f"the {name} can be loaded alone")
        for name in ("article", "corpus")
        for found in references.decided(_read(name, here)[0])
        if found.place not in known
    ]


def _order(found: Finding) -> tuple[str, int, str, str]:
    file, _, line = found.place.rpartition(":")
    return file, int(line), found.asked, found.true
