"""Answers in words: how a control, a license or a reason of the API reads to a person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.text import Text

from service.commands import show
from service.domain.countries import name_of

Row = Mapping[str, Any]
NAMED = ("speaker", "office", "publisher", "title")
"""What a source is called by, from the one who speaks to the title of the text."""
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
    return show.clean(f"{day(found)}: {found['title']} {found['what'].replace('_', ' ')}") if found else ""


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
    public = f", only what was published by {_written(at['public_by'])}" if at.get("public_by") else ""
    return f"On {found['as_of']}, as known at log position {at['position']}{moment}{public}"


def _written(text: str) -> str:
    """15 June 2026."""
    found = date.fromisoformat(text)
    return f"{found.day} {found:%B} {found.year}"


def question(row: Row) -> str:
    """What was asked, without its days."""
    asked = row["question"]
    to = asked.get("final_destination") or asked.get("destination")
    way = " → ".join(part for part in (country(asked.get("controller")) or "any country", country(to)) if part)
    told = [way, commodity(asked["commodity"])]
    told += [
        f"{role.replace('_', ' ')} {party(asked.get(role))}" for role in ("exporter", "end_user") if asked.get(role)
    ]
    told += [f"{one['role']} {party(one)}" for one in asked.get("parties", ())]
    told += [f"{show.clean(asked['end_use'])} use" if asked.get("end_use") else ""]
    amount = asked.get("quantity")
    told += [f"{amount['value']} {amount['unit']}" if amount else ""]
    return " · ".join(part for part in told if part)


def outcome(row: Row) -> None:
    """The headline, then the control, the coverage and the standing in the words of the API, then the licenses."""
    show.sentence(row["headline"], "bold")
    said = Text("Control: ").append_text(show.word(row["control"])).append(". Covered by a license: ")
    said.append_text(show.word(row["covered"] or "no control to cover")).append(". Standing: ")
    said.append_text(show.word(row["standing"]))
    cause = row.get("standing_cause")
    show.sentence(said.append(f" ({show.clean(cause).replace('_', ' ')})." if cause else "."))
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
    sources = row["sources"]
    for basis in row["basis"]:
        show.sentence(f"Rests on {_provision(basis)}.")
        _quotes(basis, sources, why)
    for beneath in row["beneath"]:
        show.sentence(f"Beneath it: {_provision(beneath)}.")
    for one in row["possible"]:
        kind = one["control"].replace("_", " ")
        show.sentence(f"Possibly {kind}: {_titled(one)}: {show.clean(one['because'])}.")
        _quotes(one, sources, why)
    for one in row["licenses"]["known"]:
        named = f"{show.clean(one['title'])} ({one['license']})"
        show.sentence(f"License: {named}, {one['state'].replace('_', ' ')}; by {_tier(one)}.")
        _quotes(one, sources, why)
    for one in row["conflicts"]:
        show.sentence(f"Not followed: {_contradiction(one)} ({one['about']}).", "magenta")
        _quotes(one, sources, why)
    for one in row["inferred"]:
        show.sentence(f"By its dates alone: {change(one)}. No source confirms this since {one['unconfirmed_since']}.")
    for one in row["turns_on"]:
        show.sentence(f"What would settle it: {show.clean(one['text'])}")
    if row["next_change"]:
        show.sentence(f"Next change by a date: {change(row['next_change'])}.")
    if why and row.get("reasons"):
        reasons(row["reasons"])
    for one in row.get("counterfactuals") or ():
        would = f"{one['control'].replace('_', ' ')}, covered: {(one['covered'] or 'no control').replace('_', ' ')}"
        show.sentence(f"{show.clean(one['text']).rstrip('.')}, it would be: {would}.")


def _contradiction(found: Mapping[str, Any]) -> str:
    """What another source says, and of which act or license."""
    thing, reason = found.get("number") or found["title"], found["reason"]
    says = reason.removeprefix("it says ")
    return show.clean(f"a source says of {thing}: {says}" if says != reason else f"{thing}: {reason}")


def _provision(basis: Mapping[str, Any]) -> str:
    since = f" since {basis['since']}" if basis.get("since") else ""
    if not since and basis["state"] == "in_force":
        since = " (no source says since when)"
    return f"{_titled(basis)}, {basis['state'].replace('_', ' ')}{since}; by {_tier(basis)}"


def _titled(found: Mapping[str, Any]) -> str:
    number = f"{found['number']}, " if found.get("number") and found["number"] != found["title"] else ""
    return show.clean(f"{number}{found['title']} ({found['restriction']})")


def _tier(found: Mapping[str, Any]) -> str:
    return TIERS.get(found["tier"], str(found["tier"]))


def _quotes(part: Mapping[str, Any], sources: Mapping[str, Any], why: bool) -> None:
    """Who says so: the exact words, and where to read them."""
    for key in part["sources"] if why else part["sources"][:1]:
        one = sources[key]
        who = ", ".join(_once([str(one[name]) for name in NAMED if one.get(name)]))
        told = " ".join(part for part in (who, f"({one['published_at']})" if one.get("published_at") else "") if part)
        words = f"“{one['quote']}” " if one.get("quote") else ""
        show.sentence(f"{words}{told} {one.get('url', '')}".rstrip(), "italic", indent=2)


def _once(names: Sequence[str]) -> list[str]:
    """Each name that no other one holds: a publisher often stands in the title too, or speaks for itself."""
    others = [[other for other in names if other != one] for one in names]
    held = [any(one.casefold() in other.casefold() for other in rest) for one, rest in zip(names, others, strict=True)]
    return list(dict.fromkeys(one for one, twice in zip(names, held, strict=True) if not twice))


def understood(row: Row) -> None:
    """What the question was matched to, where that is not what was typed."""
    if row["question"].get("unknown_commodity"):
        name = show.clean(row["question"]["commodity"]["name"])
        show.sentence(f"No goods on record are called {name}: state their code by --hs or --control-code.", "bold")
    for one in row["question"].get("matched", ()):
        role = one["role"].replace("_", " ").capitalize()
        near = [f"{show.clean(two['name'])} ({two['company']}, score {two['score']})" for two in one.get("alike", ())]
        if one.get("company") and one["how"] != "company":
            show.sentence(f"{role}: taken for {show.clean(one['name'])} ({one['company']}), by its name.")
        elif near:
            show.sentence(f"{role}: not on record under this name. Names alike: {'; '.join(near)}.")


def reasons(found: Sequence[Mapping[str, Any]]) -> None:
    show.heading("Why")
    for number, one in enumerate(found, 1):
        show.sentence(f"{number}. {one['text']}", indent=0)


def footing(through: str | None, notice: str) -> None:
    """How far the record reaches, and what an answer is not."""
    reach = f"Sources are recorded up to {through}. " if through else ""
    show.sentence(f"{reach}{notice}", "dim")
