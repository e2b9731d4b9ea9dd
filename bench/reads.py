"""Answers: statuses over HTTP, determinations and a screening in this process, first and again.

The register holds the corpus and some thousands of made-up events. A ready answer has the very bytes of the answer that
it is the limit of.
"""

import gc
import json
import random
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench import servers
from bench.events import proposed
from bench.measure import HTTP_ROUNDS, Figures, Spent
from bench.servers import Databases, Serving, load
from service import seeds
from service.api.http.register import Register
from service.app import open_register
from service.commands.serving import GARBAGE
from service.domain.commodity.match import Commodity
from service.log.progress import silent
from service.projections.companies import MODEL as COMPANIES
from service.projections.kept import kept_of
from service.projections.read_model import things
from service.register.ask import answer_text
from service.register.country_status import Wanted, country_status
from service.register.known import Known
from service.register.post import posted_of
from service.register.shapes import Question
from service.settings import Settings

MADE_UP = 2_000
TOGETHER = 500
SECONDS = 2
QUESTIONS = {True: 1_000, False: 40}
"""How many different questions are asked in one turn, with a controlling country and without one."""
LISTED, SCREENED, IN_A_LIST = 4_500, 100, 900
STATUS = "/v1/countries/IN/status?commodity=rare_earth_magnets&as_of=2026-03-01"
DUMPED = "the same answers, ready, joined"
WORDS = ("shen", "optical", "ming", "tech", "pacific", "star", "dragon", "northern", "micro", "aero", "marine", "power")
PLACES = ("IN", "US", "DE", "JP", "KR", "NL", "RU", "TW", "MX", "TR")
# One request after another, with the tag that the answer bears.
HELD = 'wrk.headers["If-None-Match"] = %s'


def measure(figures: Figures, databases: Databases, folder: Path) -> None:
    url = databases.new()
    with opened(url, folder) as register:
        seeds.load(register.log, seeds.read("all"), silent)
        for first in range(0, MADE_UP, TOGETHER):
            register.log.append(proposed("reads", first, TOGETHER), "bench")
        asked_in_process(figures, register, databases.kind)
    with opened(databases.new(), folder) as register:
        screened(figures, register, databases.kind)
    if servers.WRK is None:
        figures.miss("statuses over HTTP: wrk is not installed (apt-get install wrk)")
        return
    with servers.register(url, folder) as ours, servers.limit(databases.new(migrated=False)) as bare:
        over_http(figures, ours, bare, folder, databases.kind)


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Register]:
    settings = Settings(database_url=url, signing_key_file=folder / "no-key", connection_timeout_s=600)
    found = open_register(settings)
    as_served()
    try:
        yield found
    finally:
        found.log.close()
        found.engine.dispose()


def as_served() -> None:
    """Garbage is looked for as rarely as in the service, and never among what is there by now."""
    gc.set_threshold(*GARBAGE)
    gc.collect()
    gc.freeze()


def asked_in_process(figures: Figures, register: Register, kind: str) -> None:
    for named in (True, False):
        questions = questions_of(register, named=named)
        way = "with a controller" if named else "without one"
        texts = answers(register, questions)
        for when in ("first", "again"):
            figures.in_turn(
                f"determinations {way}, {when}, {kind}",
                "answers/s",
                partial(_asking, register, questions, anew=when == "first"),
                partial(_joining, texts),
                limit_is=DUMPED,
            )
    figures.in_turn(
        f"a country's whole status, first, {kind}",
        "statuses/s",
        partial(_whole_status, register),
        partial(_joining, texts),
        limit_is=DUMPED,
    )


def questions_of(register: Register, *, named: bool) -> list[Question]:
    """Different questions: of a half of them no party is named, of the others a company on record or nobody's name."""
    chance = random.Random(1)
    with register.reading() as connection:
        known = Known(connection, register.known_at(connection, None))
        goods, controllers = known.names_of_goods, known.controllers
        companies = [one.stream for one in things(connection, COMPANIES, known.at.seen, limit=200)]
    made = []
    for number in range(QUESTIONS[named]):
        asked: dict[str, Any] = {"commodity": {"name": chance.choice(goods)}, "destination": chance.choice(PLACES)}
        asked |= {"controller": chance.choice(controllers)} if named else {}
        if number % 4 == 1:
            asked["end_user"] = {"company": chance.choice(companies)}
        elif number % 4 == 3:
            asked["end_user"] = {"name": f"Nobody {number} Trading", "country": asked["destination"]}
        made.append(Question.model_validate(asked))
    return made


def answers(register: Register, questions: Sequence[Question]) -> list[str]:
    with register.reading() as connection:
        known = Known(connection, register.known_at(connection, None))
        return [answer_text(one, known, register.today()) for one in questions]


def _asking(register: Register, questions: Sequence[Question], *, anew: bool) -> Spent:
    if anew:
        kept_of(register.engine).clear()
    return _spent(len(questions), lambda: answers(register, questions))


def _joining(texts: Sequence[str]) -> Spent:
    return _spent(len(texts), lambda: ",".join(texts).encode())


def _whole_status(register: Register) -> Spent:
    kept_of(register.engine).clear()
    wanted = Wanted("IN", "destination", None, None, "brief")

    def ask() -> object:
        with register.reading() as connection:
            known = Known(connection, register.known_at(connection, None))
            return country_status(wanted, known, register.today(), None, 100)

    return _spent(1, ask)


def _spent(count: int, do: Any) -> Spent:
    started = time.thread_time()
    do()
    cpu_s = max(time.thread_time() - started, 1e-6)
    return Spent(count / cpu_s, cpu_s / count * 1e6)


def screened(figures: Figures, register: Register, kind: str) -> None:
    """Names against lists of several thousand, for one kind of goods; a tenth is listed, or nearly."""
    chance = random.Random(3)
    listed = [_name(chance) for _ in range(LISTED)]
    lists = [listed[first : first + IN_A_LIST] for first in range(0, LISTED, IN_A_LIST)]
    register.log.append(posted_of({"events": list(map(_listing, range(len(lists)), lists))}, 10).events, "bench")
    alike = (chance.choice(listed)[: -(number % 2) or None] for number in range(SCREENED // 10))
    names = [*alike, *(_name(chance) for _ in range(SCREENED - SCREENED // 10))]
    questions = [
        Question(
            controller="US",
            destination="CN",
            commodity=Commodity(hs="850511"),
            end_user={"name": name, "country": "CN"},  # type: ignore[arg-type]
        )
        for name in names
    ]
    texts = answers(register, questions)
    figures.in_turn(
        f"screening against {LISTED:,} listed, first, {kind}",
        "names/s",
        partial(_asking, register, questions, anew=True),
        partial(_joining, texts),
        limit_is=DUMPED,
    )


def _name(chance: random.Random) -> str:
    words = [chance.choice(WORDS).capitalize() for _ in range(3)]
    return f"{words[0]}{words[1].lower()} {words[2]} {chance.randint(1, 999)} Co Ltd"


def _listing(number: int, names: Sequence[str]) -> dict[str, Any]:
    parties = [{"name": name, "country": "CN"} for name in names]
    scope = {"commodities": "all", "destinations": "all", "end_users": {"only": parties}}
    return {
        "stream": f"restriction/us-list-{number}",
        "type": "restriction.announced",
        "effective": "2024-01-01",
        "data": {"kind": "licensing", "controller": "US", "scope": scope, "in_force": {"from": "2024-01-01"}},
        "source": {"tier": "issuer_text", "published_at": "2024-01-01"},
    }


def over_http(figures: Figures, ours: Serving, bare: Serving, folder: Path, kind: str) -> None:
    with urllib.request.urlopen(ours.url + STATUS) as found:
        size, tag = len(found.read()), found.headers["ETag"]
    script = folder / "held.lua"
    script.write_text(HELD % json.dumps(tag))
    figures.in_turn(
        f"GET a status by goods again, {kind}",
        "requests/s",
        partial(load, ours, STATUS, SECONDS),
        partial(load, bare, f"/bytes/{size}", SECONDS),
        limit_is="a ready answer of as many bytes (L1)",
        goal=0.6,
        rounds=HTTP_ROUNDS,
    )
    figures.in_turn(
        f"GET a status that is held already (304), {kind}",
        "requests/s",
        partial(load, ours, STATUS, SECONDS, script),
        partial(load, bare, "/bytes/0", SECONDS),
        limit_is="a ready answer without a body",
        goal=0.8,
        rounds=HTTP_ROUNDS,
    )
