"""Events as CloudEvents 1.0, out and in. What becomes of what is told in docs/cloudevents.md.

Out, an event's payload and remarks are the CloudEvent's data; its envelope, the attributes. In, the same, and whatever
else a CloudEvent from elsewhere bears is kept among the remarks, as `ce.<name>`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import NAMESPACE_URL, uuid5

from pydantic import ValidationError

from service.api.event_shapes import EventRead
from service.api.http import trace
from service.domain import catalogue
from service.domain.event import ProposedEvent
from service.domain.invalid import MOST_ERRORS, field_errors, plain, pointer_of
from service.domain.sources import instant
from service.errors import FieldError, InvalidRequest

SPECVERSION = "1.0"
SCHEMA = {"$ref": "#/components/schemas/CloudEvent"}
SOURCE = "/v1/events"
ATTRIBUTE = re.compile(r"[a-z0-9]{1,60}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NAME = r"(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})"
_PART = rf"(?:{_NAME}|[:@/])"
_HOST = rf"(?:(?:{_NAME}|:)*@)?(?:\[[0-9A-Fa-fv:.]+\]|{_NAME}*)(?::[0-9]*)?(?=[/?#]|$)"
URI_REFERENCE = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.-]*:|(?![^/?#]*:))(?://{_HOST}|(?!//)){_PART}*(?:\?(?:{_PART}|\?)*)?(?:#(?:{_PART}|\?)*)?"
)
"""RFC 3986, appendix A. Without a scheme the first segment of a path has no colon."""
JSON_TYPE = re.compile(r"application/json\s*(;.*)?", re.ASCII | re.IGNORECASE)
COMPONENT = {
    "title": "CloudEvent",
    "description": "An event as a CloudEvent 1.0. Other attributes may be sent; they are kept among its remarks.",
    "additionalProperties": True,
    "type": "object",
    "properties": {
        "specversion": {"type": "string", "const": SPECVERSION},
        "id": {"type": "string", "minLength": 1, "description": "A UUID, or a name that is the sender's own."},
        "source": {"type": "string", "minLength": 1, "format": "uri-reference"},
        "type": {"type": "string", "minLength": 1, "description": "The event's type."},
        "subject": {"type": "string", "description": "The event's stream."},
        "time": {"type": "string", "format": "date-time"},
        "dataschema": {"type": "string", "format": "uri"},
        "datacontenttype": {"type": "string"},
        "effective": {"type": "string"},
        "data": {
            "type": "object",
            "properties": {name: {"type": "object"} for name in ("data", "source", "metadata")},
            "required": ["data", "source"],
            "additionalProperties": False,
        },
    },
    "required": ["specversion", "id", "source", "type", "subject", "data"],
}
OF_THE_LOG = ("time", "sequence", "streamversion", "actor", "hash", "dataschema")
"""What the log says of an event. It comes back with a CloudEvent of this register's own, and says nothing new then."""
NAMES = {"stream": "subject", "expected_version": "expectedversion", "schema_version": "schemaversion"}
"""What is named otherwise in a CloudEvent."""
NUMBERS = ("expected_version", "schema_version")
READ_HERE = ("specversion", "id", "source", "type", "subject", "datacontenttype", "data", "effective", *NAMES.values())


@dataclass(frozen=True, slots=True)
class Home:
    """What tells the events that this register gave: the address that was set for it, and hashes in its log, by id."""

    public_url: str
    hashes: Mapping[str, str]

    def gave(self, sent: Mapping[str, Any]) -> bool:
        """Without an address every register has the same source, so that only the log can tell them apart."""
        if self.public_url and sent["source"] == self.public_url + SOURCE:
            return True
        recorded = self.hashes.get(sent["id"].lower())
        return recorded is not None and recorded == sent.get("hash")


def claimed(sent: Any) -> list[str]:
    """The ids of the CloudEvents, of one or of a batch, that say which hash a log has for them."""
    each = sent if isinstance(sent, list) else [sent]
    ids = [str(one.get("id")).lower() for one in each if isinstance(one, Mapping) and one.get("hash")]
    return [one for one in ids if UUID.fullmatch(one)]


def written(event: EventRead, public_url: str) -> dict[str, Any]:
    """An event as a CloudEvent. The source is this register's address, relative where it has been given none."""
    read = event.model_dump(mode="json")
    metadata = dict(read["metadata"])
    traceparent = metadata.pop("traceparent", None)
    attributes = {
        "specversion": SPECVERSION,
        "id": event.id,
        "source": public_url + SOURCE,
        "type": event.type,
        "subject": event.stream,
        "time": read["recorded_at"],
        "datacontenttype": "application/json",
        "dataschema": f"{public_url}/v1/schemas/{event.type}/{event.schema_version}" if public_url else None,
        "sequence": f"{event.position:016d}",
        "streamversion": event.version,
        "schemaversion": event.schema_version,
        "effective": event.effective,
        "actor": event.actor,
        "hash": event.hash,
        "traceparent": traceparent,
    }
    data = {"data": event.data, "source": event.source} | ({"metadata": metadata} if metadata else {})
    return {name: value for name, value in attributes.items() if value is not None} | {"data": data}


def proposed(sent: Any, home: Home, where: str = "") -> ProposedEvent:
    """The event that a CloudEvent proposes. Raises InvalidRequest, its pointers beginning with `where`."""
    faults = list(_faults(sent))
    if not faults:
        posted = _posted(sent, home.gave(sent))
        try:
            return catalogue.propose(posted)
        except ValidationError as invalid:
            found = field_errors(invalid, posted)
            faults = [FieldError(pointer_to(fault.pointer), fault.detail) for fault in found]
    faults = [FieldError(where + fault.pointer, fault.detail) for fault in faults[:MOST_ERRORS]]
    raise InvalidRequest("The CloudEvent is not valid.", faults)


def _faults(sent: Any) -> Iterator[FieldError]:
    """What CloudEvents asks for, and data of a form that can be told apart."""
    if not isinstance(sent, dict):
        yield FieldError("", "a CloudEvent is a JSON object")
        return
    if sent.get("specversion") != SPECVERSION:
        yield FieldError("/specversion", f'the version of CloudEvents that is read here, a text: "{SPECVERSION}"')
    for name in ("id", "source", "type"):
        if not (isinstance(sent.get(name), str) and sent[name]):
            yield FieldError(f"/{name}", "required, and must be text")
    if isinstance(sent.get("source"), str) and not URI_REFERENCE.fullmatch(sent["source"]):
        yield FieldError("/source", "a URI reference (RFC 3986), without blanks: https://desk.example/feeds")
    if not JSON_TYPE.fullmatch(str(sent.get("datacontenttype") or "application/json")):
        yield FieldError("/datacontenttype", "the data is application/json")
    if not _is_instant(sent.get("time")):
        yield FieldError("/time", "an RFC 3339 instant with its offset")
    for name, value in sent.items():
        if name == "data_base64":
            yield FieldError("/data_base64", "binary data is not read here: send data, a JSON object")
        elif not ATTRIBUTE.fullmatch(name):
            yield FieldError(pointer_of([name]), "an attribute name has at most 60 lower-case letters and digits")
        elif name != "data" and not isinstance(value, str | int | None):
            yield FieldError(pointer_of([name]), "must be a string, a whole number, true or false")
    yield from _data_faults(sent.get("data"))


def _data_faults(data: Any) -> Iterator[FieldError]:
    if not isinstance(data, dict):
        yield FieldError("/data", "an object with data and source, as an event has them")
        return
    for name in data.keys() - {"data", "source", "metadata"}:
        yield FieldError(pointer_of(["data", name]), "unknown field; use data, source or metadata")
    if not isinstance(data.get("metadata", {}), dict):
        yield FieldError("/data/metadata", "must be an object")


def _is_instant(text: Any) -> bool:
    try:
        return text is None or instant(text) is not None
    except (TypeError, ValueError):
        return False


def _posted(sent: Mapping[str, Any], own: bool) -> dict[str, Any]:
    """A CloudEvent as a client would have posted it otherwise. A null attribute is none."""
    said = {name: value for name, value in sent.items() if value is not None}
    data = said["data"]
    posted = {name: data[name] for name in ("data", "source") if name in data}
    posted |= {name: said[name] for name in ("type", "effective") if name in said}
    posted |= {name: said[other] for name, other in NAMES.items() if other in said}
    posted |= {name: int(posted[name]) for name in NUMBERS if _digits(posted.get(name))}
    posted["id"] = _id(said)
    remarks = {} if own else {"ce.source": said["source"]}
    if posted["id"] != said["id"].lower():
        remarks["ce.id"] = said["id"]
    if trace.valid(str(said.get("traceparent", ""))):
        remarks["traceparent"] = said["traceparent"]
    passed_over = {*READ_HERE, "traceparent", *(OF_THE_LOG if own else ())}
    remarks |= {f"ce.{name}": value for name, value in said.items() if name not in passed_over}
    return posted | {"metadata": data.get("metadata", {}) | remarks}


def _digits(value: Any) -> bool:
    """A header is a text, whatever it means."""
    return isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 16


def _id(said: Mapping[str, Any]) -> str:
    """The event's id: the CloudEvent's where that is a UUID, else one that follows from its source and its id."""
    given: str = said["id"].lower()
    return given if UUID.fullmatch(given) else str(uuid5(NAMESPACE_URL, f"{said['source']} {said['id']}"))


def pointer_to(pointer: str) -> str:
    """Where in a CloudEvent stands what a pointer means in an event."""
    _, _, path = pointer.partition("/")
    name, _, rest = path.partition("/")
    if name == "metadata" and rest.startswith(("ce.", "traceparent")):
        return f"/{rest.removeprefix('ce.')}"
    if name in ("data", "source", "metadata"):
        return f"/data{pointer}"
    return pointer.replace(name, NAMES[name], 1) if name in NAMES else pointer


def header_of(pointer: str) -> str:
    """The same in binary mode: the body holds the data alone, and each attribute is a header."""
    if pointer == "/data" or pointer.startswith("/data/"):
        return pointer.removeprefix("/data")
    if pointer == "":
        return "headers"
    return "content-type" if pointer == "/datacontenttype" else f"ce-{pointer.removeprefix('/')}"


def in_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The attributes of a CloudEvent in binary mode. Raises InvalidRequest for a header that says none, or again."""
    found: dict[str, str] = {}
    for raw_name, raw in headers:
        if raw_name.startswith(b"ce-"):
            name, value = raw_name.decode("latin-1"), raw.decode("latin-1")
            attribute = name.removeprefix("ce-")
            if attribute in found or attribute == "data":
                fault = FieldError(_named(name), "each attribute once; the data is the body")
                raise InvalidRequest("A header cannot be read.", [fault])
            found[attribute] = _decoded(name, value)
    return found


def _named(header: str) -> str:
    return header if plain(header) else "headers"


def _decoded(name: str, value: str) -> str:
    try:
        value.encode("ascii")
        return unquote(value, errors="strict")
    except UnicodeError as unread:
        fault = FieldError(_named(name), "ASCII, and all else percent-encoded as UTF-8")
        raise InvalidRequest("A header cannot be read.", [fault]) from unread
