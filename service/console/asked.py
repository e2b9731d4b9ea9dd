"""From what somebody typed into the form to a question, and back. A form is read from the query of an address, so that
an answer can be shared."""

import re
from collections.abc import Iterable, Mapping

from pydantic import ValidationError
from rapidfuzz import fuzz, process

from service.console.words import ASKED
from service.domain.commodity.match import control_code_of, hs_digits
from service.domain.commodity.names import called, words
from service.domain.company.search import search
from service.domain.countries import names
from service.domain.invalid import field_errors
from service.errors import FieldError, InvalidRequest
from service.projections import companies
from service.projections.read_model import of_streams, thing
from service.register.known import Known
from service.register.shapes import Question

Given = dict[str, str]
"""What the form holds: the fields that are filled in, as they were typed."""

COUNTRIES = {
    "from": "controller",
    "to": "destination",
    "final": "final_destination",
    "origin": "origin",
    "shipped_from": "shipped_from",
}
"""The fields that name a country, each with its place in a question."""
PLAIN = {"use": "end_use", "content": "content_percent", "on": "as_of", "public_by": "public_by"}
FIELDS = (
    *("goods", "hs", "code", *COUNTRIES, *PLAIN, "known_at"),
    *("for", "for_country", "exporter", "exporter_country"),
)
PARAMETER = "is."
"""What the name of a field begins with that states a technical parameter of the goods."""
PLACES = {
    "commodity.name": "goods",
    "commodity.hs": "hs",
    "commodity.control_code": "code",
    "end_user": "for",
    "exporter": "exporter",
    **{place: name for name, place in (*COUNTRIES.items(), *PLAIN.items())},
}
"""The field for each place of a question that an answer may turn on."""
PLAIN_QUESTION = frozenset({"goods", "from", "to", "for", "use", "on"})
"""The fields that are always in sight."""
LONGEST = 200
MOST_FIELDS = 40
CONTROL_CODE = re.compile(r"[0-9][A-Za-z][0-9]{3}[0-9A-Za-z.]{0,10}")
LEAST_LIKE = 60
MOST_ALIKE = 5
"""How many companies are told whose names are alike."""
NOT_IN_A_NAME = re.compile(r"[^a-z0-9_]+")


def given_of(sent: Iterable[tuple[str, str]]) -> Given:
    """The fields that are filled in. One that is not known is refused: passing over it would change the answer."""
    found = {name: value.strip() for name, value in sent if value.strip()}
    faults = [FieldError(_shown(name), "there is no such field") for name in found if not _is_field(name)]
    faults += [
        FieldError(_shown(name), f"at most {LONGEST} characters, none of them for control")
        for name, value in found.items()
        if len(value) > LONGEST or not value.isprintable()
    ]
    if faults or len(found) > MOST_FIELDS:
        raise InvalidRequest("The form cannot be read.", faults[:20])
    return found


def _is_field(name: str) -> bool:
    return name in FIELDS or (name.startswith(PARAMETER) and name.removeprefix(PARAMETER).isidentifier())


def _shown(name: str) -> str:
    return name if name.isprintable() and len(name) <= LONGEST else "query"


def more_open(given: Iterable[str], faults: Iterable[str]) -> bool:
    """Whether a field is filled in, or at fault, that is folded otherwise."""
    return any(name not in PLAIN_QUESTION and not name.startswith(PARAMETER) for name in (*given, *faults))


def field_for(ask: str) -> str | None:
    """The field of the form for a place of a question; None where the form has none."""
    if ask.startswith("commodity.parameters."):
        return f"{PARAMETER}{ask.removeprefix('commodity.parameters.')}"
    return PLACES.get(ask)


def label_for(ask: str) -> str:
    if ask.startswith("commodity.parameters."):
        name = ask.removeprefix("commodity.parameters.")
        what = name.removesuffix("_percent").replace("_", " ").capitalize()
        return f"{what} (%)" if name.endswith("_percent") else what
    return ASKED.get(ask, ask.rpartition(".")[2].replace("_", " ").capitalize())


def question_of(given: Given, known: Known) -> Question:
    """The question that a form asks. Raises InvalidRequest, its pointers the names of fields."""
    asked: dict[str, object] = {"commodity": _commodity(given, known)}
    asked |= {place: country_of(given[name], name) for name, place in COUNTRIES.items() if name in given}
    asked |= {place: given[name] for name, place in PLAIN.items() if name in given}
    asked |= {"end_use": _use(given["use"])} if "use" in given else {}
    if position := given.get("known_at"):
        asked["known_at"] = int(position) if position.isascii() and position.isdecimal() else position
    for name, role, home in (("for", "end_user", "destination"), ("exporter", "exporter", "controller")):
        if name in given:
            asked[role] = _party(given[name], given.get(f"{name}_country"), str(asked.get(home) or ""), known, name)
    try:
        return Question.model_validate(asked)
    except ValidationError as invalid:
        faults = [FieldError(_field_at(one.pointer), one.detail) for one in field_errors(invalid, asked, "")]
        raise InvalidRequest("The question cannot be read.", faults) from invalid


def _field_at(pointer: str) -> str:
    place = pointer.strip("/").replace("/", ".")
    return field_for(place) or field_for(place.partition(".")[0]) or "goods"


def _use(text: str) -> str:
    return NOT_IN_A_NAME.sub("_", text.casefold()).strip("_")


def _commodity(given: Given, known: Known) -> dict[str, object]:
    told: dict[str, object] = {}
    if text := given.get("goods"):
        told |= goods_in(text, known)
    told |= {"hs": given["hs"]} if "hs" in given else {}
    told |= {"control_code": given["code"]} if "code" in given else {}
    parameters = {name.removeprefix(PARAMETER): value for name, value in given.items() if name.startswith(PARAMETER)}
    return told | ({"parameters": parameters} if parameters else {})


def goods_in(text: str, known: Known) -> dict[str, object]:
    """Goods as somebody types them: a customs code, a control code, or a name, a title or another word for them."""
    if hs_digits(text).isdecimal():
        return {"hs": text}
    if CONTROL_CODE.fullmatch(code := control_code_of(text)):
        return {"control_code": code.upper()}
    meant = words(text)
    for name in known.goods:
        if meant in map(words, called(known.defined.commodities.meaning(name))):
            return {"name": name}
    return {"name": NOT_IN_A_NAME.sub("_", text.casefold()).strip("_")[:100]}


def country_of(text: str, field: str) -> str:
    """A country by its code or its name. Raises InvalidRequest with the names that are alike."""
    if text.upper() in names():
        return text.upper()
    code = next((code for code, name in names().items() if name.casefold() == text.casefold()), None)
    if code is None:
        alike = [names()[one] for one in countries_like(text, 3)]
        hint = f"Did you mean {', '.join(alike)}?" if alike else "Write its name in English, or its code: IN."
        unknown = f"No country is called {text}."
        raise InvalidRequest(unknown, [FieldError(field, f"{unknown} {hint}")])
    return code


def countries_like(text: str, most: int, alike_from: int = LEAST_LIKE) -> list[str]:
    """The codes of the countries whose names begin with a text, or are alike; the nearest first."""
    exact = [text.upper()] if text.upper() in names() else []
    small = {code: name.casefold() for code, name in names().items()}
    begins = [code for code, name in small.items() if name.startswith(text.casefold())]
    alike = process.extract(text.casefold(), small, scorer=fuzz.WRatio, score_cutoff=alike_from, limit=most)
    return list(dict.fromkeys([*exact, *begins, *(code for _, _, code in alike)]))[:most]


def _party(text: str, country: str | None, home: str, known: Known, field: str) -> Mapping[str, object]:
    """A company by its stream or its name. Its country: as stated, else that of the one company on record that has the
    very name, else the one where the goods go to, or come from."""
    if text.startswith("company/"):
        return {"company": text}
    stated = country_of(country, f"{field}_country") if country else _home_of(text, known) or home
    if not stated:
        detail = "State the company's country: no company on record has this very name."
        raise InvalidRequest("The company's country is not stated.", [FieldError(field, detail)])
    return {"name": text, "country": stated}


def _home_of(text: str, known: Known) -> str | None:
    spelled = companies.names_like(known.connection, known.at.seen, text, MOST_ALIKE)
    same = [hit.stream for hit in search(text, spelled, MOST_ALIKE) if hit.how == "same"]
    homes = {one.country for one in of_streams(known.connection, companies.MODEL, known.at.seen, same).values()}
    return homes.pop() if len(homes) == 1 else None


def company_in(text: str, known: Known) -> str:
    """The stream of a company by itself, its id, or its very name. Raises InvalidRequest with names that are alike."""
    if text.startswith("company/"):
        return text
    if thing(known.connection, companies.MODEL, known.at.seen, f"company/{text}"):
        return f"company/{text}"
    spelled = companies.names_like(known.connection, known.at.seen, text, MOST_ALIKE)
    hits = search(text, spelled, MOST_ALIKE)
    same = list(dict.fromkeys(hit.stream for hit in hits if hit.how == "same"))
    if len(same) == 1:
        return same[0]
    alike = ", ".join(dict.fromkeys(hit.stream for hit in hits))
    detail = f"Did you mean {alike}?" if alike else "No company on record is called so."
    raise InvalidRequest("The company is not on record.", [FieldError("company", detail)])
