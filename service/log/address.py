"""The address of a database, and how it is connected to."""

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from service.errors import Unavailable

CONNECT_TIMEOUT_S = 5
LOST_AFTER_S = 10
"""How long PostgreSQL's machine may be silent while an answer of it is due."""
DEFAULTS = {
    "application_name": "lodestone",
    "client_encoding": "UTF8",
    "connect_timeout": CONNECT_TIMEOUT_S,
    "tcp_user_timeout": LOST_AFTER_S * 1000,
    "keepalives_idle": LOST_AFTER_S,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
PREPARE = "prepare_threshold"
"""Not of libpq: after how many times a statement is prepared; none for a pooler that hands out connections by
transaction and knows no prepared statements."""
SCHEMES = ("postgresql", "postgres")


def is_postgresql(url: str) -> bool:
    return url.partition("://")[0].partition("+")[0] in SCHEMES


def sqlite_url(url: str) -> URL:
    """The URL of a file. Raises Unavailable."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = URL.create("none")
    if parsed.get_backend_name() != "sqlite":
        # The URL itself is not repeated: it may hold a password.
        raise Unavailable("The database's URL must begin with sqlite:/// or postgresql://.")
    if parsed.query or parsed.host:
        raise Unavailable("The database's URL is sqlite:///file or sqlite:////file: no host, nothing behind a ?.")
    return parsed.set(drivername="sqlite+pysqlite")


def postgresql_options(url: str) -> Mapping[str, Any]:
    """What psycopg connects with: all that libpq reads in a URL, several hosts among it, and `prepare_threshold`.

    Of several hosts the one that takes writes, unless the URL asks otherwise. Raises Unavailable.
    """
    try:
        _scheme, where, path, query, _ = urlsplit(url)
        pairs = parse_qsl(query, keep_blank_values=True)
        plain = f"postgresql://{where}{path}?{_query(pairs)}"
        options: dict[str, Any] = {**DEFAULTS, **conninfo_to_dict(plain)}
    except (psycopg.Error, ValueError):
        raise Unavailable(
            "The database's URL cannot be read: postgresql://user:password@host:port/database, several hosts with "
            "commas, options of libpq behind a ?, and characters such as @ / : % in a password as %40 %2F %3A %25."
        ) from None
    if "," in str(options.get("host", "")):
        options.setdefault("target_session_attrs", "read-write")
    threshold = dict(pairs).get(PREPARE)
    if threshold is not None:
        options[PREPARE] = _threshold(threshold)
    return options


def _query(pairs: list[tuple[str, str]]) -> str:
    # libpq takes a + for a plus.
    return urlencode([pair for pair in pairs if pair[0] != PREPARE]).replace("+", "%20")


def _threshold(text: str) -> int | None:
    if text == "none":
        return None
    if not (text.isascii() and text.isdecimal()):
        raise Unavailable(f"{PREPARE} in the database's URL is a number, or none.")
    return int(text)


def connector(options: Mapping[str, Any]) -> functools.partial[Any]:
    return functools.partial(psycopg.connect, **options)
