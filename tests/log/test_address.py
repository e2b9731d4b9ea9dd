"""Addresses of databases: all that libpq reads, and what cannot be read in one sentence without a secret."""

import pytest

from service.errors import Unavailable
from service.log.address import DEFAULTS, postgresql_options, sqlite_url
from service.log.database import engine_for, reading
from service.log.read import read_head


@pytest.mark.parametrize(
    ("url", "options"),
    [
        ("postgresql://u:p%40ss@h/d", {"user": "u", "password": "p@ss", "host": "h", "dbname": "d"}),
        (
            "postgres://u@h1:5432,h2:5433/d",
            {"host": "h1,h2", "port": "5432,5433", "target_session_attrs": "read-write"},
        ),
        ("postgresql://h1,h2/d?target_session_attrs=any", {"target_session_attrs": "any"}),
        ("postgresql://[::1],[::2]:5433/d", {"host": "::1,::2"}),
        ("postgresql:///d?host=/run/postgresql&sslmode=require", {"host": "/run/postgresql", "sslmode": "require"}),
        ("postgresql+psycopg://u@h/d", {"user": "u"}),
        (
            "postgresql://h/d?connect_timeout=2&application_name=a+b",
            {"connect_timeout": "2", "application_name": "a b"},
        ),
        ("postgresql://h/d?options=-c%20search_path%3Dx", {"options": "-c search_path=x"}),
        ("postgresql://h/d?prepare_threshold=none", {"prepare_threshold": None}),
        ("postgresql://h/d?prepare_threshold=0&sslmode=disable", {"prepare_threshold": 0, "sslmode": "disable"}),
    ],
)
def test_all_that_libpq_reads_is_read(url: str, options: dict[str, object]):
    assert options.items() <= postgresql_options(url).items()


def test_a_machine_that_fell_silent_is_given_up_unless_the_address_says_otherwise():
    assert DEFAULTS.items() <= postgresql_options("postgresql://h/d").items()
    assert "target_session_attrs" not in postgresql_options("postgresql://h/d")
    assert "prepare_threshold" not in postgresql_options("postgresql://h/d")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:s3cret@h/d?no_such_option=1",
        "postgresql://u:s3cret%zz@h/d",
        "postgresql://u:s3cret@[h/d",
        "postgresql://u:s3cret@h/d?prepare_threshold=often",
        "sqlite://s3cret/file",
        "sqlite:///file?mode=s3cret",
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence_without_the_password(url: str):
    with pytest.raises(Unavailable) as refused:
        engine_for(url)
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_is_named_by_three_slashes_or_four():
    assert sqlite_url("sqlite:///a/b.db").database == "a/b.db"
    assert sqlite_url("sqlite:////a/b.db").database == "/a/b.db"


@pytest.mark.parametrize("more", ["prepare_threshold=none", "application_name=a%20name", "host=/nowhere,{host}"])
def test_a_server_is_reached_by_such_an_address(postgresql_url: str, more: str):
    address, _, host = postgresql_url.partition("?host=")
    query = more.format(host=host) if "host=" in more else f"host={host}&{more}"
    engine = engine_for(f"{address}?{query}")
    with reading(engine) as connection:
        assert read_head(connection).position == 0
    engine.dispose()
