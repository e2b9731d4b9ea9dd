"""Rebuilds every read model from the log, beside the live rows, while appends go on.

The new rows form a generation of their own. When they have caught up, the last step happens under the log's lock: the
rest is projected, and the generation becomes the live one, in one transaction. A crash before that leaves the live rows
as they were; what it left behind is removed by the next rebuild.
"""

from sqlalchemy import Engine, delete, select, update

from service.errors import Unavailable
from service.log import read
from service.log.database import reading, writing
from service.log.progress import Progress, silent
from service.projections import TABLES, project_into
from service.projections.tables import FORM, live

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


def rebuild(engine: Engine, progress: Progress = silent) -> int:
    """Returns the log position that the new rows stand at. Raises Unavailable."""
    generation, done = _begun(engine), 0
    while (left := _left(engine, done)) > NEAR:
        done = _step(engine, generation, done)
        progress(done, done + left)
    through = _swap(engine, generation, done)
    progress(through, through)
    _clean(engine)
    return through


def _begun(engine: Engine) -> int:
    """A generation that no other rebuild writes to."""
    with writing(engine) as connection:
        read.locked_head(connection)
        connection.execute(update(live).values(newest=live.c.newest + 1))
        generation: int = connection.execute(select(live.c.newest)).scalar_one()
    return generation


def _left(engine: Engine, done: int) -> int:
    with reading(engine) as connection:
        return read.read_head(connection).position - done


def _step(engine: Engine, generation: int, done: int) -> int:
    """Projects one batch in a transaction of its own, so that appends pass in between."""
    with writing(engine) as connection:
        batch = read.said(connection, done, TOGETHER)
        project_into(connection, batch, generation)
    return batch[-1].position


def _swap(engine: Engine, generation: int, done: int) -> int:
    with writing(engine) as connection:
        through = read.locked_head(connection).position
        while batch := read.said(connection, done, TOGETHER):
            project_into(connection, batch, generation)
            done = batch[-1].position
        newer = live.c.generation < generation
        swapped = connection.execute(
            update(live).where(newer).values(generation=generation, position=through, form=FORM)
        )
        if swapped.rowcount != 1:
            raise Unavailable("Another rebuild, begun later, is done already; its rows are the live ones.")
    return through


def _clean(engine: Engine) -> None:
    """Removes the rows of generations that are past, one table at a time."""
    for table in TABLES:
        with writing(engine) as connection:
            past = connection.execute(select(live.c.generation)).scalar_one()
            connection.execute(delete(table).where(table.c.generation < past))
