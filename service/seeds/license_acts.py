"""Rules about what happens to a license: each act changes something, and each use is of a license that holds."""

from collections.abc import Iterator, Sequence

from service.domain.claims import Claim
from service.domain.dates import Bounds, bounds
from service.domain.license.acts import PRESUPPOSE_A_GRANT
from service.domain.license.events import LicenseUsed
from service.domain.license.timeline import LicenseTimeline, license_timeline
from service.domain.truth import Truth
from service.seeds.files import Seed
from service.seeds.findings import Finding, shown
from service.seeds.lives import Life, lives

MOVING = ("denied", "returned", "withdrawn", "revoked", "surrendered", "reinstated")
OF_A_LICENSE_THAT_STANDS = ("amended", "suspended", "partially_revoked")
OVER = ("revoked", "surrendered", "expired")
USABLE_STILL = (None, "exhausted")
"""A use may be the one that exhausts the license."""


def possible_acts(seeds: Sequence[Seed]) -> Iterator[Finding]:
    for life in lives(seeds, "license"):
        found = license_timeline(life.ledger)
        if found is not None:
            yield from _before_the_grant(life, found)
            yield from _acts(life, found)
            yield from _uses(life)


def _act(claim: Claim) -> str:
    return claim.type.partition(".")[2]


def _acts(life: Life, found: LicenseTimeline) -> Iterator[Finding]:
    """An act moves the license on, and one on its terms comes while it stands."""
    kept = {step.claim.event for step in found.steps}
    aside = {one.event for one in found.set_aside}
    for claim in life.moving:
        word = _word_without(life, claim, claim.day)
        if _act(claim) in MOVING and claim.event not in kept | aside:
            yield life.finding(claim, f"{claim.type} changes something", f"on {shown(claim.day)} it is {word} already")
        elif _act(claim) in OF_A_LICENSE_THAT_STANDS and word in OVER and claim.event not in aside:
            yield life.finding(
                claim, f"{claim.type} needs a license that stands", f"on {shown(claim.day)} it is {word}"
            )


def _word_without(life: Life, claim: Claim, day: Bounds) -> str:
    """How the license stands on the first day that an act may be of, as if it had not been recorded."""
    before, on = license_timeline(life.without(claim)), day.earliest or day.latest
    return before.on(on).state.word if before and on else "undetermined"


def _before_the_grant(life: Life, found: LicenseTimeline) -> Iterator[Finding]:
    """What presupposes a grant does not come before every day on which it may have been granted."""
    grants = [claim.day for claim in found.claims if claim.type == "license.granted"]
    earliest = min((day.earliest for day in grants if day.earliest), default=None)
    if earliest is None or any(day.earliest is None for day in grants):
        return
    for claim in life.moving:
        if _act(claim) in PRESUPPOSE_A_GRANT and claim.day.latest and claim.day.latest < earliest:
            asked = f"{claim.type} comes after the grant"
            yield life.finding(claim, asked, f"it is of {shown(claim.day)}, the first grant of {shown(earliest)}")


def _uses(life: Life) -> Iterator[Finding]:
    for claim in life.moving:
        if not isinstance(claim.data, LicenseUsed):
            continue
        day = bounds(claim.data.day)
        on, found = day.latest or day.earliest, license_timeline(life.ledger)
        if on is None or found is None:
            continue
        state = found.on(on).state
        if state.granted is Truth.NO:
            yield life.finding(claim, "what is used was granted", f"on {shown(day)} it is {state.word}")
        elif state.active is Truth.NO and state.cause not in USABLE_STILL:
            yield life.finding(
                claim, "a license is used while it may be", f"on {shown(day)} it is {state.cause or state.word}"
            )
