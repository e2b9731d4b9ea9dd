"""Past facts in the words of the field, and a register that is told them and asked about them over HTTP.

Every event carries an id of its own, so that a later one can correct, retract or repeat it. A fact counts as published
on the day it speaks of, where that is a plain day and nothing else is said.
"""

import json
import re
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from service.app import create_app, open_register
from service.errors import Refused
from service.register.ask import answer
from service.register.known import Known
from service.register.post import posted_of
from service.register.shapes import NOTICE, Question
from service.settings import Settings
from tests.client import TestClient

Event = dict[str, Any]
Answer = dict[str, Any]

MAGNETS = {"name": "rare_earth_magnets"}
GALLIUM = {"name": "gallium"}
JAY = {"name": "Jay Ushin", "country": "IN"}
HELLA = {"name": "Hella", "country": "DE"}
ANY_DAY = "2025-07-01"
"""A day on which the measures and licenses below are in force, unless a test says otherwise."""

CONTROL_OF_KIND = {
    "prohibition": "prohibited",
    "presumption_of_denial": "presumption_of_denial",
    "quota": "quota",
    "licensing": "license_required",
    "conditional": "conditional",
    "notification": "notification",
}
"""From the strictest to the mildest."""


def fact(
    stream: str,
    kind: str,
    data: dict[str, Any],
    *,
    effective: str | None = None,
    tier: str = "issuer_text",
    published: str | None = None,
    **source: Any,
) -> Event:
    if published is None:
        published = next((day for day in (effective, data.get("on")) if day and _plain(day)), "2025-04-04")
    posted = {
        "id": str(uuid.uuid4()),
        "stream": stream,
        "type": kind,
        "data": data,
        "source": {"tier": tier, "title": f"A text about {stream}", "published_at": published, **source},
    }
    return posted | ({"effective": effective} if effective else {})


def _plain(day: str) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) is not None


def period(start: str | None, through: str | None = None) -> dict[str, str | None]:
    return {"from": start, "through": through}


def announced(
    slug: str,
    *,
    kind: str = "licensing",
    controller: str = "CN",
    commodities: Sequence[dict[str, Any]] = (MAGNETS,),
    destinations: Any = "all",
    in_force: dict[str, str | None] | None = period("2025-04-04"),  # noqa: B008 - nobody changes it
    on: str = "2025-04-01",
    authority: str | None = None,
    said: dict[str, Any] | None = None,
    **scope: Any,
) -> Event:
    """A provision that its authority announced; `said` is about the source."""
    data: dict[str, Any] = {
        "kind": kind,
        "controller": controller,
        "scope": {"destinations": destinations, "commodities": list(commodities), **scope},
        "announced_on": on,
    }
    if in_force is not None:
        data["in_force"] = in_force
    if authority is not None:
        data["instrument"] = {"authority": authority}
    return fact(f"restriction/{slug}", "restriction.announced", data, effective=on, **(said or {}))


def reported(slug: str, state: str, on: str, said: dict[str, Any] | None = None, **data: Any) -> Event:
    """A report of how a restriction stood on a day."""
    return fact(f"restriction/{slug}", "restriction.reported", {"state": state, "on": on, **data}, **(said or {}))


def reported_measure(slug: str, state: str, on: str, said: dict[str, Any] | None = None, **scope: Any) -> Event:
    """A report that is all that is known of a restriction, so that it says what is restricted."""
    described = {"destinations": "all", "commodities": [MAGNETS]} | scope
    return reported(slug, state, on, said, kind="licensing", controller="CN", scope=described)


def suspended(slug: str, start: str, through: str | None, **said: Any) -> Event:
    stream, data = f"restriction/{slug}", {"period": period(start, through)}
    return fact(stream, "restriction.suspended", data, **({"effective": start} | said))


def repealed(slug: str, on: str, superseded_by: str | None = None, **said: Any) -> Event:
    data = {"superseded_by": f"restriction/{superseded_by}"} if superseded_by else {}
    return fact(f"restriction/{slug}", "restriction.repealed", data, effective=on, **said)


def granted(
    slug: str,
    *end_users: dict[str, Any],
    on: str = "2025-05-01",
    validity: dict[str, str | None] | None = period("2025-05-01", "open"),  # noqa: B008 - nobody changes it
    commodities: Sequence[dict[str, Any]] = (MAGNETS,),
    said: dict[str, Any] | None = None,
    **data: Any,
) -> Event:
    """A license of China's for India, unless `data` says otherwise."""
    told: dict[str, Any] = {
        "type": "individual",
        "issuer": "CN",
        "origin": "CN",
        "destination": "IN",
        "end_users": list(end_users),
        "lines": [{"commodity": commodity} for commodity in commodities],
    }
    if validity is not None:
        told["validity"] = validity
    return fact(f"license/{slug}", "license.granted", told | data, effective=on, **(said or {}))


def license_reported(
    slug: str, state: str, on: str, *end_users: dict[str, Any], said: dict[str, Any] | None = None, **data: Any
) -> Event:
    told: dict[str, Any] = {"state": state, "on": on, "issuer": "CN", "destination": "IN"}
    told |= {"end_users": list(end_users), "lines": [{"commodity": MAGNETS}]} if end_users else {}
    return fact(f"license/{slug}", "license.reported", told | data, **(said or {}))


def revoked(slug: str, on: str, **said: Any) -> Event:
    return fact(f"license/{slug}", "license.revoked", {}, effective=on, **said)


def used(slug: str, reference: str = "shipment-1") -> Event:
    data = {"reference": reference, "day": "2025-06-01", "quantity": {"value": "10", "unit": "KGM"}, "line": 1}
    return fact(f"license/{slug}", "license.used", data)


def registered(slug: str, name: str, country: str, **more: Any) -> Event:
    return fact(f"company/{slug}", "company.registered", {"name": name, "country": country, **more})


def identified(slug: str, **data: Any) -> Event:
    return fact(f"company/{slug}", "company.identified", data)


def renamed(slug: str, name: str, on: str, **said: Any) -> Event:
    return fact(f"company/{slug}", "company.renamed", {"name": name}, effective=on, **said)


def owned(slug: str, owner: dict[str, Any], share: str, on: str | None = "2020-01-01", **said: Any) -> Event:
    data = {"owner": owner, "share_percent": share}
    return fact(f"company/{slug}", "company.owned", data, effective=on, **said)


def related(slug: str, relation: str, to: str, during: dict[str, str | None] | None = None, **said: Any) -> Event:
    data: dict[str, Any] = {"relation": relation, "company": f"company/{to}"}
    return fact(f"company/{slug}", "company.related", data | ({"period": during} if during else {}), **said)


def defined(name: str, *lines: dict[str, Any], said: dict[str, Any] | None = None, **data: Any) -> Event:
    """What a name of goods stands for."""
    stream = f"commodity/{name.replace('_', '-')}"
    return fact(stream, "commodity.defined", {"name": name, "lines": list(lines), **data}, **(said or {}))


def group(slug: str, said: dict[str, Any] | None = None, **members: dict[str, str | None] | None) -> Event:
    """A group of countries, each with the period of its membership."""
    listed = [{"country": code} | ({"period": during} if during else {}) for code, during in members.items()]
    return fact(f"group/{slug}", "group.defined", {"name": slug, "members": listed}, **(said or {}))


def milestone(slug: str, *, on: str = "2025-06-15", said: dict[str, Any] | None = None, **data: Any) -> Event:
    told = {"kind": "meeting", "parties": ["IN", "CN"], "title": "A meeting", **data}
    return fact(f"milestone/{slug}", "milestone.recorded", told, effective=on, **(said or {}))


def note(slug: str, **data: Any) -> Event:
    told = {"kind": "practice", "text": "Goods are held at the port.", "countries": ["CN", "IN"], **data}
    return fact(f"note/{slug}", "note.recorded", told, effective="2025-06-15")


def corrected(event: Event, *, effective: str | None = None, tier: str | None = None, **changes: Any) -> Event:
    """The event as it always was: its data with `changes`, by a source of the same tier unless told otherwise."""
    data: dict[str, Any] = {"event": event["id"]}
    if changes:
        data["data"] = event["data"] | changes
    if effective:
        data["effective"] = effective
    return fact(event["stream"], "record.corrected", data, tier=tier or event["source"]["tier"])


def retracted(event: Event, **said: Any) -> Event:
    told = {"tier": event["source"]["tier"]} | said
    return fact(event["stream"], "record.retracted", {"event": event["id"]}, **told)


def repeated(event: Event, **said: Any) -> Event:
    told = {"tier": event["source"]["tier"]} | said
    return fact(event["stream"], "record.repeated", {"event": event["id"]}, **told)


class Register:
    """A running register. Its questions are about magnets from China to India, unless a test says otherwise."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def record(self, *events: Event) -> int:
        """Posts events together, in their order; returns the position of the last."""
        response = self.client.post("/v1/events", json={"events": events})
        assert response.status_code == 201, response.text
        return int(response.json()["position"])

    def refusal(self, event: Event) -> int:
        """The status with which an event is refused."""
        response = self.client.post("/v1/events", json=event)
        assert response.status_code >= 400, f"It was recorded: {response.text}"
        return response.status_code

    def head(self) -> int:
        return int(self.client.get("/v1/events", params={"limit": 1_000}).json()["next_after"])

    def answers(self, *questions: dict[str, Any]) -> list[Answer]:
        asked = [_whole_question(question) for question in questions]
        response = self.client.post("/v1/determinations", json={"questions": asked})
        assert response.status_code == 200, response.text
        told = response.json()
        return [told_whole(answer) | {"notice": told["notice"]} for answer in told["answers"]]

    def answer(self, **question: Any) -> Answer:
        return self.answers(question)[0]

    def controls(self, *days: str, **question: Any) -> dict[str, str]:
        """The control on each of the days."""
        found = self.answers(*({"as_of": day, **question} for day in days))
        return {day: answer["control"] for day, answer in zip(days, found, strict=True)}

    def standings(self, *days: str, **question: Any) -> dict[str, str]:
        """The standing on each of the days, of Jay Ushin as the end user unless the question names another."""
        asked = {"end_user": JAY} | question
        found = self.answers(*({"as_of": day, **asked} for day in days))
        return {day: answer["standing"] for day, answer in zip(days, found, strict=True)}

    def control_of(self, **question: Any) -> str:
        return str(self.answer(**question)["control"])

    def standing_of(self, party: dict[str, Any], **question: Any) -> str:
        return str(self.answer(**({"end_user": party} | question))["standing"])

    def get(self, path: str, **parameters: Any) -> Any:
        response = self.client.get(path, params=parameters)
        assert response.status_code == 200, response.text
        return response.json()


class DirectRegister(Register):
    """A register that is told and asked without HTTP. What a test gets from a route comes from an application over the
    same database, which starts with the first such test."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self.settings = settings
        self.stack = stack
        self.register = open_register(settings)
        stack.callback(self.register.close)

    @cached_property
    def client(self) -> TestClient:  # type: ignore[override]
        return self.stack.enter_context(TestClient(create_app(self.settings)))

    def record(self, *events: Event) -> int:
        # Through its text, as a client sends it.
        posted = posted_of(json.loads(json.dumps({"events": events})), len(events))
        return self.register.log.append(posted.events, "tests").position

    def refusal(self, event: Event) -> int:
        try:
            self.record(event)
        except Refused as refused:
            return refused.status
        raise AssertionError(f"It was recorded: {event}")

    def head(self) -> int:
        with self.register.reading():
            return self.register.head.position

    def answers(self, *questions: dict[str, Any]) -> list[Answer]:
        with self.register.reading() as connection:
            return [self._answer(_whole_question(question), connection) for question in questions]

    def _answer(self, asked: dict[str, Any], connection: Connection) -> Answer:
        question = Question.model_validate(asked)
        known = Known(connection, self.register.known_at(connection, question.known_at, public_by=question.public_by))
        found = answer(question, known, self.register.day_of(question.as_of))
        return told_whole(json.loads(found.model_dump_json(by_alias=True))) | {"notice": NOTICE}


def _whole_question(question: dict[str, Any]) -> dict[str, Any]:
    asked = _MAGNETS_FROM_CHINA_TO_INDIA | question
    return {name: value for name, value in asked.items() if value is not None} | {"detail": "full"}


_MAGNETS_FROM_CHINA_TO_INDIA = {"controller": "CN", "destination": "IN", "commodity": MAGNETS, "as_of": ANY_DAY}


def told_whole(answer: Answer) -> Answer:
    """The answer with each part's sources in place of their keys, as `said_by`."""
    sources = answer["sources"]
    return {name: _with_sources(value, sources) for name, value in answer.items()}


def _with_sources(part: Any, sources: dict[str, Any]) -> Any:
    if isinstance(part, list):
        return [_with_sources(one, sources) for one in part]
    if not isinstance(part, dict):
        return part
    told = {name: _with_sources(value, sources) for name, value in part.items()}
    if isinstance(keys := part.get("sources"), list):
        if "restriction" in part:
            told = {"since": None, "through": None} | told
        told["said_by"] = [SAYS_NOTHING | sources[key] for key in keys]
    return told


SAYS_NOTHING = dict.fromkeys(("speaker", "office", "side", "publisher", "published_at", "quote"))


def possible_controls(answer: Answer) -> set[str]:
    return {entry["control"] for entry in answer["possible"]}


def basis_of(answer: Answer) -> set[str]:
    """The restrictions an answer's control rests on, without their noun."""
    return {entry["restriction"].removeprefix("restriction/") for entry in answer["basis"]}


def unconfirmed(answer: Answer) -> list[str]:
    """The days from which no source speaks, for each end or lapse that was inferred from a date."""
    ends = [entry for entry in answer["inferred"] if entry["what"] != "enters into force"]
    return [entry["unconfirmed_since"] for entry in ends if entry.get("unconfirmed_since")]


def contested(answer: Answer) -> set[str]:
    """The events shown as conflicting."""
    return {entry["event"] for entry in answer["conflicts"]}
