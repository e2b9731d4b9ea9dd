"""Who may do what in the database. PostgreSQL has roles; SQLite has none: whoever can write its file can do anything.

The triggers refuse to everyone, and an owner can drop them. So the service runs as a role that owns nothing.
"""

import re
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, text

from service.errors import InvalidRequest
from service.log.database import writing
from service.log.tables import events, head, nodes, payloads, requests, subjects

APPENDED = ", ".join(table.name for table in (events, payloads, nodes, requests, subjects))

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def init(engine: Engine, application: str, redaction: str, read_models: Sequence[str], only_read: Sequence[str]) -> str:
    """Gives two roles exactly the rights that they need, and says so; makes those that do not exist, without a login.

    To be run by the owner of the tables, again after each migration. The application appends, reads, and writes the
    read models; redaction may also empty a payload with its salt, and forget what it was about. Both look into the
    tables that are `only_read`, which are the owner's to fill. Raises InvalidRequest for a role that could do more.
    """
    if engine.dialect.name != "postgresql":
        return "SQLite has no roles: whoever can write the file can change all of it. Nothing was done."
    with writing(engine) as connection:
        _refuse_others(connection)
        for role in (application, redaction):
            _make(connection, role)
        _refuse_powerful(connection, application, redaction)
        for statement in _statements(connection, application, redaction, read_models, only_read):
            connection.execute(text(statement))
    return f"{application} appends, and {redaction} may also redact; neither can change or remove an event."


OWNER = "(SELECT relowner FROM pg_class WHERE oid = CAST('events' AS regclass))"


def _refuse_others(connection: Connection) -> None:
    """PostgreSQL only warns where somebody grants what is not theirs."""
    found = connection.execute(text(f"SELECT pg_has_role({OWNER}, 'MEMBER'), pg_get_userbyid({OWNER})")).one()
    if not found[0]:
        raise InvalidRequest(f"Only {found[1]} gives rights to the tables, as their owner.")


def _make(connection: Connection, role: str) -> None:
    if not _NAME.fullmatch(role):
        raise InvalidRequest(f"{role!r} is not a role name: lower-case letters, digits and _, at most 63.")
    query = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    if connection.execute(query, {"role": role}).first() is None:
        connection.execute(text(f'CREATE ROLE "{role}" NOLOGIN'))


def _refuse_powerful(connection: Connection, application: str, redaction: str) -> None:
    """A superuser counts as a member of every role."""
    owns = text(f"SELECT pg_has_role(:role, {OWNER}, 'MEMBER')")
    for role in (application, redaction):
        if connection.scalar(owns, {"role": role}):
            raise InvalidRequest(f"The role {role} owns the tables or is a superuser; rights cannot bind it.")
    redacts = text("SELECT pg_has_role(:application, :redaction, 'MEMBER')")
    if connection.scalar(redacts, {"application": application, "redaction": redaction}):
        raise InvalidRequest(f"The role {application} is {redaction} or a member of it, so it could redact.")


def _statements(
    connection: Connection, application: str, redaction: str, read_models: Sequence[str], only_read: Sequence[str]
) -> list[str]:
    """What is not granted here is taken away, so that a second run leaves what the first did."""
    both = f'"{application}", "{redaction}"'
    schema, database = (_quoted(connection, f"SELECT current_{what}()") for what in ("schema", "database"))
    return [
        f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {both}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {both}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {both}",
        f"GRANT USAGE ON SCHEMA {schema} TO {both}",
        f"GRANT SELECT, INSERT ON {APPENDED} TO {both}",
        f"GRANT SELECT ON {', '.join(only_read)} TO {both}",
        f"GRANT SELECT, INSERT, UPDATE ON {head.name} TO {both}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(read_models)} TO {both}",
        f'GRANT UPDATE (payload, salt) ON {payloads.name} TO "{redaction}"',
        f'GRANT DELETE ON {subjects.name} TO "{redaction}"',
    ]


def _quoted(connection: Connection, query: str) -> str:
    name: str = connection.execute(text(query)).scalar_one()
    return connection.dialect.identifier_preparer.quote_identifier(name)
