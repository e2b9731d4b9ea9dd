from collections.abc import Iterator
from pathlib import Path

import pytest

from service.commands.keys import key_made
from tests.feeds.watched import Watched, watched


@pytest.fixture
def register(sqlite_url: str) -> Iterator[Watched]:
    """An empty register, with a clock of its own."""
    with watched(sqlite_url) as made:
        yield made


@pytest.fixture
def register_on_both(database_url: str) -> Iterator[Watched]:
    """The same on both databases."""
    with watched(database_url) as made:
        yield made


@pytest.fixture
def signing_key_file(tmp_path: Path) -> Path:
    file = tmp_path / "signing-key"
    key_made(file, "localhost/tests")
    return file
