"""Goods by name, customs code, control code, CAS number or description, as questions and rules name them.

Customs codes (HS) are strings of digits. A code that a source marks as part of a heading (`ex`) or as a mere reference
decides nothing by itself.
"""

import re
from collections.abc import Hashable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from service.domain.base import Line, Slug, Sparse
from service.domain.kept import kept
from service.domain.quantities import DecimalText

HS = re.compile(r"\d{2,12}", re.ASCII)
CAS = re.compile(r"(\d{2,7})-(\d{2})-(\d)", re.ASCII)
ITEM = re.compile(r"[0-9][A-Ea-e][0-9]{3}")
"""Category, group and number of an item in the lists of the EU, the US, China and others: 3A001."""
ITEM_LENGTH = 5
BEHIND_AN_ITEM = re.compile(r"(?![0-9])[0-9A-Za-z .()-]*")
PARAGRAPH = re.compile(r"[a-z]+|[0-9]+")
LONGEST_PARAGRAPH = 4
"""A paragraph is a letter, a number or a Roman number (viii); what is longer is a word."""
SEPARATORS = str.maketrans("", "", ". ")
MOST_PARAMETERS = 20
Match = Literal["exact", "ex", "reference_only"]


@kept(texts=16_384, longest=40)
def hs_digits(code: str) -> str:
    """The digits alone: "8505.11" and "8505 11" are "850511"; leading zeros stay."""
    return code.translate(SEPARATORS)


def _hs(code: str) -> str:
    if not HS.fullmatch(hs_digits(code)):
        raise ValueError("not a customs code: write 2 to 12 digits, with dots or blanks between them")
    return code


@kept(texts=16_384, longest=60)
def control_code_of(text: str) -> str:
    """A control code as lists print it, from how people type it: "1c902 a", "1C902-A" and "1C902(a)" are "1C902.a".

    What is not written like a code of that form stays: other lists have codes of their own.
    """
    typed = text.strip()
    item, rest = typed[:ITEM_LENGTH], typed[ITEM_LENGTH:]
    paragraphs = PARAGRAPH.findall(rest.lower())
    short = all(len(one) <= LONGEST_PARAGRAPH for one in paragraphs)
    if not (ITEM.fullmatch(item) and BEHIND_AN_ITEM.fullmatch(rest) and short):
        return text
    return ".".join([item.upper(), *paragraphs])


def _cas(number: str) -> str:
    found = CAS.fullmatch(number)
    digits = (found[1] + found[2])[::-1] if found else ""
    if not found or sum(place * int(digit) for place, digit in enumerate(digits, 1)) % 10 != int(found[3]):
        raise ValueError("not a valid CAS registry number")
    return number


HsCode = Annotated[str, Field(min_length=2, max_length=20), AfterValidator(_hs)]
ControlCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.()-]{0,39}$")]
CasNumber = Annotated[str, Field(min_length=7, max_length=12), AfterValidator(_cas)]
Edition = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2,10}[0-9]{4}$"),
    Field(description="The edition of the customs tariff that `hs` follows.", examples=["HS2022"]),
]
System = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$"),
    Field(
        description="The control list that `control_code` is from: `eccn`, `eu`, or a country's code in small letters. "
        "Left out: the controlling country's own list.",
        examples=["eccn"],
    ),
]
Parameters = Annotated[dict[Slug, DecimalText], Field(max_length=MOST_PARAMETERS)]
"""Technical parameters by name. One that ends in `_at_least`, `_at_most`, `_more_than` or `_less_than` is a bound."""


class Commodity(Sparse):
    """Goods or technology, by any of its names and codes. At least one of them, or a description, is given.

    A parameter is a value (`"dysprosium_percent": "1.9"`) or a bound (`"dysprosium_percent_at_most": "0.1"`).
    """

    __slots__ = ("_facts",)
    _facts: str

    name: Slug | None = None
    hs: HsCode | None = None
    edition: Edition | None = None
    control_code: ControlCode | None = None
    system: System | None = None
    cas: CasNumber | None = None
    description: Line | None = None
    parameters: Parameters = {}

    @model_validator(mode="after")
    def _says_something(self) -> "Commodity":
        if not (self.name or self.hs or self.control_code or self.cas or self.description):
            raise ValueError("must have name, hs, control_code, cas or description")
        if self.edition and not self.hs:
            raise ValueError("edition is only for an hs code")
        if self.system and not self.control_code:
            raise ValueError("system is only for a control_code")
        return self

    @property
    def same(self) -> tuple[Hashable, ...]:
        """Alike for goods that are equal, to tell them apart quickly."""
        return type(self), *self._said, frozenset(self.parameters.items())

    @property
    def facts(self) -> str:
        """Alike for goods of which all that is said is the same: the order of the parameters too, as sentences follow
        it, and which fields were stated, as they are written back. Put together once: goods are looked up by it."""
        try:
            return self._facts
        except AttributeError:
            said = type(self).__name__, *self._said, list(self.parameters.items()), sorted(self.model_fields_set)
            object.__setattr__(self, "_facts", repr(said))
            return self._facts

    @property
    def _said(self) -> tuple[Hashable, ...]:
        return self.name, self.hs, self.edition, self.control_code, self.system, self.cas, self.description

    @property
    def key(self) -> str:
        """One word for it, for grouping and for sentences."""
        return self.name or self.control_code or self.hs or self.cas or self.description or ""

    @property
    def coded(self) -> bool:
        return bool(self.hs or self.control_code or self.cas)


class ScopedCommodity(Commodity):
    """A commodity as a rule or a license names it.

    `exact`: all that bears this name or code. `ex`: a part of it. `reference_only`: given for orientation, or a code
    that nobody verified. Where a code is given, `match` speaks of the code, and the name beside it means all of its
    goods (rule 9). A parameter is the least value that is reached, or a bound as its name says.
    """

    match: Match = "exact"

    @property
    def _said(self) -> tuple[Hashable, ...]:
        return *super()._said, self.match

    def plain(self) -> Commodity:
        """The goods alone, as a question names them. What a rule's parameters bound is no value of any goods, so that
        they are left out (rule 8)."""
        return Commodity.model_validate(self.model_dump(exclude={"match", "parameters"}))
