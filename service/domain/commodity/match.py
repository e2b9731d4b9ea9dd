"""Commodities by name, customs code, control code, CAS number or description, and how a question meets a scope.

Customs codes (HS) are strings of digits. They compare as prefixes; a code that a source marks as part of a heading
(`ex`) or as a mere reference decides nothing by itself. Since 2024-12-01 China's defining key is the control code.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import ge, gt, le
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from service.domain.base import Line, Slug, Sparse
from service.domain.quantities import DecimalText
from service.domain.truth import Truth, any_of

HS = re.compile(r"\d{2,12}", re.ASCII)
CAS = re.compile(r"(\d{2,7})-(\d{2})-(\d)", re.ASCII)
SEPARATORS = str.maketrans("", "", ". ")
MOST_PARAMETERS = 20
Match = Literal["exact", "ex", "reference_only"]


def hs_digits(code: str) -> str:
    """The digits alone: "8505.11" and "8505 11" are "850511"; leading zeros stay."""
    return code.translate(SEPARATORS)


def _hs(code: str) -> str:
    if not HS.fullmatch(hs_digits(code)):
        raise ValueError("this is no customs code: 2 to 12 digits, with dots or blanks between them")
    return code


def _cas(number: str) -> str:
    found = CAS.fullmatch(number)
    digits = (found[1] + found[2])[::-1] if found else ""
    if not found or sum(place * int(digit) for place, digit in enumerate(digits, 1)) % 10 != int(found[3]):
        raise ValueError("this is no CAS registry number, or its check digit is wrong")
    return number


HsCode = Annotated[str, Field(min_length=2, max_length=20), AfterValidator(_hs)]
ControlCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.()-]{0,39}$")]
CasNumber = Annotated[str, Field(min_length=7, max_length=12), AfterValidator(_cas)]


class Commodity(Sparse):
    """Goods or technology, by any of its names and codes. At least one of them, or a description, is given."""

    name: Slug | None = None
    hs: HsCode | None = None
    control_code: ControlCode | None = None
    cas: CasNumber | None = None
    description: Line | None = None
    parameters: Annotated[dict[Slug, DecimalText], Field(max_length=MOST_PARAMETERS)] = {}

    @model_validator(mode="after")
    def _says_something(self) -> "Commodity":
        if not (self.name or self.hs or self.control_code or self.cas or self.description):
            raise ValueError("a commodity has a name, hs, control_code, cas or description")
        return self

    @property
    def key(self) -> str:
        """One word for it, for grouping and for sentences."""
        return self.name or self.control_code or self.hs or self.cas or self.description or ""


class ScopedCommodity(Commodity):
    """A commodity as a rule or a license names it.

    `exact`: all that bears this name or code. `ex`: a part of it. `reference_only`: given for orientation, or a code
    that nobody verified.
    """

    match: Match = "exact"

    def plain(self) -> Commodity:
        """The commodity alone, as a question names it."""
        return Commodity.model_validate(self.model_dump(exclude={"match"}))


@dataclass(frozen=True, slots=True)
class CommodityMatch:
    """How a question's commodity meets one of a scope, and the sentence that says why.

    `described`: a technical parameter of the description decided it.
    """

    truth: Truth
    because: str
    described: bool = False


Definitions = Mapping[str, tuple[ScopedCommodity, ...]]
"""What `commodity.defined` recorded: a commodity's name, and the codes that it stands for. A line that has a name is a
part of it, with a definition of its own or none."""


def compare(
    asked: Commodity, listed: ScopedCommodity, definitions: Definitions, *, codes_refer: bool = False
) -> CommodityMatch:
    """Whether the goods asked about fall under a listed commodity.

    `codes_refer`: customs codes are references to the control code that stands beside them, and define nothing. Where
    both sides state technical parameters, those decide among goods that the codes and names do not tell apart.
    """
    if asked.description and asked.description == listed.description:
        return CommodityMatch(Truth.YES, "the description is the same")
    found = _by_code_or_name(asked, listed, definitions, codes_refer=codes_refer)
    if found.truth is not Truth.NO and asked.parameters and listed.parameters:
        return _by_parameters(asked, listed, found)
    return found


def _by_parameters(asked: Commodity, listed: Commodity, found: CommodityMatch) -> CommodityMatch:
    """A listed parameter is the least value that is listed; one that ends in `_at_most`, the greatest; one that ends in
    `_more_than`, a value that is itself not listed ("with dysprosium" is `dysprosium_percent_more_than` 0)."""
    for stated, limit in listed.parameters.items():
        name, bound = _bound(stated)
        value = asked.parameters.get(name, asked.parameters.get(stated))
        if value is None:
            return CommodityMatch(Truth.POSSIBLE, f"{found.because}; its {name} is not stated")
        if not BOUNDS[bound](Decimal(value), Decimal(limit)):
            return CommodityMatch(Truth.NO, f"it has {value} of {name}, and {bound} {limit} is listed", described=True)
    return CommodityMatch(Truth.YES, f"{found.because}, and its parameters are those listed", described=True)


BOUNDS: dict[str, Callable[[Decimal, Decimal], bool]] = {"at most": le, "more than": gt, "at least": ge}
"""How a parameter's value is held against the one listed, by the words that its name ends in."""


def _bound(stated: str) -> tuple[str, str]:
    """A listed parameter's own name, and which bound it is."""
    for words in BOUNDS:
        name = stated.removesuffix(f"_{words.replace(' ', '_')}")
        if name != stated:
            return name, words
    return stated, "at least"


def _by_code_or_name(
    asked: Commodity, listed: ScopedCommodity, definitions: Definitions, *, codes_refer: bool
) -> CommodityMatch:
    found = _by_code(asked, listed) or _by_name(asked, listed, definitions, codes_refer=codes_refer)
    if found.truth is Truth.YES and codes_refer and listed.control_code and not asked.control_code and asked.hs:
        because = f"{found.because}, a reference to control code {listed.control_code}"
        return CommodityMatch(Truth.POSSIBLE, because)
    if found.truth is Truth.YES and listed.match != "exact":
        flag = "only a part of it" if listed.match == "ex" else "only as a reference"
        return CommodityMatch(Truth.POSSIBLE, f"{found.because}, which is listed {flag}")
    return found


def _by_code(asked: Commodity, listed: Commodity) -> CommodityMatch | None:
    if asked.control_code and listed.control_code:
        return _control_codes(asked.control_code.upper(), listed.control_code.upper())
    if asked.cas and listed.cas:
        if asked.cas == listed.cas:
            return CommodityMatch(Truth.YES, f"CAS {asked.cas} is listed")
        return CommodityMatch(Truth.NO, f"CAS {asked.cas} is not {listed.cas}")
    if asked.hs and listed.hs:
        return _hs_codes(hs_digits(asked.hs), hs_digits(listed.hs))
    return None


def _control_codes(asked: str, listed: str) -> CommodityMatch:
    if asked == listed or asked.startswith(f"{listed}."):
        return CommodityMatch(Truth.YES, f"control code {asked} falls under {listed}")
    if listed.startswith(f"{asked}."):
        return CommodityMatch(Truth.POSSIBLE, f"control code {asked} is wider than {listed}: a part of it is listed")
    return CommodityMatch(Truth.NO, f"control code {asked} is not {listed}")


def _hs_codes(asked: str, listed: str) -> CommodityMatch:
    if asked.startswith(listed):
        return CommodityMatch(Truth.YES, f"code {asked} falls under {listed}")
    if listed.startswith(asked):
        return CommodityMatch(Truth.POSSIBLE, f"code {asked} is wider than {listed}: a part of it is listed")
    return CommodityMatch(Truth.NO, f"code {asked} does not fall under {listed}")


def _by_name(
    asked: Commodity, listed: ScopedCommodity, definitions: Definitions, *, codes_refer: bool
) -> CommodityMatch:
    if asked.name and asked.name == listed.name:
        return CommodityMatch(Truth.YES, f"{asked.name} is listed by name")
    if asked.name and listed.name and (found := _by_part(asked.name, listed.name, definitions)):
        return found
    for name, other in ((listed.name, asked), (asked.name, listed)):
        if name and name in definitions and (other.hs or other.control_code or other.cas):
            return _through_definition(name, asked, listed, definitions, codes_refer=codes_refer)
    if asked.name and listed.name:
        return CommodityMatch(Truth.NO, f"{asked.name} is not {listed.name}")
    if asked.name or listed.name:
        undefined = listed.name or asked.name
        return CommodityMatch(Truth.POSSIBLE, f"no record says which codes {undefined} stands for")
    return CommodityMatch(Truth.POSSIBLE, "the two are described in different terms")


def _by_part(asked: str, listed: str, definitions: Definitions) -> CommodityMatch | None:
    if asked in _with_parts(listed, definitions):
        return CommodityMatch(Truth.YES, f"{asked} is a part of {listed}")
    if listed in _with_parts(asked, definitions):
        return CommodityMatch(Truth.POSSIBLE, f"{asked} is wider than {listed}: a part of it is listed")
    return None


def _with_parts(name: str, definitions: Definitions) -> list[str]:
    """A name, its parts, and their parts in turn; each once, so that parts of each other come to an end."""
    found = [name]
    for one in found:
        found += [line.name for line in definitions.get(one, ()) if line.name and line.name not in found]
    return found


def _through_definition(
    name: str, asked: Commodity, listed: ScopedCommodity, definitions: Definitions, *, codes_refer: bool
) -> CommodityMatch:
    """Meets the codes of one side with the definition of the other's name: the best of its lines, no better."""
    matches = []
    for part in _with_parts(name, definitions):
        if part not in definitions:
            matches.append(CommodityMatch(Truth.POSSIBLE, f"no record says which codes {part} stands for"))
        wider = part != name and name == asked.name
        for line in definitions.get(part, ()):
            found = _by_line(name, line, asked, listed, codes_refer=codes_refer)
            if found and wider and found.truth is Truth.YES:
                found = CommodityMatch(Truth.POSSIBLE, f"{found.because}, a part of {name}")
            matches += [found] if found else []
    if not matches and asked.name and listed.name:
        return CommodityMatch(Truth.NO, f"{asked.name} is not {listed.name}")
    if not matches:
        return CommodityMatch(Truth.POSSIBLE, f"{name} is defined in other codes")
    best = any_of(match.truth for match in matches)
    return next(match for match in matches if match.truth is best)


def _by_line(
    name: str, line: ScopedCommodity, asked: Commodity, listed: ScopedCommodity, *, codes_refer: bool
) -> CommodityMatch | None:
    """Meets the other side with one line of a name's definition. None where they have no kind of code in common."""
    if asked.name and listed.name and not line.match == listed.match == "exact":
        # Goods of two names may share a code of which each is a part: that makes neither of them the other.
        return None
    defines_listed = name == listed.name
    found = _by_code(asked, line) if defines_listed else _by_code(line.plain(), listed)
    if found is None or found.truth is not Truth.YES:
        return found
    if defines_listed and codes_refer and line.control_code and not asked.control_code and asked.hs:
        return CommodityMatch(Truth.POSSIBLE, f"{found.because}, a reference to control code {line.control_code}")
    if line.match != "exact":
        return CommodityMatch(Truth.POSSIBLE, f"{found.because}, a part of {name}")
    return found
