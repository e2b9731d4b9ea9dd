"""The answer in one or two sentences that a person can act on, written from its parts by rules.

It never says more than the answer does: what is possible is told as a condition, what is not recorded as not recorded.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from service.domain.answer import Control
from service.domain.countries import name_of
from service.domain.dates import bounds
from service.domain.determine import CONTROLS, Considered, Determination
from service.domain.quantities import Count
from service.domain.truth import Truth
from service.register import titles
from service.register.asking import Asking
from service.register.conditions import conditions
from service.register.parts import TurnsOn

STALE = timedelta(days=60)
"""How old the newest source may be before the headline says so."""
LICENSED: tuple[Control, ...] = ("presumption_of_denial", "quota", "license_required", "undetermined")
"""Controls beside which the headline speaks of licenses."""
CERTAIN: dict[Control, str] = {
    "prohibited": "Export is prohibited",
    "presumption_of_denial": "A license is required and is presumed to be denied",
    "quota": "Export is limited by a quota",
    "license_required": "A license is required",
    "conditional": "Export is allowed under a condition",
    "notification": "Export must be notified",
}
WOULD: dict[Control, str] = {
    "prohibited": "prohibits export",
    "presumption_of_denial": "requires a license that is presumed to be denied",
    "quota": "limits export by a quota",
    "license_required": "requires a license",
    "conditional": "allows export under a condition",
    "notification": "requires a notification",
    "not_restricted": "restricts nothing",
}
MOST_POSSIBLE = 2
"""How many possible controls the headline tells; the answer has them all."""


def headline(found: Determination, asking: Asking, turns_on: Sequence[TurnsOn]) -> str:
    sentences = [_control(found, asking), _second(found, asking, turns_on), freshness(asking)]
    return " ".join(sentence for sentence in sentences if sentence)


def _control(found: Determination, asking: Asking) -> str:
    about = _about(asking)
    if found.control == "no_data":
        return f"Nothing is recorded about {about} on {titles.day(asking.on)}; that is no clearance."
    if found.control == "undetermined":
        return _possible(found, asking)
    if found.control in CERTAIN:
        said = f"{CERTAIN[found.control]} for {about}{_by(found.decisive)}{_since(found.decisive)}"
        stricter = _stricter(found)
        return f"{said}{f'; {_may(stricter, asking)}' if stricter else ''}."
    return f"{_not_now(found, asking)}."


def _about(asking: Asking) -> str:
    """The goods and the way: "permanent magnets of rare earths from China to India"."""
    question = asking.question
    way = f" from {name_of(question.controller)}" if question.controller else ""
    to = question.final_destination or question.destination
    return f"{titles.lowered(titles.goods(question.commodity, asking.known))}{way}{f' to {name_of(to)}' if to else ''}"


def _by(decisive: Sequence[Considered]) -> str:
    names = list(dict.fromkeys(by(one) for one in decisive))
    return f", by {titles.listed(names, most=3)}" if names else ""


def by(one: Considered) -> str:
    """The act that a provision is a part of, by its number where it has one."""
    number, title = titles.number(one.provision), titles.provision(one.provision)
    if number is None:
        named = one.provision.instrument is not None or one.provision.label is not None
        return f"“{title}”" if named else title
    return f"{number} (“{title}”)" if title != number else number


def _since(decisive: Sequence[Considered]) -> str:
    days = [period.from_ for one in decisive if (period := one.provision.in_force) and period.from_]
    return f", in force since {_stated(min(days))}" if days else ""


def _stated(day: str) -> str:
    """A day as stated; in words where it is one plain day."""
    found = bounds(day)
    return titles.day(found.earliest) if found.earliest and found.earliest == found.latest else day


def _stricter(found: Determination) -> Considered | None:
    """The strictest of what may apply, where that is stricter than what does (rule: doubt never clears)."""
    may = [one for one in found.considered if one.may_bear and not one.proposed and one.control in CERTAIN]
    first = min(may, key=lambda one: CONTROLS.index(one.control), default=None)
    return first if first and CONTROLS.index(first.control) < CONTROLS.index(found.control) else None


def _may(one: Considered, asking: Asking) -> str:
    when = " and ".join(conditions(one, asking))
    return f"{by(one)} {WOULD[one.control]}{f' if {when}' if when else ', which is not certain for this question'}"


def _possible(found: Determination, asking: Asking) -> str:
    may = sorted((one for one in found.considered if one.may_bear), key=lambda one: CONTROLS.index(one.control))
    told = [_may_be(one, asking) for one in may[:MOST_POSSIBLE]]
    rest = f"; {len(may) - MOST_POSSIBLE} more may apply" if len(may) > MOST_POSSIBLE else ""
    return f"Not certain for {_about(asking)}: {'; '.join(told)}{rest}."


def _may_be(one: Considered, asking: Asking) -> str:
    when = " and ".join(conditions(one, asking))
    what = CERTAIN.get(one.control, WOULD.get(one.control, one.control))
    said = f"{what[:1].lower()}{what[1:]}" if when else f"possibly, {what[:1].lower()}{what[1:]}"
    return f"{said}{f' if {when}' if when else ''}, by {by(one)}{_since([one])}"


def _not_now(found: Determination, asking: Asking) -> str:
    first = found.decisive[0]
    about = _about(asking)
    if found.control == "suspended":
        return f"Suspended for {about}: {by(first)} {WOULD[first.control]}, and does not apply for now"
    if found.control == "not_yet_in_force":
        period = first.provision.in_force
        start = f"from {_stated(period.from_)} on" if period and period.from_ else "from a day that nobody stated"
        return f"Not yet in force for {about}: {by(first)} {WOULD[first.control]} {start}"
    if first.excluded:
        return f"Not restricted on record for {about}: {by(first)} describes other goods"
    if first.exempted is Truth.YES:
        return f"Not restricted on record for {about}: exempted from {by(first)}"
    return f"Not restricted on record for {about}: {by(first)} has ended"


def _second(found: Determination, asking: Asking, turns_on: Sequence[TurnsOn]) -> str:
    parts = [_licenses(found, asking) if found.control in LICENSED else "", _settled(turns_on)]
    said = "; ".join(part for part in parts if part)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _licenses(found: Determination, asking: Asking) -> str:
    """What is known of licenses, and whether any names the party asked about."""
    asked = asking.subject.end_user or asking.subject.exporter
    if found.standing in ("confirmed", "reported") and asked:
        word = "confirmed" if found.standing == "confirmed" else "reported"
        return f"{asked.label} is {word} to hold a license"
    counted = _counted(found.official, found.reported)
    if asked is None:
        return f"licenses are known ({counted})" if counted else ""
    standing = {
        "pending": f"{asked.label} has applied for a license and holds none yet",
        "none": f"{asked.label} has no usable license ({(found.standing_cause or '').replace('_', ' ')})",
        "possible": f"a license may serve {asked.label}, and none names it for certain",
    }.get(found.standing, f"no source names {asked.label} as a holder")
    return f"{f'licenses are known ({counted}); ' if counted else ''}{standing}"


def _counted(official: Count, reported: Count) -> str:
    said = [_count(official, "officials")] if official.min else []
    return ", ".join([*said, *([_count(reported, "the press")] if reported.min else [])])


def _count(count: Count, who: str) -> str:
    return f"{count.text or f'at least {count.min}'} by {who}"


def _settled(turns_on: Sequence[TurnsOn]) -> str:
    return (
        f"stating {titles.listed(dict.fromkeys(_what(one.ask) for one in turns_on[:3]), 'or')} would settle it"
        if turns_on
        else ""
    )


def _what(ask: str) -> str:
    return (
        "the composition"
        if ask.startswith("commodity.parameters")
        else f"the {ask.rpartition('.')[2].replace('_', ' ')}"
    )


def freshness(asking: Asking) -> str:
    """How old the record is, where it is older than a reader would think."""
    through: date | None = asking.recorded_through
    if through is None or asking.on - through <= STALE:
        return ""
    return f"The newest source on record is of {titles.day(through)}."
