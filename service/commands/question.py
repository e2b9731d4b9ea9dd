"""A question as a person writes it, by options or in a file, as the API reads it; and its faults, called by options."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from service.commands.files import content
from service.domain.commodity.match import hs_digits
from service.domain.commodity.search import name_of
from service.domain.countries import code_of
from service.domain.participants import HOME, ROLES
from service.errors import FieldError, InvalidRequest, MalformedRequest
from service.register import strict_json

MOST_ALIKE = 3
"""How many companies are suggested for one that is not on record."""
PLAIN = (
    "controller",
    "destination",
    "final_destination",
    "origin",
    "shipped_from",
    "content_percent",
    "end_use",
    "as_of",
    "public_by",
)
"""Fields of a question that are written as their option is."""
WITH_A_COMMA = re.compile(r"\s*([0-9]{1,15}),([0-9]{1,15})\s*([A-Za-z0-9]{2,3})\s*")
QUANTITY = re.compile(r"\s*([0-9][0-9.]*)\s*([A-Za-z0-9]{2,3})\s*")


def of_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """A question by the options of `lodestone ask`. Raises InvalidRequest."""
    given = {name: options[name] for name in PLAIN} | {"known_at": _position_or_instant(options["known_at"])}
    codes = {name: options[name] for name in ("hs", "control_code", "cas", "description")}
    question = {name: value for name, value in given.items() if value is not None}
    question |= commodity_of(options["commodity"], codes, options["parameter"] or [])
    question |= quantity_of(options["quantity"])
    for role, home in HOME.items():
        question |= party_of(role, options[role], options[f"{role}_country"] or _default(options, role, home))
    return question | others_of(options["party"] or [])


def _default(options: Mapping[str, Any], role: str, home: str) -> str | None:
    """Where a party that is named without a country is taken to be, as in a sheet; a company on record needs none."""
    return options[home] if options[role] and not options[role].startswith("company/") else None


def _position_or_instant(text: str | None) -> int | str | None:
    return int(text) if text and text.isascii() and text.isdecimal() else text


def as_json(question: dict[str, Any]) -> tuple[bytes, str]:
    return json.dumps(question, ensure_ascii=False).encode(), "application/json"


def of_file(file: Path, more: dict[str, Any]) -> tuple[bytes, str]:
    """The body that asks a file's questions, each with `more`, and its media type. JSON begins with a brace or a
    bracket."""
    raw = content(file)
    if raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return raw, "text/csv"
    questions = [one | more if isinstance(one, dict) else one for one in questions_of(raw)]
    return json.dumps({"questions": questions}, ensure_ascii=False).encode(), "application/json"


def questions_of(raw: bytes) -> list[Any]:
    """`{"questions": [...]}`, a list, one question, or one in each line. Raises MalformedRequest."""
    try:
        found = strict_json.loads(raw)
    except MalformedRequest:
        lines = [line for line in raw.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith(b"{") for line in lines):
            raise
        return [strict_json.loads(line) for line in lines]
    if isinstance(found, dict) and isinstance(found.get("questions"), list):
        return list(found["questions"])
    return found if isinstance(found, list) else [found]


def commodity_of(commodity: str | None, goods: dict[str, str | None], parameters: list[str]) -> dict[str, Any]:
    """The commodity of a question. Raises InvalidRequest."""
    asked: dict[str, Any] = {name: value for name, value in goods.items() if value is not None}
    if commodity is not None:
        code = hs_digits(commodity).isdecimal()
        asked.setdefault("hs" if code else "name", commodity if code else name_of(commodity))
    if parameters:
        asked["parameters"] = dict(_parameter(one) for one in parameters)
    return {"commodity": asked} if asked else {}


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise InvalidRequest("A parameter cannot be read.", [FieldError("--parameter", "it is written NAME=VALUE")])
    return name.strip(), value.strip()


def quantity_of(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    found = QUANTITY.fullmatch(text)
    if not found and (comma := WITH_A_COMMA.fullmatch(text)):
        raise InvalidRequest(
            "The quantity cannot be read.", [FieldError("--quantity", _without_comma(*comma.groups()))]
        )
    if not found:
        fault = FieldError("--quantity", 'a number and a unit of UN/ECE Rec 20, such as "45000 KGM"')
        raise InvalidRequest("The quantity cannot be read.", [fault])
    return {"quantity": {"value": found[1], "unit": found[2].upper()}}


def _without_comma(whole: str, rest: str, unit: str) -> str:
    """A comma before three digits may part thousands, too."""
    thousands = f"{whole}{rest} {unit} or " if len(rest) == 3 else ""
    return f"a number has a point and no comma: write {thousands}{whole}.{rest} {unit}"


def others_of(written: Sequence[str]) -> dict[str, Any]:
    """The other parties to the transaction, each written `role:name` or `role:name:country`. Raises InvalidRequest."""
    found = [_other(text) for text in written]
    return {"parties": found} if found else {}


def _other(text: str) -> dict[str, Any]:
    """A name may hold colons of its own: the country is what stands behind the last one, where that is a country."""
    role, _, rest = text.partition(":")
    name, _, last = rest.rpartition(":")
    country = code_of(last) if name and not rest.lstrip().startswith("{") else None
    party = name if country else rest
    if role not in ROLES or not party.strip():
        fault = FieldError("--party", f"written role:name:country, where the role is {', '.join(ROLES)}")
        raise InvalidRequest("A party cannot be read.", [fault])
    return {"role": role, **_party(party.strip(), country, "--party")}


def party_of(role: str, text: str | None, country: str | None) -> dict[str, Any]:
    """A party: a company on record, one by name and country, one as JSON, or an unnamed one of a country."""
    if text is None:
        return {role: {"undisclosed": True, "country": country}} if country else {}
    return {role: _party(text, country, f"--{role.replace('_', '-')}-country")}


def _party(text: str, country: str | None, missing: str) -> dict[str, Any]:
    """`missing` is where the country would stand. Raises InvalidRequest."""
    if text.startswith("company/"):
        return {"company": text}
    if text.lstrip().startswith("{"):
        return dict(strict_json.loads(text.encode()))
    if country is None:
        fault = FieldError(missing, "its country, such as IN; or name it by its stream, company/…")
        raise InvalidRequest("A name alone identifies nobody.", [fault])
    return {"name": text, "country": country}


OPTIONS = frozenset(
    {
        "controller",
        "destination",
        "final-destination",
        "origin",
        "shipped-from",
        "commodity",
        "hs",
        "control-code",
        "cas",
        "description",
        "parameter",
        "quantity",
        "content-percent",
        "exporter",
        "exporter-country",
        "end-user",
        "end-user-country",
        "end-use",
        "party",
        "as-of",
        "known-at",
        "public-by",
    }
)


def option(pointer: str) -> str:
    """The option that a pointer into the question means: the longest name that there is."""
    steps = [step.replace("_", "-") for step in pointer.split("/") if step]
    if pointer.startswith("/parties"):
        return "--party"
    candidates = ["-".join(steps), *(name for step in reversed(steps) for name in (step, step.removesuffix("s")))]
    return next((f"--{name}" for name in candidates if name in OPTIONS), pointer)
