"""Between the fields of a form and the JSON of an event, both ways: what nobody touched stays as it was recorded."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

from service.console.asked import country_of
from service.console.news import Input
from service.domain.countries import names
from service.errors import FieldError, InvalidRequest
from service.register.typed import day_typed

Data = dict[str, Any]
CODE = re.compile(r"[0-9][A-Za-z][0-9]{3}[0-9A-Za-z.]{0,10}")
HS = re.compile(r"(ex |see )?HS ([0-9. ]{2,15})", re.IGNORECASE)
FLAGS = {"ex ": "ex", "see ": "reference_only"}
ALL = "all"


def filled(inputs: Iterable[Input], data: Mapping[str, Any]) -> dict[str, str]:
    """What the fields of a form hold for recorded data; an empty field is left out."""
    told = {one.name: text(one, _at(data, one.place)) for one in inputs}
    return {name: value for name, value in told.items() if value}


def built(inputs: Iterable[Input], fields: Mapping[str, str], base: Mapping[str, Any]) -> Data:
    """The data that a form asks for: `base`, but for the fields that say something else. Raises InvalidRequest."""
    made, faults = deepcopy(dict(base)), list[FieldError]()
    for one in inputs:
        typed = fields.get(one.name, "")
        if typed == text(one, _at(base, one.place)):
            continue
        try:
            _put(made, one.place, value(one, typed) if typed else None)
        except InvalidRequest as unread:
            faults += unread.errors
        except ValueError as unread:
            faults.append(FieldError(one.name, str(unread)))
    if faults:
        raise InvalidRequest("The form cannot be read.", faults)
    return made


def _at(data: Mapping[str, Any], place: tuple[str, ...]) -> Any:
    found: Any = data
    for step in place:
        found = found.get(step) if isinstance(found, Mapping) else None
    return found


def _put(data: Data, place: tuple[str, ...], value_: Any) -> None:
    """Puts a value where it stands; takes away what became empty."""
    first, *rest = place
    if not rest:
        data.pop(first, None)
        if value_ is not None:
            data[first] = value_
        return
    inner = dict(data.get(first) or {})
    _put(inner, tuple(rest), value_)
    data.pop(first, None)
    if inner:
        data[first] = inner


def text(one: Input, found: Any) -> str:
    """A recorded value as the form writes it. What has no simple form is written as JSON."""
    if found is None:
        return ""
    writer = WRITERS.get(one.kind, _plain)
    return writer(found)


def value(one: Input, typed: str) -> Any:
    """What was typed, as it is recorded. Raises InvalidRequest, ValueError."""
    reader = READERS.get(one.kind)
    return reader(typed, one.name) if reader else typed


def _plain(found: Any) -> str:
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _json(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError as unread:
        raise ValueError("a line that begins with { is JSON, and this is none") from unread


def _party(line: str, name: str) -> Data:
    if line.startswith("{"):
        return dict(_json(line))
    if line.startswith("company/"):
        return {"company": line}
    what, _, country = (part.strip() for part in line.partition("|"))
    form, _, rest = (part.strip() for part in what.partition(":"))
    home = {"country": country_of(country, name)} if country else {}
    if form == "described" and rest:
        return {"described": rest, **home}
    if form == "class" and rest:
        return {"class": {"country": country_of(rest, name)}}
    if form == "undisclosed":
        return {"undisclosed": True, **({"country": country_of(rest, name)} if rest else {})}
    if not country:
        raise ValueError("write a name with its country: Jay Ushin Ltd | IN")
    return {"name": what, **home}


def _party_text(found: Data) -> str:
    simple = _simple_party(found)
    try:
        if simple and "\n" not in simple and _party(simple, "") == found:
            return simple
    except (InvalidRequest, ValueError):
        pass
    return _plain(found)


def _simple_party(found: Data) -> str:
    country = f" | {found['country']}" if found.get("country") else ""
    if "company" in found:
        return str(found["company"])
    if "described" in found:
        return f"described: {found['described']}{country}"
    if "class" in found:
        return f"class: {found['class'].get('country', '')}"
    if "undisclosed" in found:
        return f"undisclosed: {found.get('country', '')}".strip()
    return f"{found.get('name', '')}{country}"


def _commodity(line: str, _name: str = "") -> Data:
    if line.startswith("{"):
        return dict(_json(line))
    if coded := HS.fullmatch(line):
        flag = FLAGS.get((coded[1] or "").lower())
        return {"hs": coded[2].strip(), **({"match": flag} if flag else {})}
    if CODE.fullmatch(line):
        return {"control_code": line.upper()}
    return {"name": "_".join(line.casefold().split())}


def _commodity_text(found: Data) -> str:
    flag = {"ex": "ex ", "reference_only": "see "}.get(found.get("match", ""), "")
    simple = f"{flag}HS {found['hs']}" if "hs" in found else str(found.get("control_code") or found.get("name") or "")
    return simple if simple and _commodity(simple) == found else _plain(found)


def _goods(typed: str, _name: str) -> Any:
    return ALL if typed.strip().casefold() == ALL else [_commodity(line) for line in _lines(typed)]


def _goods_text(found: Any) -> str:
    return ALL if found == ALL else "\n".join(map(_commodity_text, found))


def _line(line: str) -> Data:
    """A line of a license: goods alone, or all of it as JSON."""
    read = _commodity(line)
    return read if "commodity" in read else {"commodity": read}


def _line_text(found: Data) -> str:
    simple = _commodity_text(found["commodity"]) if set(found) == {"commodity"} else ""
    return simple if simple and not simple.startswith("{") else _plain(found)


def _countries(typed: str, name: str) -> list[str]:
    return [country_of(one.strip(), name) for one in re.split(r"[,\n]", typed) if one.strip()]


def _places(typed: str, name: str) -> Any:
    if typed.startswith("{"):
        return _json(typed)
    return ALL if typed.casefold() == ALL else {"only": _countries(typed, name)}


def _places_text(found: Any) -> str:
    if found == ALL:
        return ALL
    simple = ", ".join(found.get("only", ())) if set(found) == {"only"} else ""
    return simple if simple and all(one in names() for one in found["only"]) else _plain(found)


def _parties(typed: str, name: str) -> list[Data]:
    return [_party(line, name) for line in _lines(typed)]


def _parties_text(found: list[Data]) -> str:
    return "\n".join(map(_party_text, found))


def _listed(typed: str, name: str) -> Any:
    """Whom a rule lists. All but some are written as JSON."""
    if typed.startswith('{"except"'):
        return _json(typed)
    return ALL if typed.casefold() == ALL else {"only": _parties(typed, name)}


def _listed_text(found: Any) -> str:
    if found == ALL:
        return ALL
    return _parties_text(found["only"]) if set(found) == {"only"} else _plain(found)


def _country(typed: str, name: str) -> str:
    return ALL if typed.casefold() == ALL else country_of(typed, name)


def _number(typed: str, _name: str) -> int:
    if not (typed.isascii() and typed.isdecimal()):
        raise ValueError("a whole number in digits")
    return int(typed)


READERS: dict[str, Callable[[str, str], Any]] = {
    "day": lambda typed, _name: day_typed(typed),
    "country": _country,
    "countries": _countries,
    "places": _places,
    "goods": _goods,
    "lines": lambda typed, _name: [_line(line) for line in _lines(typed)],
    "party": _party,
    "parties": _parties,
    "listed": _listed,
    "number": _number,
}
WRITERS: dict[str, Callable[[Any], str]] = {
    "countries": ", ".join,
    "places": _places_text,
    "goods": _goods_text,
    "lines": lambda found: "\n".join(map(_line_text, found)),
    "party": _party_text,
    "parties": _parties_text,
    "listed": _listed_text,
    "number": str,
}
