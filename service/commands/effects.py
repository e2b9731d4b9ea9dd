"""What an event changed: in the thing that it is about, and in the answers that rest on it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, product
from typing import Any

from service.client import Client, Declined
from service.commands import answers, show
from service.commands.recorded import THING, thing_path
from service.domain.commodity.match import ALL_GOODS
from service.register.concerned import parties_of, with_party

UNSAID = frozenset({"id", "position", "events", "said_by", "set_aside", "conflicts", "as_of", "known_at", "notice"})
"""What differs, or is told elsewhere, whatever was changed."""
PARTS = ("control", "standing", "covered")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOST_DAYS, MOST_GOODS, MOST_COUNTRIES, MOST_QUESTIONS, MOST_SHOWN = 4, 5, 3, 40, 6
Question = dict[str, Any]
Difference = tuple[str, str, str]


def tell(client: Client, stream: str, said: list[dict[str, Any]], position: int, as_of: str | None) -> None:
    """What is otherwise right after a log position than right before it. `said`: the data of what was corrected or
    retracted, as it was and as it is."""
    if not THING.fullmatch(stream):
        return
    before, after = _thing(client, stream, position - 1), _thing(client, stream, position)
    changed = list(differences(before, after))
    show.heading(f"What changed in {stream}")
    if after is None:
        show.sentence("Everything recorded about it is retracted.")
    elif changed:
        show.table(("Field", "Before", "After"), changed)
    else:
        show.sentence("Nothing.")
    for one in _set_aside(before, after):
        show.sentence(f"Set aside: {one}.")
    about = [*questions(before or {}), *questions(after or {})]
    asked = [*_with_parties(about, [*said, *(thing for thing in (before, after) if thing)]), *about]
    unique = {json.dumps(one, sort_keys=True): one for one in asked}
    _tell_answers(client, list(unique.values()), _days(changed, as_of), position)


def _thing(client: Client, stream: str, position: int) -> dict[str, Any] | None:
    """A thing as it was known at a position; None where nothing stood of it."""
    try:
        return dict(client.get(thing_path(stream), {"known_at": position}).json())
    except Declined as declined:
        if declined.status != 404:
            raise
        return None


def _set_aside(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[str]:
    """Why records are no longer followed that were followed before."""
    then, now = ([one["reason"] for one in (thing or {}).get("set_aside", ())] for thing in (before, after))
    return [reason for reason in dict.fromkeys(now) if reason not in then]


def differences(before: Any, after: Any) -> Iterator[Difference]:
    """Each field that differs, with its value then and now, as text."""
    then, now = dict(_flat(before or {})), dict(_flat(after or {}))
    for field in dict.fromkeys([*then, *now]):
        if then.get(field) != now.get(field):
            yield field, then.get(field, ""), now.get(field, "")


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, part in value.items():
            if path or name not in UNSAID:
                yield from _flat(part, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for at, one in enumerate(value, 1):
            yield from _flat(one, f"{path}.{at}")
    elif value not in (None, []):
        yield path, ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def questions(thing: dict[str, Any]) -> Iterator[Question]:
    """Questions that a thing has a say in: its goods, from its country, to the countries that it names."""
    scope = thing.get("scope", {})
    lines = [line["commodity"] for line in thing.get("lines", ()) if "commodity" in line]
    goods = scope["commodities"] if isinstance(scope.get("commodities"), list) else lines
    named = [{kind: one[kind] for kind in ("name", "hs", "control_code") if one.get(kind)} for one in goods]
    if "name" in thing and "lines" in thing and not thing.get("issuer"):
        named = [{"name": thing["name"]}]
    if scope.get("commodities") == "all":
        named = [{"name": ALL_GOODS}]
    said = scope.get("destinations")
    to = said.get("only", ()) if isinstance(said, dict) else thing.get("destinations") or ()
    reached = [one for one in to if len(one) == 2][:MOST_COUNTRIES] or [None]
    country = thing.get("controller") or thing.get("issuer")
    for commodity, destination in product([one for one in named if one][:MOST_GOODS], reached):
        about = {"controller": country, "destination": destination, "commodity": commodity}
        yield {field: value for field, value in about.items() if value}


def _with_parties(about: list[Question], said: list[dict[str, Any]]) -> Iterator[Question]:
    """The same questions for those whom the event names, and the thing before and after it: for them it may change what
    it changes for nobody else."""
    for data in said:
        for question, party in product(about, parties_of(data)):
            yield with_party(question, party)


def _days(changed: list[Difference], as_of: str | None) -> list[str]:
    """The day that is asked for, today, and the days that the change itself is about."""
    found = [day for _, *told in changed for text in told for day in DAY.findall(text)]
    today = datetime.now(UTC).date().isoformat()
    return list(dict.fromkeys([*([as_of] if as_of else []), today, *found]))[:MOST_DAYS]


def _tell_answers(client: Client, asked: list[Question], days: list[str], position: int) -> None:
    """The answers that are otherwise: before, and now."""
    if not asked:
        return
    whole = [{**one, "as_of": day, "known_at": position} for day, one in product(days, asked)]
    compared = list(islice(whole, MOST_QUESTIONS))
    body = {"questions": compared, "changed_since": position - 1}
    found = client.post("/v1/determinations", json.dumps(body).encode()).json()
    show.heading("What changed in the answers")
    for was in found["changed"][:MOST_SHOWN]:
        now = found["answers"][was["index"]]
        show.sentence(f"{answers.question(now)} · {now['as_of']}", "bold")
        for line in _difference(was, now):
            show.sentence(line, indent=2)
    if (more := len(found["changed"]) - MOST_SHOWN) > 0:
        show.sentence(f"And {more} more of the {len(compared)} answers that were compared.")
    if not found["changed"]:
        show.sentence(f"None of the {len(compared)} answers that were compared, for {', '.join(days)}.")


def _difference(was: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """The two headlines; where they are the same, what else is otherwise."""
    if was["headline"] != now["headline"]:
        yield f"Before: {was['headline']}"
        yield f"Now: {now['headline']}"
        return
    words = {name: [show.clean(str(one.get(name) or "none")).replace("_", " ") for one in (was, now)] for name in PARTS}
    changed = [f"{name.capitalize()}: {then}, now {today}." for name, (then, today) in words.items() if then != today]
    yield f"The same in short: {now['headline']}"
    yield " ".join(changed) or "What it rests on is otherwise: licenses, possible controls or the next change."
