"""Rules about what is said of a milestone: by another side than the one that claims it, and not before it happened."""

from collections.abc import Iterator, Sequence

from service.domain.milestone.timeline import Answering, milestone_of
from service.seeds.files import Seed
from service.seeds.findings import Finding, shown
from service.seeds.lives import lives


def possible_answers(seeds: Sequence[Seed]) -> Iterator[Finding]:
    for life in lives(seeds, "milestone"):
        found = milestone_of(life.ledger)
        for claim in life.ledger.claims if found else ():
            if found is None or claim.type == "milestone.recorded":
                continue
            if isinstance(claim.data, Answering) and claim.data.by == found.claimed_by:
                asked = "another side than the claiming one confirms a milestone, or does not"
                yield life.finding(claim, asked, f"{claim.data.by} claims it itself")
            if claim.day.latest and found.day.earliest and claim.day.latest < found.day.earliest:
                asked = f"{claim.type} comes after the milestone"
                yield life.finding(claim, asked, f"it is of {shown(claim.day)}, the milestone of {shown(found.day)}")
