from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.answers.facts import Register


@pytest.fixture
def register(database_url: str) -> Iterator[Register]:
    """An empty register, running."""
    with TestClient(create_app(Settings(database_url=database_url))) as client:
        yield Register(client)
