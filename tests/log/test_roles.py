"""What the roles of the service may do in PostgreSQL, tried as those roles."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import DBAPIError

from service import seeds
from service.domain.decide import decide
from service.errors import InvalidRequest, Unavailable
from service.keys import all_keys
from service.keys import table as access_keys
from service.log import lastknown, roles
from service.log.append import Log
from service.log.database import engine_for, opened, reading, writing
from service.log.progress import silent
from service.log.verify import verify
from service.projections import TABLES, project
from service.projections.rebuild import rebuild
from service.projections.tables import live, rebuilds

READ_MODELS = [live.name, rebuilds.name, *(table.name for table in TABLES)]
ONLY_READ = [access_keys.name]


@dataclass(frozen=True)
class Roles:
    owner: Engine
    application: Engine
    redaction: Engine

    def init(self) -> str:
        return roles.init(self.owner, name(self.application), name(self.redaction), READ_MODELS, ONLY_READ)


def name(engine: Engine) -> str:
    """The role that an engine connects as. Its URL has none: the driver is given the whole address."""
    with reading(engine) as connection:
        return str(connection.execute(text("SELECT current_user")).scalar_one())


@pytest.fixture
def database(postgresql_url: str, postgresql_admin: psycopg.Connection) -> Iterator[Roles]:
    """A database with a few events, and two roles that may log in."""
    names = [f"{role}_{uuid.uuid4().hex}" for role in ("app", "redaction")]
    for one in names:
        postgresql_admin.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'secret'").format(sql.Identifier(one)))
    application, redaction = (
        make_url(postgresql_url).set(username=one, password="secret").render_as_string(hide_password=False)
        for one in names
    )
    try:
        with opened(postgresql_url) as owner:
            with opened(application) as as_application, opened(redaction) as as_redaction:
                found = Roles(owner, as_application, as_redaction)
                found.init()
                yield found
            with writing(owner) as connection:
                for one in names:
                    connection.execute(text(f'DROP OWNED BY "{one}"'))
    finally:
        for one in names:
            postgresql_admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(one)))


def load_article(engine: Engine) -> None:
    with Log(engine, decide, project) as log:
        seeds.load(log, seeds.read("article"), silent)


def test_the_application_appends_answers_rebuilds_and_accepts_a_restore(database: Roles) -> None:
    load_article(database.application)
    assert rebuild(database.application) == 15
    assert lastknown.accept_restore(database.application, None) == 2
    with reading(database.application) as connection:
        assert verify(connection).position == 15
        assert connection.execute(text("SELECT count(*) FROM lookups")).scalar_one() > 0
        assert all_keys(connection) == []


NEVER = [
    "UPDATE events SET actor = 'eve'",
    "UPDATE events SET hash = hash",
    "DELETE FROM events",
    "TRUNCATE events",
    "TRUNCATE lookups",
    "UPDATE payloads SET payload = '{}'",
    "DELETE FROM payloads",
    "TRUNCATE payloads",
    "UPDATE nodes SET hash = hash",
    "DELETE FROM nodes",
    "UPDATE requests SET key = key",
    "DELETE FROM requests",
    "TRUNCATE requests",
    "UPDATE subjects SET subject = subject",
    "TRUNCATE subjects",
    "TRUNCATE nodes",
    "UPDATE head SET position = 1",
    "DELETE FROM head",
    "TRUNCATE head",
    "DROP TRIGGER events_update ON events",
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "ALTER TABLE events DISABLE TRIGGER events_update",
    "ALTER TABLE events DROP COLUMN actor",
    "ALTER TABLE events OWNER TO CURRENT_USER",
    "DROP TABLE events",
    "DROP TABLE lookups",
    "CREATE TABLE mine (one integer)",
    "CREATE TEMPORARY TABLE events (one integer)",
    "CREATE SCHEMA mine",
    "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE TRIGGER mine BEFORE INSERT ON events EXECUTE FUNCTION refuse('no')",
    "CREATE RULE mine AS ON INSERT TO events DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    # It grants nothing, and only warns.
    "GRANT ALL ON events TO CURRENT_USER; DELETE FROM events",
    "CREATE ROLE mine SUPERUSER",
    "INSERT INTO access_keys (prefix, name, scope, digest, made_at) VALUES ('mine', 'mine', 'admin', '', 0)",
    "UPDATE access_keys SET scope = 'admin'",
    "DELETE FROM access_keys",
]


# By rights where the role has none, and by a trigger where it has some.
BY_DATABASE = (Unavailable, DBAPIError)
REFUSED = "permission denied|must be owner|never moves back|can be emptied"


def test_neither_role_changes_removes_or_disarms_anything(database: Roles, subtests: pytest.Subtests) -> None:
    load_article(database.application)
    for engine in (database.application, database.redaction):
        for statement in NEVER:
            with subtests.test(f"{name(engine)}: {statement}"), pytest.raises(BY_DATABASE, match=REFUSED):
                run(engine, statement)
    with reading(database.owner) as connection:
        assert verify(connection).position == 15


def run(engine: Engine, *statements: str) -> None:
    with writing(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


REDACT = "UPDATE payloads SET payload = NULL, salt = NULL WHERE position = 1"
FORGET = "DELETE FROM subjects WHERE position = 1"


def test_only_the_redaction_role_empties_a_payload(database: Roles) -> None:
    load_article(database.redaction)
    for statement in (REDACT, FORGET):
        with pytest.raises(BY_DATABASE, match="permission denied"):
            run(database.application, statement)
        run(database.redaction, statement)
    with reading(database.owner) as connection:
        assert verify(connection).position == 15


def test_what_was_granted_by_hand_is_taken_away_by_a_second_run(database: Roles) -> None:
    load_article(database.application)
    run(database.owner, f'GRANT UPDATE (payload, salt) ON payloads TO "{name(database.application)}"')
    run(database.application, REDACT)
    assert "appends" in database.init()
    with pytest.raises(BY_DATABASE, match="permission denied"):
        run(database.application, REDACT)


def test_roles_that_do_not_exist_are_made_without_a_login(
    postgresql_url: str, postgresql_admin: psycopg.Connection
) -> None:
    application, redaction = names = [f"{role}_{uuid.uuid4().hex}" for role in ("app", "redaction")]
    engine = engine_for(postgresql_url)
    for _ in range(2):
        roles.init(engine, application, redaction, READ_MODELS, ONLY_READ)
    logins = postgresql_admin.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = ANY(%s)", [names]).fetchall()
    assert logins == [(False,), (False,)]
    for one in names:
        run(engine, f'DROP OWNED BY "{one}"')
        run(engine, f'DROP ROLE "{one}"')
    engine.dispose()


def test_a_role_that_could_do_more_is_refused(database: Roles) -> None:
    application = name(database.application)
    with reading(database.owner) as connection:
        superuser = connection.execute(text("SELECT current_user")).scalar_one()
    with pytest.raises(InvalidRequest, match="superuser"):
        roles.init(database.owner, superuser, name(database.redaction), READ_MODELS, ONLY_READ)
    with pytest.raises(InvalidRequest, match="could redact"):
        roles.init(database.owner, application, application, READ_MODELS, ONLY_READ)
    with pytest.raises(InvalidRequest, match="not a role name"):
        roles.init(database.owner, 'x"; DROP TABLE events; --', name(database.redaction), READ_MODELS, ONLY_READ)


def test_only_the_owner_of_the_tables_gives_rights(database: Roles) -> None:
    with pytest.raises(InvalidRequest, match="owner"):
        roles.init(database.application, name(database.application), name(database.redaction), READ_MODELS, ONLY_READ)


def test_on_sqlite_there_are_no_roles_and_nothing_is_done(sqlite_url: str) -> None:
    engine = engine_for(sqlite_url)
    assert "no roles" in roles.init(engine, "app", "redaction", READ_MODELS, ONLY_READ)
    engine.dispose()
