"""What a page of the calendar or of the conflicts finds by key is what all that is on record gives."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection

from service import seeds
from service.domain.license.changes import transitions as license_changes
from service.domain.restriction.changes import transitions
from service.domain.restriction.same_instrument import contradicted_reports, set_aside_by
from service.log.append import Log
from service.log.database import engine_for, reading
from service.log.progress import silent
from service.projections import MODELS, licenses, project, restrictions
from service.projections.read_model import things
from service.projections.seen import Seen
from service.register import coming, conflicting
from service.register.coming import Coming
from service.register.conflicting import Conflicts
from service.register.post import posted_of
from tests.answers.facts import fact

DAYS = (
    "2024-03",
    "2025-02-01",
    "2025-06-30",
    "2025-07-01",
    "2026~",
    "[2026-01-09,2026-01-10]",
    "2026-05-01/..",
    "2027",
)
TIERS = ("issuer_text", "issuer_text", "issuer_statement", "press_named", "commentary")
WINDOWS = (("0001-01-01", "9999-12-31"), ("2025-06-30", "2025-07-02"), ("2026-01-10", "2031-01-01"))


def take(*_: object) -> None:
    """Whatever is told is taken."""


@pytest.fixture(scope="module")
def copied(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """The corpus, and a hundred made-up things with vague days, rival sources and reports on instruments."""
    file = tmp_path_factory.mktemp("register") / "lodestone.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = engine_for(f"sqlite:///{file}")
    with Log(engine, take, project) as log:
        seeds.load(log, seeds.read("all"), silent)
        for seed in range(100):
            log.append(posted_of({"events": list(made_up(seed, Random(seed)))}, most=20).events, actor="test")
        yield log
    engine.dispose()


def made_up(number: int, chance: Random) -> Iterator[dict[str, Any]]:
    def day() -> str:
        return chance.choice(DAYS)

    def said() -> dict[str, Any]:
        return {"tier": chance.choice(TIERS), "published": chance.choice(("2025-03-01", "2026-02-01", "2026-06-06"))}

    def period() -> dict[str, Any]:
        return {"from": chance.choice((*DAYS[:3], None)), "through": chance.choice((*DAYS[4:], None, "open"))}

    scope = {"commodities": [{"hs": "8505"}], "destinations": {"only": ["IN"]}}
    instrument = {"number": f"No. {1 + number % 5} of 2025"} if number % 3 == 0 else None
    described: dict[str, Any] = {"kind": "licensing", "controller": "CN", "scope": scope, "in_force": period()}
    described |= {"instrument": instrument} if instrument else {}
    if number % 4 == 3:
        license_: dict[str, Any] = {"issuer": "CN", "destination": "IN", "validity": period()}
        license_ |= {"lines": [{"commodity": {"hs": "8505"}}]}
        yield fact(f"license/l{number}", "license.granted", license_, effective=day(), **said())
        for kind in chance.sample(("suspended", "revoked", "granted", "reinstated"), chance.randrange(3)):
            said_of = {"suspended": {"period": period()}, "granted": license_ | {"validity": period()}}
            data = said_of.get(kind, {})
            yield fact(f"license/l{number}", f"license.{kind}", data, effective=chance.choice((day(), None)), **said())
        return
    stream = f"restriction/r{number}"
    report = {"state": chance.choice(("in_force", "lifted", "suspended")), "on": "2025-08-01"}
    if number % 4 == 2:
        told = {name: value for name, value in described.items() if name != "in_force"}
        yield fact(stream, "restriction.reported", told | report, **said())
    else:
        yield fact(stream, "restriction.announced", described, effective=chance.choice((day(), None)), **said())
    for kind in chance.sample(("suspended", "repealed", "announced", "reported", "extended"), chance.randrange(4)):
        data = {
            "suspended": {"period": period()},
            "announced": described | {"in_force": period()},
            "reported": report,
            "extended": {"in_force": {"through": "2027-12-31"}},
        }.get(kind, {})
        yield fact(stream, f"restriction.{kind}", data, effective=chance.choice((day(), None)), **said())


def seen(connection: Connection) -> list[int]:
    end = int(connection.exec_driver_sql("SELECT position FROM head").scalar_one())
    return [end, end - 200, Seen(end, date(2026, 3, 1))]


@pytest.mark.parametrize("window", WINDOWS, ids=" to ".join)
@pytest.mark.parametrize("country", ["CN", None])
def test_the_pages_of_a_calendar_are_all_that_dates_change(copied: Log, window: tuple[str, str], country: str | None):
    first, last = map(date.fromisoformat, window)
    with reading(copied.engine) as connection:
        for at in seen(connection):
            asked = Coming(connection, at, first, last, country, ())
            rules = things(connection, restrictions.MODEL, at, country=country)
            held = things(connection, licenses.MODEL, at, country=country)
            dated = [*(one for rule in rules for one in transitions(rule))]
            dated += [one for license_ in held for one in license_changes(license_)]
            expected = [one for one in dated if coming._falls_into(one, first, last)]
            assert expected
            found = walked(asked, coming.place_of, 7)
            assert {one.transition for one in found} == set(expected)
            assert len(found) == len(set(expected))
            assert found == sorted(found, key=coming.place_of) == asked.page(None, None)[0]


@pytest.mark.parametrize("country", ["CN", "IN", None])
def test_the_pages_of_conflicts_are_all_that_contradict_each_other(copied: Log, country: str | None):
    on = date(2026, 3, 1)
    with reading(copied.engine) as connection:
        for at in seen(connection):
            found = walked(Conflicts(connection, at, country, on), conflicting.place_of, 3)
            expected = list(contradictions(connection, at, country, on))
            places = [conflicting.place_of(one) for one in found]
            assert places == sorted(expected)
            assert places or country == "IN"


def contradictions(connection: Connection, at: int, country: str | None, on: date) -> Iterator[tuple[str, ...]]:
    for model in MODELS:
        for one in things(connection, model, at, country=country):
            for aside in getattr(one, "set_aside", ()):
                if aside.conflicting:
                    yield one.stream, aside.event, aside.reason
    rules = [one.on(on) for one in things(connection, restrictions.MODEL, at, country=country)]
    for report, other in contradicted_reports(rules):
        yield from ((report.stream, aside.event, aside.reason) for aside in set_aside_by(report, other))


def walked(asked: Any, place_of: Any, limit: int) -> list[Any]:
    found, after, more = list[Any](), None, True
    while more:
        shown, more = asked.page(after, limit)
        assert len(shown) == limit or not more
        found += shown
        after = place_of(shown[-1]) if shown else None
    return found
