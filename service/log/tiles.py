"""The tree and its entries as static files: C2SP tlog-tiles.

A tile holds 256 hashes of one level, a bundle the 256 entries under a tile of level 0; the last of each is narrower
until it is full. A tile that exists never changes, so that any cache may keep it.
"""

import re
import struct
from dataclasses import dataclass
from typing import Self

from sqlalchemy import ColumnElement, Connection, select

from service import errors
from service.log import read
from service.log.entry import entry_of, envelope
from service.log.tables import events, nodes

WIDTH = 256
_HEIGHT = 8
HIGHEST_LEVEL = 63

_PATH = re.compile(
    r"(?P<level>entries|0|[1-9][0-9]?)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


@dataclass(frozen=True, slots=True)
class Tile:
    """`level` is None for a bundle of entries. `width` is 256 where the tile is full."""

    level: int | None
    index: int
    width: int = WIDTH

    @classmethod
    def of(cls, path: str) -> Self:
        """From a path below `tile/`. Raises NotFound for one that names no tile in the only form there is."""
        parts = _PATH.fullmatch(path)
        if parts is not None:
            level = None if parts["level"] == "entries" else int(parts["level"])
            index = int(parts["index"].replace("x", "").replace("/", ""))
            tile = cls(level, index, int(parts["width"] or WIDTH))
            if tile.path == path and tile.width <= WIDTH and (level or 0) <= HIGHEST_LEVEL:
                return tile
        raise errors.NotFound("This is not the path of a tile.")

    @property
    def path(self) -> str:
        level = "entries" if self.level is None else self.level
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{level}/{_index_path(self.index)}{partial}"

    @property
    def size_needed(self) -> int:
        """How many events the log holds at least where the tile exists."""
        return (self.index * WIDTH + self.width) << (_HEIGHT * (self.level or 0))


def _index_path(index: int) -> str:
    last = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        last = f"x{index % 1000:03}/{last}"
    return last


def content(connection: Connection, tile: Tile) -> bytes:
    """A tile's bytes. Raises NotFound where the log is not long enough for it."""
    size = read.read_head(connection).position
    if tile.size_needed > size:
        raise errors.NotFound(f"The tile {tile.path} needs {tile.size_needed} events; the log holds {size}.")
    first = tile.index * WIDTH
    if tile.level is None:
        return _bundle(connection, first, tile.width)
    if tile.level == 0:
        query = select(events.c.hash).where(_between(first, tile.width)).order_by(events.c.position)
    else:
        query = (
            select(nodes.c.hash)
            .where(nodes.c.level == _HEIGHT * tile.level)
            .where(nodes.c.index >= first, nodes.c.index < first + tile.width)
            .order_by(nodes.c.index)
        )
    return b"".join(connection.execute(query).scalars())


def _bundle(connection: Connection, first: int, width: int) -> bytes:
    query = read.ENTRY.where(_between(first, width)).order_by(events.c.position)
    entries = (entry_of(row) for row in connection.execute(query))
    return b"".join(_prefixed(envelope(entry.event, entry.digest)) for entry in entries)


def _between(first: int, width: int) -> ColumnElement[bool]:
    return events.c.position.between(first + 1, first + width)


def _prefixed(entry: bytes) -> bytes:
    return struct.pack(">H", len(entry)) + entry
