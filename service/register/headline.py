"""The answer in one or two sentences that a person can act on, written from its parts by rules.

It never says more than the answer does: what is possible is told as a condition, what is not recorded as not recorded.
"""

from collections.abc import Sequence
from datetime import timedelta

from service.domain.answer import Control
from service.domain.countries import in_sentence
from service.domain.determine import CONTROLS, Determination
from service.domain.license.standing import open_causes
from service.domain.parties import Asked, ClassParty
from service.domain.quantities import Count
from service.domain.restriction.considered import Considered
from service.domain.transitions import Transition
from service.domain.truth import Truth
from service.register import titles
from service.register.asking import Asking
from service.register.conditions import conditions, near, of_an_open_class, open_lines
from service.register.parts import TurnsOn
from service.register.reasons import what_is_open
from service.register.titles import by, by_title, in_words, of_country
from service.register.turns import open_provisions
from service.register.understood import goods_understood

STALE = timedelta(days=60)
"""How old the newest source may be before the headline says so."""
SOON = timedelta(days=30)
"""How far ahead the headline looks for a change."""
STARTS = ("applies again", "enters into force")
LICENSED: tuple[Control, ...] = ("presumption_of_denial", "quota", "license_required", "undetermined")
"""Controls beside which the headline speaks of licenses."""
CERTAIN: dict[Control, str] = {
    "prohibited": "Export is prohibited",
    "presumption_of_denial": "A license is required and is presumed to be denied",
    "quota": "Export is limited by a quota",
    "license_required": "A license is required",
    "conditional": "Export is allowed only under a condition",
    "notification": "Export must be notified",
}
WOULD: dict[Control, str] = {
    "prohibited": "prohibits export",
    "presumption_of_denial": "requires a license that is presumed to be denied",
    "quota": "limits export by a quota",
    "license_required": "requires a license",
    "conditional": "allows export only under a condition",
    "notification": "requires a notification",
    "not_restricted": "restricts nothing",
}
MAY_BE: dict[Control, str] = {
    "prohibited": "export may be prohibited",
    "presumption_of_denial": "a license that is presumed to be denied may be required",
    "quota": "a quota may apply",
    "license_required": "a license may be required",
    "conditional": "a condition may apply",
    "notification": "export may have to be notified",
}
NOTHING_LEFT: dict[str | None, str] = {"exhausted": "; it is used up", "blocked": "; it is blocked"}
OPEN_CAUSES = {
    "party_not_stated": "not every party that it needs is known",
    "class_member": "not every party is named",
    "named_alike": "one party is only spelled alike",
    "end_not_stated": "no source states its end",
    "destination_not_stated": "no source states its destination",
    "vague_date": "its dates are not exactly known",
    "goods_not_exact": "its goods match only in part",
    "uses_not_exact": "how much of it was used is not exactly known",
    "end_use_not_exact": "its end use may be another",
}
"""What leaves open whether a license covers the question: the causes of the standing `possible`, in words."""
MOST_POSSIBLE = 2
"""How many possible controls the headline tells; the answer has them all."""


def headline(
    found: Determination,
    asking: Asking,
    turns_on: Sequence[TurnsOn],
    changes: Sequence[tuple[Considered, Transition]] = (),
) -> str:
    """`changes` are those that dates bring to the rules that bear on the question."""
    sentences = [
        _control(found, asking),
        _soon(changes, found.decisive, asking),
        _unknown_goods(asking),
        _second(found, asking, turns_on),
        freshness(asking),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _control(found: Determination, asking: Asking) -> str:
    about = _about(asking)
    if found.control == "no_data":
        return f"Nothing is recorded about {about} on {titles.day(asking.on)}; that is no clearance."
    if found.control == "undetermined":
        return _possible(found, asking)
    if found.control in CERTAIN:
        left = NOTHING_LEFT.get(_quota_state(found.decisive), "")
        said = f"{CERTAIN[found.control]} for {about}{_by(found.decisive, asking)}{left}"
        stricter = _stricter(found, asking)
        return f"{said}{f'; {_may(stricter, asking)}' if stricter else ''}."
    return f"{_not_now(found, asking)}."


def _soon(changes: Sequence[tuple[Considered, Transition]], decisive: Sequence[Considered], asking: Asking) -> str:
    """The first change that comes within a month, and what the rule asks for from then on."""
    ahead = [
        (one.day.earliest, rule, one)
        for rule, one in changes
        if one.day.earliest and asking.on < one.day.earliest <= asking.on + SOON
    ]
    if not ahead:
        return ""
    first, rule, change = min(ahead, key=lambda each: (each[0], each[1].provision.stream))
    last = change.day.latest
    on = f"From {titles.day(first)} on" if last is None else f"Between {titles.day(first)} and {titles.day(last)}"
    on = f"On {titles.day(first)}" if last == first else on
    then = f", and then {WOULD[rule.control]}" if change.what.startswith(STARTS) and rule.control in WOULD else ""
    act = of_country(by(rule), rule, asking)
    part = any(by(one) == by(rule) and one.provision.stream != rule.provision.stream for one in decisive)
    return f"{on}, {'another part of ' if part else ''}{act} {change.what}{then}."


def _unknown_goods(asking: Asking) -> str:
    """That no goods are called so, where some are spelled alike: a name typed wrong must not read as an answer."""
    alike = goods_understood(asking.question.commodity.name, asking.known).get("did_you_mean")
    return f"No goods on record have this name; did you mean {titles.listed(alike[:3], 'or')}?" if alike else ""


def _quota_state(decisive: Sequence[Considered]) -> str | None:
    """The state of the quota that decides, where all that decide are in it (rule 19)."""
    states = {one.provision.quota.state for one in decisive if one.provision.quota}
    return states.pop() if len(states) == 1 else None


def _about(asking: Asking) -> str:
    """The goods and the way: "permanent magnets of rare earths from China to India"."""
    question = asking.question
    way = f" from {in_sentence(question.controller)}" if question.controller else ""
    first, last = question.destination, question.final_destination
    way += f" to {in_sentence(first or last or '')}" if first or last else ""
    way += f" and on to {in_sentence(last)}" if first and last and first != last else ""
    return f"{titles.short(titles.goods(question.commodity, asking.known))}{way}"


def _by(decisive: Sequence[Considered], asking: Asking) -> str:
    """The acts, and since when they are in force: all of them, or each where their days differ."""
    days: dict[str, list[str]] = {}
    for one in decisive:
        days.setdefault(of_country(by_title(one), one, asking), []).append(one.provision.since or "")
    first = {act: min(filter(None, of), default="") for act, of in days.items()}
    if not first:
        return ""
    if len({*first.values()}) == 1:
        return f", by {titles.listed(first, most=3)}{_in_force(next(iter(first.values())))}"
    return f", by {titles.listed((f'{act}{_in_force(since)}' for act, since in first.items()), most=3)}"


def _in_force(since: str) -> str:
    return f", in force since {in_words(since)}" if since else ""


def _stricter(found: Determination, asking: Asking) -> Considered | None:
    """The strictest of what may apply, where that is stricter than what does (rule: doubt never clears)."""
    may = [one for one in found.considered if one.may_bear and not one.proposed and one.control in CERTAIN]
    first = min(may, key=lambda one: _nearest_first(one, asking), default=None)
    return first if first and CONTROLS.index(first.control) < CONTROLS.index(found.control) else None


def _nearest_first(one: Considered, asking: Asking) -> tuple[int, bool, bool]:
    """Of what is as strict, a listed name near to one that is asked about comes first: a person has to compare them."""
    return CONTROLS.index(one.control), not _near(one), of_an_open_class(one, asking)


def _near(one: Considered) -> bool:
    return any(map(near, one.match.dimensions))


def _may(one: Considered, asking: Asking) -> str:
    when = " and ".join(conditions(one, asking))
    act = of_country(by(one), one, asking)
    return f"{act} {WOULD[one.control]}" + (f" if {when}" if when else f", if it applies ({_open(one, asking)})")


def _possible(found: Determination, asking: Asking) -> str:
    """What may apply, the strictest first: under its condition where a fact settles it, else as a mere possibility."""
    rules = (one for one in found.considered if one.may_bear and not one.is_exemption)
    may = sorted(rules, key=lambda one: most_telling_first(one, asking))
    told = [_may_be(one, asking) for one in may[:MOST_POSSIBLE]]
    rest = _rest(may[:MOST_POSSIBLE], may[MOST_POSSIBLE:])
    said = f"{told[0]}{''.join(f'; {one[:1].lower()}{one[1:]}' for one in told[1:])}{rest}"
    return f"For {_about(asking)}: {said[:1].lower()}{said[1:]}."


def _rest(told: Sequence[Considered], others: Sequence[Considered]) -> str:
    """How many more there are, and what the strictest of them does where that is stricter than what is told."""
    if not others:
        return ""
    strictest = min(others, key=lambda one: CONTROLS.index(one.control)).control
    stricter = all(CONTROLS.index(strictest) < CONTROLS.index(one.control) for one in told)
    return f"; {len(others)} more may apply" + (f", and one of them {WOULD[strictest]}" if stricter else "")


def most_telling_first(one: Considered, asking: Asking) -> tuple[bool, bool, bool, int, str]:
    """A listed name near to one that is asked about comes first. Lists of parties come after what is about the goods,
    where the question names no party (rule 38). What may reach the goods only because no source says that a class is
    complete comes after both."""
    open_ = {dimension.name for dimension in one.match.dimensions if dimension.truth is Truth.POSSIBLE}
    by_class = of_an_open_class(one, asking)
    return (
        not _near(one),
        by_class,
        bool(open_ & {"end_users", "exporters"}),
        CONTROLS.index(one.control),
        one.provision.stream,
    )


def _may_be(one: Considered, asking: Asking) -> str:
    """A condition that settles it is told as one only where nothing else is open."""
    when, certain = conditions(one, asking), one.state.in_force is Truth.YES and len(one.provision.kinds) == 1
    act = of_country(by_title(one), one, asking)
    what = CERTAIN.get(one.control) or f"{by(one)} {WOULD.get(one.control, 'applies')}"
    open_ = sum(dimension.truth is Truth.POSSIBLE for dimension in one.match.dimensions)
    if when and certain and len(when) == open_:
        return f"{what} if {' and '.join(when)}, by {act}{_in_force(one.provision.since or '')}"
    may = MAY_BE.get(one.control, "a restriction may apply")
    if_ = f" if {' and '.join(when)}" if when else f" ({_open(one, asking)})"
    return f"{may}{if_}, by {act}"


def _open(one: Considered, asking: Asking) -> str:
    """What leaves it open, without the names that only programs use."""
    lines = open_lines(one, asking) if one.match.weakest.name == "commodities" else []
    if lines and all(line.match == "ex" and not line.coded for line in lines):
        return "only a part of these goods is listed"
    return what_is_open(one).replace("_", " ")


def _not_now(found: Determination, asking: Asking) -> str:
    first = found.decisive[0]
    about, act = _about(asking), of_country(by(first), first, asking)
    if found.control == "suspended":
        return f"Suspended for {about}: {act} {WOULD[first.control]}, and does not apply for now"
    if found.control == "not_yet_in_force":
        stated = first.provision.timeline.first_start
        since = first.provision.since or (stated.from_ if stated else None)
        start = f"from {in_words(since)} on" if since else "from a day that no source states"
        return f"Not yet in force for {about}: {act} {WOULD[first.control]} {start}"
    return f"Not restricted on record for {about}: {_lifted(first)}"


def _lifted(first: Considered) -> str:
    """The evidence that a rule no longer restricts the question."""
    if first.excluded:
        return f"{by(first)} describes other goods"
    if first.exempted is Truth.YES:
        return f"exempted from {by(first)}"
    if first.taken_out_by is None:
        return f"{by(first)} has ended"
    since = first.taken_out_by.day.earliest
    return f"{by(first)} was amended and no longer reaches it{f', since {titles.day(since)}' if since else ''}"


def _second(found: Determination, asking: Asking, turns_on: Sequence[TurnsOn]) -> str:
    licenses = _licenses(found, asking) if found.control in LICENSED else ""
    parts = [_on_a_list(found, asking), licenses, _settled(found, turns_on)]
    return " ".join(f"{part[:1].upper()}{part[1:]}." for part in parts if part)


def _on_a_list(found: Determination, asking: Asking) -> str:
    """A list that names a party asked about and is suspended, or that may name it and asks for no more than what
    applies: it changes no control, and whoever screens a party has to know it."""
    strict = CONTROLS.index(found.control)
    lists = [one for one in found.considered if one.lists_parties and not one.is_exemption and not one.proposed]
    paused = [one for one in lists if one.match.truth is Truth.YES and one.state.suspended is Truth.YES]
    if paused and paused[0] not in found.decisive:
        act = of_country(by(paused[0]), paused[0], asking)
        return f"{act} {_reaches(paused[0], asking)} and is suspended"
    may = [one for one in lists if one.may_bear and _near(one) and CONTROLS.index(one.control) >= strict]
    return _may(may[0], asking) if may else ""


def _reaches(one: Considered, asking: Asking) -> str:
    """Which party a list names; or that it reaches one whom it does not name, as through its owners."""
    parties = dict(asking.subject.parties)
    met = [each for each in one.match.dimensions if each.party and each.truth is Truth.YES]
    named = [parties[each.role].label for each in met if each.party and each.party.named and each.role in parties]
    return f"names {named[0]}" if named else "reaches a party of this question"


def _licenses(found: Determination, asking: Asking) -> str:
    """What is known of licenses, and whether any names the party asked about."""
    asked = asking.subject.end_user or asking.subject.exporter
    counted = _counted(found)
    if asked is None:
        return counted
    standing = {
        "confirmed": f"{asked.label} is confirmed to hold a license{_too_little(found, asking)}",
        "reported": f"{asked.label} is reported to hold a license{_too_little(found, asking)}",
        "pending": f"{asked.label} has applied for a license and holds none yet",
        "none": f"{asked.label} has no usable license ({(found.standing_cause or '').replace('_', ' ')})",
    }.get(found.standing)
    return standing or _named(found, asking, asked, counted)


def _named(found: Determination, asking: Asking, asked: Asked, counted: str) -> str:
    """What is open of a license that names the party asked about; or that none names it, or none for this."""
    role = "end_user" if asking.subject.end_user else "licensee"
    naming = [one for one in found.licenses if role in one.parties.names]
    may = [one for one in naming if one.usable is not Truth.NO]
    if may and (too_little := _too_little(found, asking)):
        return f"a license names {asked.label}{too_little}"
    if may:
        first = min((open_causes(one) for one in may), key=len)
        open_ = " and ".join(OPEN_CAUSES[one] for one in first[:2])
        return f"a license that names {asked.label} may cover this: {open_}"
    whom = f"names {asked.label} for this" if naming else f"names {asked.label}"
    return f"{counted}, none that {whom}" if counted else f"no license {whom}"


def _too_little(found: Determination, asking: Asking) -> str:
    """That less is left of a license than the quantity asked about, where no other covers it (rule 27)."""
    quantity = asking.subject.quantity
    short = [one.quantity.truth for one in found.licenses if one.usable is not Truth.NO and one.quantity]
    if quantity is None or found.covered != "no" or not short or any(one is not Truth.NO for one in short):
        return ""
    return f", of which less is left than {quantity.value} {quantity.unit}"


def _counted(found: Determination) -> str:
    """ "licenses are known for companies of India: at least 2 by official word": for whom, and by whose word."""
    said = [_count(found.official, "by official word")] if found.official.min else []
    said += [_count(found.reported, "by the press")] if found.reported.min else []
    return f"{_held_by(found)}: {', '.join(said)}" if said else ""


def _count(count: Count, whose: str) -> str:
    number = str(count.min) if count.max == count.min else f"at least {count.min}"
    words = f" (“{count.text}”)" if count.text and count.text != number else ""
    return f"{number} {whose}{words}"


def _held_by(found: Determination) -> str:
    classes = [
        party.party.class_.country
        for one in found.licenses
        if one.matches is Truth.YES
        for party in one.on_day.parties
        if isinstance(party.party, ClassParty) and party.party.class_.country
    ]
    whose = f" for companies of {titles.listed(map(in_sentence, dict.fromkeys(classes)))}" if classes else ""
    return f"licenses are known{whose}"


def _settled(found: Determination, turns_on: Sequence[TurnsOn]) -> str:
    """What to state, and which names to compare: all of it together leaves nothing open that a person can tell."""
    asks = [one.ask for one in turns_on]
    of_goods = [*_composition(asks), *(GOODS[one] for one in asks if one in GOODS)]
    others = [FACTS.get(one, f"the {one.replace('_', ' ')}") for one in asks if not one.startswith("commodity.")]
    names = dict.fromkeys(f"“{listed}”" for one in open_provisions(found) for listed in _near_names(one))
    state = [*([titles.listed(dict.fromkeys(of_goods), "or")] if of_goods else []), *dict.fromkeys(others)]
    if state and not names and all(one in ("end_user", "exporter") for one in asks):
        return f"state {titles.listed(state)} to see whether a list names it"
    said = [f"state {titles.listed(state)}"] if state else []
    said += [f"compare the name with {titles.listed(names, most=2)}"] if names else []
    return f"to settle it, {' and '.join(said)}" if said else ""


def _composition(asks: Sequence[str]) -> list[str]:
    """ "how much dysprosium or terbium they contain": parameters in percent; and each of the others by its name."""
    named = [one.removeprefix(PARAMETERS) for one in asks if one.startswith(PARAMETERS)]
    parts = [one.removesuffix("_percent").replace("_", " ") for one in named if one.endswith("_percent")]
    others = [f"their {one.replace('_', ' ')}" for one in named if not one.endswith("_percent")]
    return [*([f"how much {titles.listed(parts, 'or')} they contain"] if parts else []), *others]


def _near_names(one: Considered) -> list[str]:
    return [each.party.listed for each in one.match.dimensions if near(each) and each.party and each.party.listed]


PARAMETERS = "commodity.parameters."
GOODS = {"commodity.name": "which of these goods they are", "commodity.hs": "the full customs code"}
FACTS = {
    "origin": "where the goods were made",
    "shipped_from": "where they leave from",
    "content_percent": "the share of controlled content",
}


def freshness(asking: Asking) -> str:
    """How old the record is, where it is older than a reader would think."""
    newest, checked = asking.recorded_through, asking.checked_through
    if newest is None or asking.on - max(newest, checked or newest) <= STALE:
        return ""
    through = f" The official sources were last checked on {titles.day(checked)}." if checked else ""
    return f"The newest source on record is of {titles.day(newest)}.{through}"
