"""What a change of the OpenAPI document would break for clients that were written against the last release.

    breaking.py            compares openapi/openapi.json with openapi/released.json; what openapi/breaking.json does not
                           declare, with a reason, is a failure, and so is a declaration of what is no change
    breaking.py --release  makes the document the last release, with nothing declared

An operation may get parameters that may be left out, bodies more forms, answers more fields, words and event types.
What a client sends today must be taken tomorrow; what it reads today must be there tomorrow, in the same form.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "openapi"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# Words for people, and what tells of an answer instead of being it.
PROSE = ("description", "summary", "examples", "example", "title", "links", "tags")
LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
FORM = ("pattern", "format", "multipleOf", "uniqueItems", "propertyNames")
NULL = {"type": "null"}
Json = dict[str, Any]


def breaking(old: Json, new: Json) -> list[str]:
    """Each change that breaks a client, in a sentence that begins with its operation; sorted, none twice."""
    found = set()
    for path, before in old["paths"].items():
        after = new["paths"].get(path, {})
        for method in (name for name in METHODS if name in before):
            where = f"{method.upper()} {path}"
            if method not in after:
                found.add(f"{where}: removed")
            else:
                found |= {
                    f"{where}: {said}" for said in _Comparison(old, new).operations(before[method], after[method])
                }
    return sorted(found)


@dataclass(frozen=True)
class _Side:
    """Who writes the value decides what breaks: a client what it sends, the register what it answers."""

    sent: bool


SENT, ANSWERED = _Side(sent=True), _Side(sent=False)


class _Comparison:
    """Of one operation, in two documents."""

    def __init__(self, old: Json, new: Json) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str, bool]] = set()

    def operations(self, old: Json, new: Json) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"operationId {old.get('operationId')} is {new.get('operationId')}"
        yield from self._parameters(old, new)
        yield from self._security(old, new)
        before, after = self._at(self._old, old.get("requestBody")), self._at(self._new, new.get("requestBody"))
        if before is None and after is not None and after.get("required"):
            yield "a body is required"
        if before is not None:
            yield from self._contents("body", before, after or {}, SENT)
        yield from self._responses(old["responses"], new["responses"])

    def _parameters(self, old: Json, new: Json) -> Iterator[str]:
        before = {(one["in"], one["name"]): one for one in self._all(self._old, old.get("parameters"))}
        after = {(one["in"], one["name"]): one for one in self._all(self._new, new.get("parameters"))}
        for key, parameter in before.items():
            where = f"{key[0]} parameter {key[1]}"
            if key not in after:
                yield f"{where}: removed"
                continue
            if after[key].get("required") and not parameter.get("required"):
                yield f"{where}: required"
            yield from self._schemas(where, parameter.get("schema", {}), after[key].get("schema", {}), SENT)
        for key in after.keys() - before.keys():
            if after[key].get("required"):
                yield f"{key[0]} parameter {key[1]}: required"

    def _security(self, old: Json, new: Json) -> Iterator[str]:
        before = {json.dumps(one, sort_keys=True) for one in old.get("security", ())} or {"{}"}
        after = {json.dumps(one, sort_keys=True) for one in new.get("security", ())} or {"{}"}
        if "{}" not in after:
            yield from (f"security {one}: no longer enough" for one in before - after)

    def _responses(self, old: Json, new: Json) -> Iterator[str]:
        for status, before in old.items():
            if status not in new:
                # A refusal that can no longer happen harms nobody.
                if status.startswith("2"):
                    yield f"answer {status}: removed"
                continue
            old_answer, new_answer = self._at(self._old, before) or {}, self._at(self._new, new[status]) or {}
            yield from self._contents(f"answer {status}", old_answer, new_answer, ANSWERED)
            headers = new_answer.get("headers", {})
            yield from (
                f"answer {status}, header {n}: removed" for n in old_answer.get("headers", {}) if n not in headers
            )

    def _contents(self, where: str, old: Json, new: Json, side: _Side) -> Iterator[str]:
        for media_type, before in old.get("content", {}).items():
            after = new.get("content", {}).get(media_type)
            if after is None:
                yield f"{where}, {media_type}: removed"
            else:
                yield from self._schemas(where, before.get("schema", {}), after.get("schema", {}), side)

    def _schemas(self, where: str, old: Json | bool, new: Json | bool, side: _Side) -> Iterator[str]:
        """What no longer fits: of values that were sent, or of values that are read."""
        names = (_name(old), _name(new))
        key = (*names, side.sent)
        # A shape may hold itself; and a shape that breaks is told of once, at the first place that leads to it.
        if all(names) and key in self._seen:
            return
        self._seen.add(key)
        before, after = self._at(self._old, old), self._at(self._new, new)
        if before == after and not _leads_on(before):
            return
        before, after = _plain(before), _plain(after)
        if "oneOf" in before or "oneOf" in after:
            yield from self._unions(where, _forms(before), _forms(after), side)
            return
        yield from _types(where, before, after, side)
        yield from _words(where, before, after, side)
        yield from _bounds(where, before, after, side)
        yield from self._members(where, before, after, side)
        for part in ("items", "additionalProperties"):
            if isinstance(before.get(part), dict) and isinstance(after.get(part), dict):
                yield from self._schemas(f"{where}/*", before[part], after[part], side)
        if side.sent and "items" not in before and "items" in after:
            yield f"{where}/*: narrowed"

    def _members(self, where: str, old: Json, new: Json, side: _Side) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        required, now = set(old.get("required", ())), set(new.get("required", ()))
        # A body that may not hold what it does not name refuses what a client still sends.
        for name, schema in before.items():
            if name in after:
                yield from self._schemas(f"{where}/{name}", schema, after[name], side)
            elif not side.sent or new.get("additionalProperties") is False:
                yield f"{where}/{name}: removed"
        if side.sent:
            yield from (f"{where}/{name}: required" for name in now - required)
            if old.get("additionalProperties", True) and new.get("additionalProperties") is False:
                yield f"{where}: takes no other members"
        else:
            yield from (f"{where}/{name}: may be left out" for name in required - now if name in after)

    def _unions(self, where: str, old: list[Json], new: list[Json], side: _Side) -> Iterator[str]:
        """Each form that was taken has to be taken by some form; answers may get forms, and lose them."""
        for form in old if side.sent else new:
            others = new if side.sent else old
            same = [other for other in others if self._label(form) == self._label(other)]
            if not same:
                # What a client does not know, it passes over; but it can pass over nothing where a plain value stood.
                if side.sent or len(others) == 1 or form == NULL:
                    yield f"{where}: {'no longer' if side.sent else 'may be'} {self._label(form)}"
                continue
            pairs = [(form, other) if side.sent else (other, form) for other in same]
            yield from min((self._tried(where, pair, side) for pair in pairs), key=len)

    def _tried(self, where: str, pair: tuple[Json, Json], side: _Side) -> list[str]:
        """Of several forms only the nearest counts, so that what the others lack must not be held to be told."""
        seen = set(self._seen)
        found = list(self._schemas(where, *pair, side))
        if found:
            self._seen = seen
        return found

    @staticmethod
    def _label(form: Json) -> str:
        """What tells one form of a union from another: its name, or the word that it is told by, or its type."""
        if name := _name(form):
            return name
        words = _listed(form) or []
        return words[0] if len(words) == 1 else json.dumps(form.get("type", "anything"))

    def _at(self, document: Json, part: Any) -> Any:
        while isinstance(part, dict) and "$ref" in part:
            found: Any = document
            for step in part["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            part = found
        return part

    def _all(self, document: Json, parts: list[Any] | None) -> list[Json]:
        return [self._at(document, part) for part in parts or ()]


def _name(schema: Any) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2] if isinstance(schema, dict) else ""


def _leads_on(schema: Any) -> bool:
    return "$ref" in json.dumps(schema)


def _plain(schema: Json | bool | None) -> Json:
    """A schema without prose, a union always as `oneOf`, a list of types as a union."""
    if not isinstance(schema, dict):
        return {}
    made = {name: value for name, value in schema.items() if name not in PROSE}
    if "anyOf" in made:
        made["oneOf"] = made.pop("anyOf")
    if isinstance(made.get("type"), list):
        types = made.pop("type")
        return {"oneOf": [{**made, "type": one} for one in types]}
    return made


def _forms(schema: Json) -> list[Json]:
    """The members of a union, and of the unions within it; what is no union has one form."""
    plain = _plain(schema)
    return [form for member in plain["oneOf"] for form in _forms(member)] if "oneOf" in plain else [schema]


def _types(where: str, old: Json, new: Json, side: _Side) -> Iterator[str]:
    before, after = old.get("type"), new.get("type")
    if before == after or {before, after} == {None, "object"}:
        return
    wider = (before, after) == ("integer", "number")
    if (side.sent and (after is None or wider)) or (not side.sent and (after, before) == ("integer", "number")):
        return
    yield f"{where}: {before or 'anything'} is {after or 'anything'}"


def _words(where: str, old: Json, new: Json, side: _Side) -> Iterator[str]:
    """A list of words may get longer. A client passes over an answer's word that it does not know."""
    before, after = _listed(old), _listed(new)
    if side.sent and after is not None:
        if before is None:
            yield f"{where}: only listed words"
        else:
            yield from (f"{where}: no longer {word}" for word in before if word not in after)
    elif not side.sent and before is not None and after is None:
        yield f"{where}: any words"


def _listed(schema: Json) -> list[str] | None:
    words = schema.get("enum", [schema["const"]] if "const" in schema else None)
    return None if words is None else [json.dumps(word) for word in words]


def _bounds(where: str, old: Json, new: Json, side: _Side) -> Iterator[str]:
    tighter, looser = (old, new) if side.sent else (new, old)
    for names, sign in ((LEAST, 1), (MOST, -1)):
        for name in names:
            had, has = tighter.get(name), looser.get(name)
            if has is not None and (had is None or sign * (has - had) > 0):
                yield f"{where}: {name} {old.get(name)} is {new.get(name)}"
    for name in FORM:
        if old.get(name) != new.get(name) and (new if side.sent else old).get(name) is not None:
            yield f"{where}: {name} {old.get(name)} is {new.get(name)}"


def undeclared(found: list[str], declared: list[dict[str, str]]) -> list[str]:
    """What is wrong: changes without a declaration, declarations without a change, or without a reason."""
    said = {one["change"] for one in declared}
    return [
        *(f"breaks clients: {change}" for change in found if change not in said),
        *(f"declared, and no such change: {change}" for change in sorted(said - set(found))),
        *(f"declared without a reason: {one['change']}" for one in declared if not one.get("reason", "").strip()),
    ]


def main(arguments: list[str]) -> int:
    document = json.loads((FOLDER / "openapi.json").read_text(encoding="utf-8"))
    if arguments == ["--release"]:
        (FOLDER / "released.json").write_text(json.dumps(_bare(document), indent=1, sort_keys=True) + "\n")
        (FOLDER / "breaking.json").write_text("[]\n")
        return 0
    released = json.loads((FOLDER / "released.json").read_text(encoding="utf-8"))
    declared = json.loads((FOLDER / "breaking.json").read_text(encoding="utf-8"))
    wrong = undeclared(breaking(released, document), declared)
    if wrong:
        print("\n".join(f"openapi: {one}" for one in wrong), file=sys.stderr)
        print(
            f"openapi: held against release {released['info']['version']}. A change that has to be is declared in "
            'openapi/breaking.json: {"change": "<the sentence above>", "reason": "<why>"}.',
            file=sys.stderr,
        )
    return int(bool(wrong))


def _bare(part: Any, *, names: bool = False) -> Any:
    """A document without its prose. The members of `properties` are names of fields, whatever they are called."""
    if isinstance(part, dict):
        inside = {"properties", "patternProperties", "schemas", "paths"}
        return {
            name: _bare(value, names=not names and name in inside)
            for name, value in part.items()
            if names or name not in PROSE
        }
    return [_bare(one) for one in part] if isinstance(part, list) else part


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
