"""How codes meet codes: which fall under which, of one kind, one control list and one edition.

Customs codes compare as prefixes. A code marked as a part (`ex`) or as a reference never decides and never rules out
(rule 9); it does tell apart goods of another heading, where nothing else is known of them. Since 2024-12-01 China's
defining key is the control code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Literal

from service.domain.commodity.goods import Commodity, Match, hs_digits
from service.domain.commodity.names import Definitions, Line
from service.domain.commodity.parameters import Interval, met
from service.domain.truth import Truth

HEADING_DIGITS = 4
CONTROL_LISTS = {"us": "eccn"}
"""Control lists whose name is not that of the country that keeps it."""

Kind = Literal["control_code", "cas", "hs"]
Relation = Literal["under", "wider", "apart", "other_edition"]


class Verdict(IntEnum):
    """From what rules out to what decides. `FAR`: of another heading than codes that decide nothing."""

    NO = 0
    FAR = 1
    OPEN = 2
    YES = 3


@dataclass(frozen=True, slots=True)
class OpenFact:
    """A fact of the goods that would settle a match: its path in a question, and goods as they would then be asked.

    Each outcome is a supposed commodity and how it then meets the line.
    """

    ask: str
    outcomes: tuple[tuple[Commodity, Truth], ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one kind of evidence says. `settled_by_parameters`: parameters that are met turn what it leaves open into
    a yes, as they tell a listed part of the goods from the rest."""

    verdict: Verdict
    because: str
    settled_by_parameters: bool = False
    open: tuple[OpenFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How the codes of a rule are read. `own`: the control list that a code is from where none is named. `codes_refer`:
    customs codes refer to the control code beside them, and define nothing. `stated`: the parameters of the goods asked
    about."""

    definitions: Definitions
    own: str | None = None
    codes_refer: bool = False
    stated: Mapping[str, Interval] = field(default_factory=dict)

    def told_by_parameters(self, name: str) -> bool:
        """Whether what is stated lies in one of the sets of parameters that tell the goods of a name (rule 8)."""
        sets = self.definitions.meaning(name).parameters_one_of
        return any(one and met(self.stated, one).truth is Truth.YES for one in sets)


FLAGGED: Mapping[Match, str] = {
    "exact": "listed",
    "ex": 'only partly covered (marked "ex")',
    "reference_only": "given only as a reference",
}


def control_list(country: str | None) -> str | None:
    """The control list that a country's control codes are from, where no other is named."""
    return CONTROL_LISTS.get(country.lower(), country.lower()) if country else None


def pair(asked: Commodity, flag: Match, line: Line, reading: Reading) -> tuple[Kind, Evidence] | None:
    """Codes of one line against those of another, the most defining kind first: what it settles, the others do not
    undo. None: they have no kind of code in common."""
    found: list[tuple[Kind, Evidence]] = []
    for kind, relate in RELATIONS.items():
        relation = relate(asked, line.commodity, reading.own)
        if relation is None or (kind == "cas" and _may_be_another_compound(relation, asked, line, reading)):
            continue
        codes = Codes(kind, asked, line, flag, reading.codes_refer)
        one = _with_parameters(_judged(relation, codes), line, reading)
        if one.verdict in (Verdict.YES, Verdict.NO):
            return kind, one
        found.append((kind, one))
    return max(found, key=lambda pair: (pair[1].verdict, pair[1].settled_by_parameters), default=None)


def _may_be_another_compound(relation: Relation, asked: Commodity, line: Line, reading: Reading) -> bool:
    """A definition that is not complete gives the number of one substance; one that nobody knows may be a further one
    of the same name. A number known for other goods is theirs."""
    open_ = line.defined and not line.complete
    return relation == "apart" and open_ and asked.cas not in reading.definitions.by_cas


@dataclass(frozen=True, slots=True)
class Codes:
    """Two codes of one kind: that of the goods asked about, with the flag under which their name stands for it, and
    that of a listed line."""

    kind: Kind
    asked: Commodity
    line: Line
    flag: Match
    codes_refer: bool

    @property
    def code(self) -> str:
        return str(getattr(self.asked, self.kind))

    @property
    def other(self) -> str:
        return str(getattr(self.line.commodity, self.kind))

    @property
    def refers(self) -> bool:
        return self.codes_refer and self.kind == "hs" and bool(self.line.commodity.control_code)

    @property
    def match(self) -> Match:
        """`exact` where both codes are; else the flag that keeps them from deciding."""
        listed: Match = "reference_only" if self.refers else self.line.commodity.match
        return listed if listed != "exact" else self.flag

    @property
    def same_heading(self) -> bool:
        if self.kind != "hs":
            return False
        return hs_digits(self.code)[:HEADING_DIGITS] == hs_digits(self.other)[:HEADING_DIGITS]


def _judged(relation: Relation, codes: Codes) -> Evidence:
    if relation == "under":
        return _under(codes)
    if relation == "wider":
        fact = _fact(codes.asked, codes.kind, codes.other)
        because = f"code {codes.code} is only partly listed: {codes.other}"
        return Evidence(Verdict.OPEN, because, open=(fact,))
    if relation == "other_edition":
        return Evidence(Verdict.OPEN, f"codes {codes.code} and {codes.other} are of different editions")
    because = f"code {codes.code} does not fall under {codes.other}"
    if codes.match == "exact" or codes.line.complete:
        return Evidence(Verdict.NO, because)
    if codes.same_heading:
        return Evidence(Verdict.OPEN, f"{because}, which does not decide alone")
    return Evidence(Verdict.FAR, because)


def _under(codes: Codes) -> Evidence:
    same = hs_digits(codes.code).upper() == hs_digits(codes.other).upper()
    because = f"code {codes.code} is listed" if same else f"code {codes.code} falls under {codes.other}"
    if codes.match == "exact":
        return Evidence(Verdict.YES, because)
    return Evidence(Verdict.OPEN, f"{because}, which is {FLAGGED[codes.match]}", True, _what_would_tell(codes))


def _what_would_tell(codes: Codes) -> tuple[OpenFact, ...]:
    """A code that does not decide alone leaves it to the control code, where that defines, and to the name."""
    told = []
    control_code = codes.line.commodity.control_code
    if codes.refers and control_code and not codes.asked.control_code:
        told.append(_fact(codes.asked, "control_code", control_code))
    if codes.line.of and not codes.asked.name:
        told.append(_fact(codes.asked, "name", codes.line.of))
    return tuple(told)


def _fact(asked: Commodity, what: str, value: str) -> OpenFact:
    return OpenFact(f"commodity.{what}", ((asked.model_copy(update={what: value}), Truth.YES),))


def _with_parameters(one: Evidence, line: Line, reading: Reading) -> Evidence:
    """A line of a definition, or the whole of it, may say which parameters goods of its code have."""
    if not line.defined or one.verdict < Verdict.OPEN:
        return one
    if not line.commodity.parameters:
        told = one.settled_by_parameters and reading.told_by_parameters(line.of)
        return Evidence(Verdict.YES, f"{one.because}; its parameters are those of {line.of}") if told else one
    found = met(reading.stated, line.commodity.parameters)
    because = f"{one.because}; {found.because}"
    if found.truth is Truth.NO:
        return Evidence(Verdict.NO, because)
    if found.truth is Truth.YES and one.settled_by_parameters:
        return Evidence(Verdict.YES, because)
    if found.truth is Truth.POSSIBLE and one.verdict is Verdict.YES:
        return replace(one, verdict=Verdict.OPEN, because=because, settled_by_parameters=True)
    return one


def _hs(asked: Commodity, listed: Commodity, _own: str | None) -> Relation | None:
    if not asked.hs or not listed.hs:
        return None
    if asked.edition and listed.edition and asked.edition != listed.edition:
        return "other_edition"
    return _prefix(hs_digits(asked.hs), hs_digits(listed.hs))


def _prefix(asked: str, listed: str) -> Relation:
    if asked.startswith(listed):
        return "under"
    return "wider" if listed.startswith(asked) else "apart"


def _control_code(asked: Commodity, listed: Commodity, own: str | None) -> Relation | None:
    """Codes of one control list. Where one side's list is not known, only the same code says anything (rule 10)."""
    if not asked.control_code or not listed.control_code:
        return None
    code, other = asked.control_code.upper(), listed.control_code.upper()
    relation = _prefix(f"{code}.", f"{other}.")
    systems = [one.system or own for one in (asked, listed)]
    if systems[0] == systems[1]:
        return relation
    return relation if None in systems and relation != "apart" else None


def _cas(asked: Commodity, listed: Commodity, _own: str | None) -> Relation | None:
    if not asked.cas or not listed.cas:
        return None
    return "under" if asked.cas == listed.cas else "apart"


RELATIONS: Mapping[Kind, Callable[[Commodity, Commodity, str | None], Relation | None]] = {
    "control_code": _control_code,
    "cas": _cas,
    "hs": _hs,
}
"""How codes of one kind meet, the most defining kind first."""
