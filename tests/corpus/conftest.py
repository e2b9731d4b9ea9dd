"""A register with all of the corpus in it; nobody changes it, so that one serves all questions."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from service import seeds
from service.app import create_app
from service.seeds import Seed
from service.settings import Settings
from tests.answers.facts import Register
from tests.client import TestClient
from tests.conftest import SeededFile


@contextmanager
def register_of(template: Path, folder: Path, *loads: Sequence[Seed]) -> Iterator[Register]:
    """A register that begins as the template, after these loads, one after the other."""
    file = folder / "lodestone.db"
    shutil.copyfile(template, file)
    settings = Settings(database_url=f"sqlite:///{file}", signing_key_file=file.with_name("key"))
    with TestClient(create_app(settings)) as client:
        for told in loads:
            seeds.load(client.app.state.register.log, told, lambda _done, _of: None)  # type: ignore[attr-defined]
        yield Register(client)


@pytest.fixture(scope="session")
def corpus(seeded_file: SeededFile, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with register_of(seeded_file("corpus"), tmp_path_factory.mktemp("corpus")) as register:
        yield register
