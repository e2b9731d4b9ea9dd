"""The Consolidated Screening List of the United States, as its JSON file is published.

`results` holds an entry for each party of each list: name, alt_names, addresses with their country, source,
federal_register_notice, start_date, end_date, license_policy. `sources_used` says of which day each list is.
"""

import re
from collections.abc import Mapping
from typing import Any

from service.errors import FieldError, InvalidRequest
from service.lists.entries import MOST_ENTRIES, Edition, Entry, country, day, limited, once
from service.register import strict_json

SOURCE = re.compile(r"(?P<title>[^()]+?)\s*\((?P<code>[A-Z-]+)\)")
"""What `source` looks like: "Entity List (EL) - Bureau of Industry and Security"."""


def editions(raw: bytes) -> list[Edition]:
    """The lists that the file consolidates, by their code. Raises MalformedRequest, InvalidRequest."""
    found = strict_json.loads(limited(raw))
    results = found.get("results") if isinstance(found, dict) else None
    if not isinstance(results, list) or len(results) > MOST_ENTRIES:
        raise InvalidRequest(f"A Consolidated Screening List has `results`, with at most {MOST_ENTRIES} entries.")
    days = _days(found)
    entries: dict[tuple[str, str], list[Entry]] = {}
    for at, result in enumerate(results):
        list_, entry = _entry(result, f"/results/{at}")
        entries.setdefault(list_, []).append(entry)
    return [Edition(code, title, days.get(code), tuple(held)) for (code, title), held in sorted(entries.items())]


def _days(found: Mapping[str, Any]) -> dict[str, str]:
    """By list, the day of the edition, as far as the file says it. What cannot be read is as good as not said."""
    days = {}
    for used in found.get("sources_used") or ():
        named = _list(used.get("source")) if isinstance(used, dict) else None
        updated = str(used.get("source_last_updated") or "")[:10] if named else ""
        if named and re.fullmatch(r"\d{4}-\d{2}-\d{2}", updated, re.ASCII):
            days[named[0]] = updated
    return days


def _list(source: object) -> tuple[str, str] | None:
    found = SOURCE.match(source) if isinstance(source, str) else None
    return (found["code"], found["title"].strip()) if found else None


def _entry(result: Any, where: str) -> tuple[tuple[str, str], Entry]:
    list_ = _list(result.get("source")) if isinstance(result, dict) else None
    names = once([result.get("name"), *(result.get("alt_names") or ())]) if list_ else ()
    if list_ is None or not names:
        raise InvalidRequest(
            "An entry has a name, and a source with the code of its list in brackets.",
            [FieldError(where, "not an entry of a Consolidated Screening List")],
        )
    return list_, Entry(
        name=names[0],
        aliases=names[1:],
        countries=_countries(result),
        first=day(result.get("start_date"), f"{where}/start_date"),
        last=day(result.get("end_date"), f"{where}/end_date"),
        notice=_text(result.get("federal_register_notice")),
        policy=_text(result.get("license_policy")),
        url=_text(result.get("source_list_url")),
    )


def _countries(result: Mapping[str, Any]) -> tuple[str, ...]:
    """Where its addresses are; an entry of the older form has a country of its own."""
    stated = [address.get("country") for address in result.get("addresses") or () if isinstance(address, dict)]
    codes = [country(one) for one in (result.get("country"), *stated)]
    return tuple(dict.fromkeys(code for code in codes if code))


def _text(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
