"""Against asking every question again after every event and on every day: no change is missed, none is invented."""

import json
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from service.errors import Refused
from service.feeds import evaluator
from service.feeds.asks import Ask
from tests.answers import facts
from tests.feeds.watched import START, TO_INDIA, Watched, watched
from tests.searching import examples

HELLA = {"name": "Hella", "country": "DE"}
Event = dict[str, Any]
SLUGS = ("a", "b")
FIRST = START.date()
ASKS: dict[str, dict[str, Any]] = {
    "to-india": {"determination": TO_INDIA},
    "for-jay": {"determination": {**TO_INDIA, "end_user": {"name": "Jay", "country": "IN"}}},
    "for-a-vendor": {"determination": {**TO_INDIA, "end_user": {"company": "company/jay"}, "exporter": HELLA}},
    "of-any-country": {"determination": {"destination": "IN", "commodity": {"name": "gallium"}}},
    "of-a-group": {"determination": {**TO_INDIA, "destination": "DE"}},
    "india": {"country_status": {"country": "IN", "commodity": {"name": "gallium"}}},
    "china": {"country_status": {"country": "CN", "role": "controller"}},
    "jay": {"company_status": {"company": "company/jay"}},
}
JAY = facts.registered("jay", "Jay", "IN")
BASE = (JAY, facts.announced("base"))

namesakes = st.sampled_from(["Jay", "Jay Ltd", "JAY", "Jai"])
days = st.integers(-20, 40).map(lambda number: (FIRST + timedelta(days=number)).isoformat())
vague = st.one_of(days, days.map(lambda day: day[:7]), days.map(lambda day: f"../{day}"))
goods = st.sampled_from([facts.MAGNETS, facts.GALLIUM, {"hs": "850511"}])
slugs = st.sampled_from(SLUGS)
ends = st.one_of(st.none(), st.just("open"), days)
tiers = st.sampled_from(["issuer_text", "issuer_statement", "press_named", "commentary"])
destinations = st.sampled_from(["all", {"only": ["IN"]}, {"except": ["DE"]}, {"only": ["group/eu"]}])
memberships = st.sampled_from([("IN",), ("IN", "DE"), ("DE", "FR")])


def ordered(start: str, end: str | None) -> dict[str, str | None]:
    return facts.period(start, end if end is None or end == "open" or end >= start else start)


listed = st.sampled_from(
    [
        {"name": "Jay", "country": "IN"},
        {"company": "company/jay"},
        {"name": "Hella", "country": "DE"},
        {"class": {"relation": "vendor_of", "company": "company/late"}},
        {"described": "Indian makers of motors", "country": "IN"},
    ]
)
codes = st.sampled_from([{"hs": "850511"}, {"hs": "8505"}])
parts = st.sampled_from(["rare_earth_magnets", "gallium"])
vague_ends = st.one_of(st.none(), vague)
periods = st.one_of(
    st.builds(ordered, days, ends),
    st.builds(facts.period, vague, st.none()),
    st.builds(facts.period, st.none(), vague_ends),
)
said = st.builds(lambda tier, day: {"tier": tier, "published": day}, tiers, days)
users = st.sampled_from([(), (facts.JAY,), ({"company": "company/jay"},), ({"name": "Jay", "country": "IN"},)])
facts_of = st.one_of(
    st.builds(
        lambda slug, kind, line, to, period, controller, said: facts.announced(
            slug,
            kind=kind,
            controller=controller,
            commodities=[line],
            destinations=to,
            in_force=period,
            on=period["from"],
            said=said,
        ),
        slugs,
        st.sampled_from(["licensing", "prohibition", "notification"]),
        goods,
        destinations,
        periods,
        st.sampled_from(["CN", "US"]),
        said,
    ),
    st.builds(facts.suspended, slugs, days, ends.filter(lambda end: end != "open")),
    st.builds(facts.repealed, slugs, vague),
    st.builds(lambda slug, day: facts.reported_measure(slug, "in_force", day), slugs, days),
    st.builds(
        lambda slug, users, period, line, said: facts.granted(
            slug, *users, on=period["from"], validity=period, commodities=[line], said=said
        ),
        slugs,
        users,
        periods,
        goods,
        said,
    ),
    st.builds(lambda slug, day: facts.license_reported(slug, "granted", day, facts.JAY), slugs, days),
    st.builds(facts.revoked, slugs, days),
    st.builds(lambda period: facts.group("eu", DE=period), periods),
    st.builds(lambda members: facts.group("eu", **dict.fromkeys(members)), memberships),
    st.builds(lambda slug, name: facts.registered(slug, name, "IN"), st.sampled_from(["late", "later"]), namesakes),
    st.builds(lambda name: facts.identified("jay", aliases=[name]), namesakes),
    st.builds(lambda period: facts.related("jay", "vendor_of", "late", period), periods),
    st.builds(
        lambda slug, user, period: facts.announced(
            slug, kind="prohibition", end_users={"only": [user]}, in_force=period
        ),
        slugs,
        listed,
        periods,
    ),
    st.builds(lambda slug: facts.announced(slug, kind="affiliates_rule"), slugs),
    st.builds(lambda part: facts.defined("magnets", {"hs": "850511"}, parts=[part]), parts),
    st.builds(facts.used, slugs, st.sampled_from(["x", "y"])),
    st.builds(lambda line: facts.defined("rare_earth_magnets", line), codes),
    st.builds(lambda day: facts.renamed("jay", "Jay Ushin", day), days),
    st.builds(
        lambda share, day: facts.owned("jay", {"name": "Hella", "country": "DE"}, share, day), st.just("60"), days
    ),
    st.builds(lambda: facts.note("n")),
)
actions = st.one_of(
    facts_of,
    st.integers(1, 12).map(lambda number: ("days", number)),
    st.integers(0, 20).map(lambda which: ("retract", which)),
    st.builds(lambda which, period: ("correct", which, period), st.integers(0, 20), periods),
    st.just(("look",)),
)


class Asked:
    """Asks every question anew, and remembers when an answer was another one than before."""

    def __init__(self, register: Watched) -> None:
        self.register = register
        self.asks = {name: Ask.model_validate(ask) for name, ask in ASKS.items()}
        self.last = {name: register.answer(ask).says for name, ask in self.asks.items()}
        self.changes: dict[str, list[tuple[int, str, Any]]] = {name: [] for name in ASKS}

    def again(self) -> None:
        at, on = self.register.head, self.register.clock.today().isoformat()
        for name, ask in self.asks.items():
            now = json.loads(json.dumps(self.register.answer(ask).says))
            if now != self.last[name]:
                self.changes[name].append((at, on, now if ask.determination else _differing(self.last[name], now)))
                self.last[name] = now


def _differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {name: says for name, says in after.items() if before.get(name) != says}


def act(register: Watched, asked: Asked, recorded: list[Event], action: Any) -> None:
    if isinstance(action, dict):
        event = action | {"id": facts.note("n")["id"]}
        try_to_record(register, asked, recorded, event)
    elif action[0] == "days":
        for _ in range(action[1]):
            register.clock.pass_(days=1)
            asked.again()
    elif action[0] == "look":
        register.evaluator.run()
    else:
        target = recorded[action[1] % len(recorded)]
        dated = target["type"] in ("restriction.announced", "license.granted")
        if action[0] == "retract" or not dated:
            try_to_record(register, asked, recorded, facts.retracted(target))
        else:
            field = "in_force" if target["type"] == "restriction.announced" else "validity"
            try_to_record(register, asked, recorded, facts.corrected(target, **{field: action[2]}))


def try_to_record(register: Watched, asked: Asked, recorded: list[Event], event: Event) -> None:
    register.clock.pass_(seconds=1)
    try:
        register.record(event)
    except Refused:
        return
    recorded.append(event)
    asked.again()


@given(st.lists(actions, min_size=1, max_size=14), st.sampled_from([0, evaluator.STEP_S]))
@examples(10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_change_is_missed_and_none_is_invented(sqlite_template: Path, taken: list[Any], step_s: float):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = Path(folder) / "lodestone.db"
        shutil.copyfile(sqlite_template, file)
        with watched(f"sqlite:///{file}") as register:
            register.record(*BASE)
            for name, ask in ASKS.items():
                register.watch(name, **ask)
            asked, recorded = Asked(register), [BASE[1]]
            patch.setattr(evaluator, "STEP_S", step_s)
            for action in taken:
                act(register, asked, recorded, action)
            for name in ASKS:
                told = [one["data"] for one in register.told(name)]
                assert [(one["position"], one["as_of"], one["after"]) for one in told] == asked.changes[name], name
