from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from service.log.append import Log
from service.log.database import engine_for
from tests.log.examples import decide, project_nothing


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = engine_for(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def log(engine: Engine) -> Iterator[Log]:
    with Log(engine, decide, project_nothing) as log:
        yield log
