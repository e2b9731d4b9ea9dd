"""A question as a person writes it, by options or in a file, as the API reads it; and its faults, called by options."""

import json
import re
from pathlib import Path
from typing import Any

from service.commands.files import content
from service.domain.commodity.match import hs_digits
from service.domain.commodity.search import name_of
from service.domain.participants import ROLES
from service.errors import FieldError, InvalidRequest, MalformedRequest
from service.register import strict_json

QUANTITY = re.compile(r"\s*([0-9][0-9.]*)\s*([A-Za-z0-9]{2,3})\s*")


def of_options(question: dict[str, Any], more: dict[str, Any]) -> tuple[bytes, str]:
    return json.dumps(question | more, ensure_ascii=False).encode(), "application/json"


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
    if not found:
        fault = FieldError("--quantity", 'a number and a unit of UN/ECE Rec 20, such as "45000 KGM"')
        raise InvalidRequest("The quantity cannot be read.", [fault])
    return {"quantity": {"value": found[1], "unit": found[2].upper()}}


def others_of(named: dict[str, tuple[str | None, str | None]]) -> dict[str, Any]:
    """The other parties to the transaction, each by its role: a name or the like, and a country."""
    found = [
        {"role": role, **party}
        for role, (text, country) in named.items()
        for party in party_of(role, text, country).values()
    ]
    return {"parties": found} if found else {}


def party_of(role: str, text: str | None, country: str | None) -> dict[str, Any]:
    """A party: a company on record, one by name and country, one as JSON, or an unnamed one of a country."""
    name = role.replace("_", "-")
    if text is None:
        return {role: {"undisclosed": True, "country": country}} if country else {}
    if text.startswith("company/"):
        return {role: {"company": text}}
    if text.lstrip().startswith("{"):
        return {role: strict_json.loads(text.encode())}
    if country is None:
        fault = FieldError(f"--{name}-country", "its country, such as IN; or name it by its stream, company/…")
        raise InvalidRequest("A name alone identifies nobody.", [fault])
    return {role: {"name": text, "country": country}}


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
        *ROLES,
        *(f"{role}-country" for role in ROLES),
        "as-of",
        "known-at",
    }
)


def option(pointer: str) -> str:
    """The option that a pointer into the question means: the longest name that there is."""
    steps = [step.replace("_", "-") for step in pointer.split("/") if step]
    candidates = ["-".join(steps), *(name for step in reversed(steps) for name in (step, step.removesuffix("s")))]
    return next((f"--{name}" for name in candidates if name in OPTIONS), pointer)
