"""An event in one sentence: "China suspends 46/2024 until 27 November 2026"."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection

from service.domain.claims import REDACTED
from service.domain.countries import name_of
from service.domain.event import RecordedEvent
from service.projections import OF_NOUN
from service.projections.read_model import thing
from service.projections.seen import Seen
from service.register import titles
from service.register.titles import in_words

LONGEST = 160
"""How many characters of a note or a reason a sentence repeats."""
RESTRICTIONS = {
    "suspension_extended": "extends the suspension of {thing}{until}",
    "suspended": "suspends {thing}{until}",
    "reinstated": "applies {thing} again",
    "extended": "extends {thing}{until}",
    "amended": "amends {thing}",
    "withdrawn": "withdraws {thing}",
    "repealed": "repeals {thing}",
    "quota_exhausted": "says that the quota of {thing} is used up",
    "quota_blocked": "blocks the quota of {thing}",
    "quota_reopened": "reopens the quota of {thing}",
}
LICENSES = {
    "applied": "{country} receives an application for {thing}",
    "under_review": "{country} reviews the application for {thing}",
    "denied": "{country} denies {thing}",
    "returned": "{country} returns the application for {thing}",
    "withdrawn": "The application for {thing} is withdrawn",
    "amended": "{country} amends {thing}",
    "suspended": "{country} suspends {thing}{until}",
    "reinstated": "{country} reinstates {thing}",
    "partially_revoked": "{country} revokes part of {thing}",
    "revoked": "{country} revokes {thing}",
    "surrendered": "The holder gives back {thing}",
    "renewed": "{country} renews {thing}",
}
ANSWERS = {
    "confirmed": "{by} confirms: {thing}",
    "not_confirmed": "{by} does not confirm: {thing}",
    "contradicted": "{by} contradicts: {thing}",
    "fulfilled": "What was agreed has come about: {thing}",
}

RECORDS = {
    "corrected": "Correction",
    "retracted": "Retraction",
    "repeated": "Another source",
    "redacted": "Removal of contents",
}


class Sentences:
    """Tells events of one state of the register; a thing that many of them are about is read once."""

    def __init__(self, connection: Connection, at: Seen, on: date) -> None:
        self._connection, self._at, self._on = connection, at, on
        self._thing = cache(self._read)

    def of(self, event: RecordedEvent) -> str:
        """One sentence, without its full stop."""
        noun, _, act = event.type.partition(".")
        tell: Callable[[RecordedEvent, str], str] | None = getattr(self, f"_{noun}", None)
        if event.source == REDACTED:
            return f"{event.type} of {event.stream}, of which the contents were removed"
        return tell(event, act) if tell else f"{event.type} of {event.stream}"

    def named(self, stream: str) -> str:
        """What a stream is about, by its number or title; the stream itself where all of it was retracted."""
        return self._titles(stream)[0]

    def fully_named(self, stream: str) -> str:
        """A stream's title; of a license with whom it is for, since many have the same title."""
        found = self._thing(stream)
        if found is None or not stream.startswith("license/"):
            return self.named(stream)
        who = dict.fromkeys(self.party(one.party.model_dump(by_alias=True)) for one in found.on(self._on).parties)
        return f"{self.named(stream)} ({titles.listed(who, most=3)})" if who else self.named(stream)

    def _read(self, stream: str) -> Any:
        model = OF_NOUN.get(stream.partition("/")[0])
        return thing(self._connection, model, self._at, stream) if model else None

    def _titles(self, stream: str) -> tuple[str, str]:
        """A thing's title, and the country that acts on it."""
        noun, found = stream.partition("/")[0], self._thing(stream)
        if noun == "country":
            return name_of(stream.partition("/")[2].upper()), ""
        if found is None:
            return stream, "The authority"
        if noun == "restriction":
            now = found.on(self._on)
            return titles.number(now) or titles.provision(now), name_of(found.controller)
        if noun == "license":
            return f"the {titles.lowered(titles.license_(found.on(self._on)))}", name_of(found.issuer)
        return _called(found, stream), ""

    def _who(self, data: Mapping[str, Any]) -> str:
        parties = [data.get("licensee"), *data.get("end_users", ()), *data.get("customers", ())]
        told = list(dict.fromkeys(self.party(one) for one in parties if one and not one.get("undisclosed")))
        return f" ({titles.listed(told, most=3)})" if told else ""

    def party(self, party: Mapping[str, Any]) -> str:
        """A party as a source refers to it, a registered one by its name."""
        if company := party.get("company"):
            return self.named(company)
        found = party.get("class", {})
        if relation := found.get("relation"):
            return f"{_plain(relation)} {self.named(found['company'])}"
        if country := found.get("country"):
            return f"companies of {name_of(country)}"
        return str(party.get("name") or party.get("described") or "an undisclosed party")

    def _restriction(self, event: RecordedEvent, act: str) -> str:
        about, country = self._titles(event.stream)
        data = event.data
        if act in ("announced", "proposed"):
            kind = titles.KINDS.get(str(data.get("kind")), "measure")
            agreed = " (agreed, no act seen)" if data.get("certainty") == "agreed" else ""
            verb = "proposes" if act == "proposed" else "announces"
            return f"{name_of(data['controller'])} {verb} {_instrument(data, about)}: {kind}{_start(data)}{agreed}"
        if act == "reported":
            return f"{about} is reported as {_plain(data['state'])} on {in_words(data['on'])}"
        agreed = "agrees to: " if data.get("certainty") == "agreed" else ""
        return f"{country} {agreed}{RESTRICTIONS[act].format(thing=about, until=_until(data))}"

    def _license(self, event: RecordedEvent, act: str) -> str:
        about, country = self._titles(event.stream)
        data = event.data
        if act == "granted":
            to = f" for {_place(data['destination'])}" if data.get("destination") else ""
            count = f", {data['count']['text']}" if (data.get("count") or {}).get("text") else ""
            return f"{name_of(data['issuer'])} grants {_license_type(data)}{to}{self._who(data)}{count}"
        if act == "reported":
            told = f"{about[:1].upper()}{about[1:]} is reported as {_plain(data['state'])}"
            return f"{told} on {in_words(data['on'])}{self._who(data)}"
        if act == "used":
            amount = f"{data['quantity']['value']} {data['quantity']['unit']}"
            return f"{amount} are shipped under {about} ({data['reference']})"
        return LICENSES[act].format(country=country, thing=about, until=_until(data))

    def _milestone(self, event: RecordedEvent, act: str) -> str:
        if act == "recorded":
            return _short(event.data["title"])
        by = name_of(str(event.data.get("by", "")))
        return ANSWERS[act].format(by=by, thing=self.named(event.stream))

    def _company(self, event: RecordedEvent, act: str) -> str:
        about, data = self.named(event.stream), event.data
        told = {
            "registered": lambda: f"{data['name']} ({name_of(data['country'])}) is registered",
            "identified": lambda: f"Other names or numbers of {about}",
            "renamed": lambda: f"{about} is now called {data['name']}",
            "owned": lambda: f"{self.party(data['owner'])} owns {data['share_percent']}% of {about}",
            "related": lambda: f"{about} is {_plain(data['relation'])} {self.named(data['company'])}",
        }
        return told[act]()

    def _commodity(self, event: RecordedEvent, _act: str) -> str:
        return f"Goods are defined: {event.data.get('title') or _plain(event.data['name'])}"

    def _group(self, event: RecordedEvent, _act: str) -> str:
        return f"A group of countries is defined: {event.data.get('title') or event.data.get('name') or event.stream}"

    def _note(self, event: RecordedEvent, _act: str) -> str:
        return _short(event.data["text"])

    def _record(self, event: RecordedEvent, act: str) -> str:
        data = event.data
        if act == "checked":
            return f"The sources of {name_of(data['controller'])} were looked through up to {in_words(data['through'])}"
        why = f": {_short(data['reason'])}" if data.get("reason") else ""
        what = RECORDS[act]
        return f"{what} about {self.named(event.stream)}{why}"


def _called(found: Any, stream: str) -> str:
    for name in ("title", "name"):
        if value := getattr(found, name, None):
            return str(value)
    names = getattr(found, "spelled", None)
    return str(names[0]) if names else stream


def _instrument(data: Mapping[str, Any], otherwise: str) -> str:
    instrument = data.get("instrument") or {}
    title = instrument.get("title") or data.get("provision")
    number = instrument.get("number")
    if number and title:
        return f"{number}, “{_short(title)}”"
    return number or (f"“{_short(title)}”" if title else otherwise)


def _start(data: Mapping[str, Any]) -> str:
    start = (data.get("in_force") or {}).get("from")
    return f", in force from {in_words(start)}" if start else ""


def _until(data: Mapping[str, Any]) -> str:
    through = (data.get("period") or data.get("in_force") or {}).get("through")
    return f" until {in_words(through)}" if through and through != "open" else ""


def _license_type(data: Mapping[str, Any]) -> str:
    named = titles.lowered(titles.TYPES.get(str(data.get("type", "individual")), "license"))
    return f"{'an' if named[0] in 'aeio' else 'a'} {named}"


def _place(code: str) -> str:
    return "all destinations" if code == "all" else name_of(code)


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]}…"
