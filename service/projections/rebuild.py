"""Rebuilds every read model from the log, beside the live rows, while appends go on.

The new rows form a generation of their own. When they have caught up, the last step happens under the log's lock: the
rest is projected, and the generation becomes the live one, in one transaction. A crash before that leaves the live rows
as they were, and the next rebuild goes on where the last one stopped. Several that run at once share the work.
"""

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from service.errors import Unavailable
from service.log import read
from service.log.database import reading, writing
from service.log.progress import Progress, silent
from service.log.standing import lacking
from service.projections import TABLES, project_into
from service.projections.tables import FORM, live, rebuilds

NEAR = 200
"""How many events may be left for the last step, during which appends wait."""
TOGETHER = 2_000
"""How many events a step before it takes. Appends wait for one step, some tenths of a second."""


def stands_at_head(engine: Engine) -> bool:
    """Whether the live rows stand where the log does, in the form of keys that this version reads."""
    with reading(engine) as connection:
        row = connection.execute(select(live.c.position, live.c.form)).one()
        at_head: bool = row.position == read.read_head(connection).position
        return at_head and (row.form == FORM or row.position == 0)


OLDER_FORM = "The database's read models are of an older version: run `lodestone rebuild`."


def unfit(connection: Connection) -> str | None:
    """Why this version cannot read from a database, as a sentence that says what to run; None where it can.

    Rows of an older form lack keys that are looked for now: what they do not find would be answered as not recorded.
    """
    if said := lacking(connection):
        return said
    row = connection.execute(select(live.c.position, live.c.form)).one()
    return OLDER_FORM if row.position and row.form != FORM else None


def rebuild(engine: Engine, progress: Progress = silent) -> int:
    """Returns the log position that the new rows stand at. Raises Unavailable."""
    generation, done = _begun(engine)
    while (left := _left(engine, done)) > NEAR:
        progress(done, done + left)
        done = _step(engine, generation, done)
    through = _swap(engine, generation)
    progress(through, through)
    _clean(engine)
    return through


def _begun(engine: Engine) -> tuple[int, int]:
    """The generation to write, and how far it has come: the newest that is not done, or else a new one."""
    with writing(engine) as connection:
        read.locked_head(connection)
        unfinished = (rebuilds.c.generation > live.c.generation) & (rebuilds.c.form == FORM)
        query = select(rebuilds.c.generation, rebuilds.c.position).where(unfinished)
        found = connection.execute(query.order_by(rebuilds.c.generation.desc()).limit(1)).one_or_none()
        if found is not None:
            return found.generation, found.position
        connection.execute(update(live).values(newest=live.c.newest + 1))
        generation: int = connection.execute(select(live.c.newest)).scalar_one()
        connection.execute(insert(rebuilds).values(generation=generation, position=0, form=FORM))
    return generation, 0


def _left(engine: Engine, done: int) -> int:
    with reading(engine) as connection:
        return read.read_head(connection).position - done


def _step(engine: Engine, generation: int, done: int) -> int:
    """Projects one batch in a transaction of its own, so that appends pass in between. Returns how far the generation
    has come: past the batch, or to where another rebuild has brought it."""
    with writing(engine) as connection:
        batch = read.said(connection, done, TOGETHER)
        if not _moved(connection, _at(generation, done), batch[-1].position):
            return _position(connection, generation)
        project_into(connection, batch, generation)
    return batch[-1].position


def _at(generation: int, done: int) -> ColumnElement[bool]:
    return and_(rebuilds.c.generation == generation, rebuilds.c.position == done)


def _moved(connection: Connection, where: ColumnElement[bool], to: int) -> bool:
    """Whether a generation still stood there. Its row is held until the transaction ends: nobody projects the same."""
    return connection.execute(update(rebuilds).where(where).values(position=to)).rowcount == 1


def _position(connection: Connection, generation: int) -> int:
    """How far a generation has come, once nobody is at work on it."""
    query = select(rebuilds.c.position).where(rebuilds.c.generation == generation).with_for_update()
    position: int | None = connection.execute(query).scalar_one_or_none()
    if position is None:
        raise Unavailable("Another rebuild, begun later, is done already; its rows are the live ones.")
    return position


def _swap(engine: Engine, generation: int) -> int:
    """Makes a generation the live one, unless another rebuild has done so. Raises Unavailable."""
    with writing(engine) as connection:
        through, done = read.locked_head(connection).position, _position(connection, generation)
        if connection.execute(select(live.c.generation)).scalar_one() == generation:
            return through
        while batch := read.said(connection, done, TOGETHER):
            project_into(connection, batch, generation)
            done = batch[-1].position
        connection.execute(update(rebuilds).where(rebuilds.c.generation == generation).values(position=through))
        newer = live.c.generation < generation
        swapped = connection.execute(
            update(live).where(newer).values(generation=generation, position=through, form=FORM)
        )
        if swapped.rowcount != 1:
            raise Unavailable("Another rebuild, begun later, is done already; its rows are the live ones.")
    return through


def _clean(engine: Engine) -> None:
    """Removes the rows of generations that are past, one table at a time."""
    for table in (*TABLES, rebuilds):
        with writing(engine) as connection:
            past = connection.execute(select(live.c.generation)).scalar_one()
            connection.execute(delete(table).where(table.c.generation < past))
