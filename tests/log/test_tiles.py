"""The tree as files, checked the way a client does: from tiles and bundles alone."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from service import errors
from service.log import merkle, read, tiles
from service.log.append import Log
from service.log.canonical import leaf_hash
from service.log.database import reading
from service.log.tiles import Tile
from tests.log.examples import proposed


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "0/000"),
        (Tile(0, 273, 112), "0/273.p/112"),
        (Tile(1, 1_234_067), "1/x001/x234/067"),
        (Tile(2, 1000, 1), "2/x001/000.p/1"),
        (Tile(None, 999, 255), "entries/999.p/255"),
        (Tile(63, 7), "63/007"),
    ],
)
def test_a_tile_has_one_path(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert Tile.of(path) == tile


@given(st.none() | st.integers(0, 63), st.integers(0, 10**15), st.integers(1, 256))
def test_every_path_leads_back_to_its_tile(level: int | None, index: int, width: int) -> None:
    assert Tile.of(Tile(level, index, width).path) == Tile(level, index, width)


@pytest.mark.parametrize(
    "path",
    [
        *("", "0", "0/0", "0/0000", "00/000", "64/000", "-1/000", "0/x000/001", "0/001/000", "0/x001/x000", "0/٠٠٠"),
        *("0/000.p/0", "0/000.p/256", "0/000.p/257", "0/000.p/01", "0/000.p", "0/000/", "entry/000", "0/000\n"),
    ],
)
def test_any_other_path_is_not_found(path: str) -> None:
    with pytest.raises(errors.NotFound):
        Tile.of(path)


def test_the_root_follows_from_tiles_and_the_tiles_from_bundles(log: Log, engine: Engine) -> None:
    log.append([proposed() for _ in range(600)], "ann")
    with reading(engine) as connection:
        head = read.read_head(connection)

        def hashes(path: str) -> list[bytes]:
            content = tiles.content(connection, Tile.of(path))
            return [content[start : start + 32] for start in range(0, len(content), 32)]

        full, partial = [hashes("0/000"), hashes("0/001")], hashes("0/002.p/88")
        assert [len(tile) for tile in full] == [256, 256]
        assert hashes("1/000.p/2") == [merkle.fold(merkle.extend([], 0, tile)[0]) for tile in full]
        peaks, _ = merkle.extend([], 0, [leaf for tile in [*full, partial] for leaf in tile])
        assert merkle.fold(peaks) == head.root
        for name, leaves in (("000", full[0]), ("001", full[1]), ("002.p/88", partial)):
            assert list(map(leaf_hash, unbundled(tiles.content(connection, Tile.of(f"entries/{name}"))))) == leaves
        for path in ("0/002", "0/002.p/89", "entries/002", "1/000", "1/000.p/3", "2/000.p/1"):
            with pytest.raises(errors.NotFound):
                tiles.content(connection, Tile.of(path))


def unbundled(bundle: bytes) -> list[bytes]:
    entries = []
    while bundle:
        (length,) = struct.unpack(">H", bundle[:2])
        entries.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return entries


def test_the_largest_envelope_fits_into_a_bundle(log: Log, engine: Engine) -> None:
    # Each of these characters takes six bytes in JSON.
    long = dict.fromkeys(["stream", "type", "effective"], "\x01" * 1_000)
    with pytest.raises(errors.InvalidRequest, match="The metadata has more than 40000 bytes"):
        log.append([proposed(metadata={"x": "a" * 39_993})], "ann")
    for fields, actor in (({"effective": "a" * 1_001}, "ann"), ({}, "a" * 1_001)):
        with pytest.raises(errors.InvalidRequest, match="has more than 1000 bytes"):
            log.append([proposed(**fields)], actor)
    log.append([proposed(**long, metadata={"x": "a" * 39_992})], "\x01" * 1_000)
    with reading(engine) as connection:
        bundle = tiles.content(connection, Tile.of("entries/000.p/1"))
    assert 64_000 < len(bundle) < 2**16
