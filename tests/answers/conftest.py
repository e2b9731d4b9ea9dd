from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from service.app import create_app
from service.settings import Settings
from tests.answers.facts import DirectRegister, Register
from tests.client import TestClient


@pytest.fixture
def register(sqlite_url: str) -> Iterator[Register]:
    """An empty register, told and asked without HTTP."""
    with ExitStack() as stack:
        yield DirectRegister(Settings(database_url=sqlite_url), stack)


@pytest.fixture
def register_over_http(database_url: str) -> Iterator[Register]:
    """An empty register, running; on both databases."""
    with TestClient(create_app(Settings(database_url=database_url))) as client:
        yield Register(client)
