"""A log whose events are projected, on each of the databases."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from service.domain.decide import decide
from service.log.append import Log
from service.log.database import engine_for
from service.projections import project
from service.register.post import posted_of

Record = Callable[..., None]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def log(engine: Engine) -> Iterator[Log]:
    with Log(engine, decide, project) as log:
        yield log


@pytest.fixture
def record(log: Log) -> Record:
    """Records events as a client posts them, together."""

    def append(*events: Any) -> None:
        log.append(posted_of({"events": list(events)}, most=100).events, actor="test")

    return append
