"""How far a controlling country's sources were looked through."""

from dataclasses import dataclass
from datetime import date

from service.domain.claims import Claim, Ledger
from service.domain.dates import bounds
from service.domain.record.events import RecordChecked


@dataclass(frozen=True, slots=True)
class Checks:
    """What was said of looking through a country's sources."""

    stream: str
    controller: str
    claims: tuple[Claim, ...]
    position: int

    @property
    def through(self) -> date | None:
        """The day through which the sources were checked (rule 33): the latest that a check vouches for."""
        return max((day for claim in self.claims if (day := vouched(claim))), default=None)


def checks_of(ledger: Ledger) -> Checks | None:
    """None where no check of the stream's own country stands."""
    code = ledger.stream.partition("/")[2].upper()
    ours = (claim for claim in ledger.claims if isinstance(claim.data, RecordChecked))
    checked = tuple(claim for claim in ours if getattr(claim.data, "controller", None) == code)
    return Checks(ledger.stream, code, checked, ledger.position) if checked else None


def vouched(claim: Claim) -> date | None:
    """The last day that a check certainly covers: a vague day counts from its earliest bound, and nobody has looked
    through a day that was still to come when the check was recorded."""
    if not isinstance(claim.data, RecordChecked):
        return None
    earliest = bounds(claim.data.through).earliest
    return min(earliest, claim.recorded_on) if earliest else None
