"""Answers in words: how a control, a license or a reason of the API reads to a person."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from service.commands import show
from service.domain.countries import name_of
from service.register.explain import CONCLUSIONS

Row = Mapping[str, Any]
TIERS = {
    "issuer_text": "the authority's own text",
    "issuer_statement": "a statement of the authority",
    "other_official": "another government",
    "holder": "the company itself",
    "press_named": "the press, naming its source",
    "press_anonymous": "the press, without naming its source",
    "commentary": "a commentary",
}


def country(code: str | None) -> str:
    return show.clean(name_of(code)) if code else ""


def commodity(found: Mapping[str, Any]) -> str:
    """Its name or codes in one line."""
    named = [found.get("name"), _coded("HS", found.get("hs")), _coded("control code", found.get("control_code"))]
    named += [_coded("CAS", found.get("cas")), found.get("description")]
    stated = ", ".join(f"{name} {value}" for name, value in (found.get("parameters") or {}).items())
    text = ", ".join(show.clean(one) for one in named if one)
    return f"{text} ({show.clean(stated)})" if stated else text


def _coded(kind: str, code: str | None) -> str | None:
    return f"{kind} {code}" if code else None


def party(found: Mapping[str, Any] | None) -> str:
    if not found:
        return ""
    if members := found.get("class"):
        kin = f"{members['relation']} {members['company']}" if members.get("relation") else "companies"
        return show.clean(f"{kin} of {country(members['country'])}" if members.get("country") else kin)
    label = found.get("company") or found.get("name") or found.get("described") or "a party that is not named"
    return show.clean(f"{label} ({found['country']})" if found.get("country") else label)


def licenses(found: Mapping[str, Any]) -> str:
    """How many are known, in a cell."""
    official, reported = found["official"]["min"], found["reported"]["min"]
    parts = [f"{official} or more" if official else "", f"{reported} or more reported" if reported else ""]
    return ", ".join(part for part in parts if part)


def change(found: Mapping[str, Any] | None) -> str:
    """The next change by a date alone."""
    return show.clean(f"{day(found)}: {found['about']} {found['what'].replace('_', ' ')}") if found else ""


def day(found: Mapping[str, Any]) -> str:
    """Bounds of a day, both included."""
    earliest, latest = found.get("earliest"), found.get("latest")
    if earliest == latest:
        return str(earliest or "some day")
    if earliest and latest:
        return f"{earliest} to {latest}"
    return f"{earliest} or later" if earliest else f"by {latest}"


def knowledge(found: Mapping[str, Any]) -> str:
    at = found["known_at"]
    moment = f" ({str(at['instant'])[:19].replace('T', ' ')} UTC)" if at.get("instant") else ""
    return f"On {found['as_of']}, as known at log position {at['position']}{moment}"


def question(row: Row) -> str:
    """What was asked, without its days."""
    to = row.get("final_destination") or row.get("destination")
    way = " → ".join(part for part in (country(row.get("controller")) or "any country", country(to)) if part)
    asked = [way, commodity(row["commodity"])]
    asked += [f"{role.replace('_', ' ')} {party(row.get(role))}" for role in ("exporter", "end_user") if row.get(role)]
    asked += [f"{show.clean(row['end_use'])} use" if row.get("end_use") else ""]
    amount = row.get("quantity")
    asked += [f"{amount['value']} {amount['unit']}" if amount else ""]
    return " · ".join(part for part in asked if part)


def conclusion(row: Row) -> Text:
    control = str(row["control"])
    return Text(CONCLUSIONS.get(control, show.clean(control)), style=show.STYLES.get(control, "") or "bold")


def outcome(row: Row) -> None:
    """The conclusion, the coverage and the standing, each a sentence."""
    show.sentence(conclusion(row))
    covered = Text("Covered by a license: ").append_text(show.word(row["covered"])).append(". Standing: ")
    covered.append_text(show.word(row["standing"]))
    show.sentence(covered.append(f" ({show.clean(row['standing_cause'])})." if row.get("standing_cause") else "."))
    known = row["licenses"]
    for who, count in (("by an authority or a holder", known["official"]), ("by the press", known["reported"])):
        if count["min"]:
            words = f' ("{show.clean(count["text"])}")' if count.get("text") else ""
            show.sentence(f"Licenses known {who}: {_range(count)}{words}.")


def _range(count: Mapping[str, Any]) -> str:
    if count.get("max") is None:
        return f"at least {count['min']}"
    return str(count["min"]) if count["max"] == count["min"] else f"{count['min']} to {count['max']}"


def details(row: Row, *, why: bool) -> None:
    """All of an answer that a person asks for next: what it rests on, what leaves it open, what comes."""
    for basis in row["basis"]:
        show.sentence(f"Rests on {_provision(basis)}.")
        _quotes(basis["said_by"], why)
    for one in row["licenses"]["known"]:
        show.sentence(f"License {show.clean(one['license'])}, state {one['state'].replace('_', ' ')}; by {_tier(one)}.")
        _quotes(one["said_by"], why)
    for one in row["possible"]:
        kind = one["control"].replace("_", " ")
        show.sentence(f"Possibly {kind} ({show.clean(one['restriction'])}): {show.clean(one['because'])}.")
    for one in row["conflicts"]:
        show.sentence(f"Contradicted, and not followed: {show.clean(one['reason'])} ({one['about']}).", "magenta")
    for one in row["inferred"]:
        show.sentence(f"Inferred from a date alone: {change(one)}; unconfirmed since {one['unconfirmed_since']}.")
    if row["next_change"]:
        show.sentence(f"Next change by a date: {change(row['next_change'])}.")
    if why:
        reasons(row["reasons"])
    for one in row.get("counterfactuals") or ():
        would = f"{one['control'].replace('_', ' ')}, covered: {one['covered'].replace('_', ' ')}"
        show.sentence(f"{show.clean(one['text']).rstrip('.')}, it would be: {would}.")


def _provision(basis: Mapping[str, Any]) -> str:
    instrument = basis.get("instrument") or {}
    title = instrument.get("title") or instrument.get("number") or basis["restriction"]
    since = f"since {basis['since']}" if basis.get("since") else "since a day that nobody stated"
    named = f"{title} ({basis['restriction']})" if title != basis["restriction"] else title
    return show.clean(f"{named}, {basis['state'].replace('_', ' ')} {since}; by {_tier(basis)}")


def _tier(found: Mapping[str, Any]) -> str:
    return TIERS.get(found["tier"], str(found["tier"]))


def _quotes(said: Sequence[Mapping[str, Any]], why: bool) -> None:
    for one in said if why else said[:1]:
        who = ", ".join(str(part) for part in (one["speaker"], one["office"], one["publisher"]) if part)
        told = " ".join(part for part in (who, f"({one['published_at']})" if one["published_at"] else "") if part)
        if one["quote"]:
            show.sentence(f"“{one['quote']}” {told}".rstrip(), "italic", indent=2)


def reasons(found: Sequence[Mapping[str, Any]]) -> None:
    show.heading("Why")
    for number, one in enumerate(found, 1):
        show.sentence(f"{number}. {one['text']}", indent=0)


def footing(row: Row) -> None:
    """How far the record reaches, and what an answer is not."""
    through = row.get("recorded_through")
    reach = f"Sources are recorded up to {through}. " if through else ""
    show.sentence(f"{reach}{row['notice']}", "dim")
