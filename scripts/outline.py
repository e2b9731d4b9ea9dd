"""Writes the outlines of countries for the console's map: `python scripts/outline.py FOLDER`, the unpacked npm package
world-atlas 2.0.2 (Natural Earth, public domain).

Shapes are of 1:110 million. Countries too small for that, such as Singapore, become points, from 1:50 million. They are
projected here (Equal Earth: areas are true to one another), so that a page only has to write them out.
"""

import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

WRITTEN = (
    Path(__file__).resolve().parent.parent / "service" / "console" / "static" / "vendor" / "world-atlas-2.0.2.json"
)
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
WIDTH, HEIGHT = 2000, 900
TOP_DEGREES = 83.7
"""The northern end of the land; Antarctica is left out."""
NEAR = 4
"""Points nearer to one another than this say nothing at the size that a page has for them."""
LEFT_OUT = "010"
HALF_TURN = 180
ROOM_FOR_A_SIGN = 2_500
"""From which area on a shape has room for a sign."""
Point = tuple[float, float]


def projected(longitude: float, latitude: float) -> Point:
    first, second, third, fourth = EQUAL_EARTH
    angle = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    square = angle * angle
    sixth = square**3
    slope = first + 3 * second * square + sixth * (7 * third + 9 * fourth * square)
    across = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(angle) / (3 * slope)
    return across, angle * (first + second * square + sixth * (third + fourth * square))


SCALE = WIDTH / (2 * projected(180, 0)[0])
TOP = projected(0, TOP_DEGREES)[1]


def on_map(point: Point) -> Point:
    """A longitude and a latitude as a place on the map; what lies beyond its edge stands on it."""
    across, up = projected(min(max(point[0], -HALF_TURN), HALF_TURN), point[1])
    return across * SCALE + WIDTH / 2, (TOP - up) * SCALE


def arcs_of(atlas: dict[str, Any]) -> list[list[Point]]:
    """The arcs that shapes share, in degrees, without points that lie too near to one another on the map."""
    (by_x, by_y), (from_x, from_y) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    return [list(_thinned(list(_decoded(arc, by_x, by_y, from_x, from_y)))) for arc in atlas["arcs"]]


def _decoded(arc: list[list[int]], by_x: float, by_y: float, from_x: float, from_y: float) -> Iterator[Point]:
    x = y = 0
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        yield x * by_x + from_x, y * by_y + from_y


def _thinned(arc: list[Point]) -> Iterator[Point]:
    kept = arc[0]
    yield kept
    for point in arc[1:-1]:
        if math.dist(on_map(point), on_map(kept)) >= NEAR:
            kept = point
            yield kept
    yield arc[-1]


def rings_of(shape: dict[str, Any], arcs: list[list[Point]]) -> Iterator[list[Point]]:
    """The rings of a shape on the map. One that crosses the edge is drawn at both of its sides."""
    polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
    for ring in (ring for polygon in polygons for ring in polygon):
        points = list[Point]()
        for number in ring:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        whole = list(_unbroken(points))
        for turn in (0, 2 * HALF_TURN, -2 * HALF_TURN):
            turned = [(longitude + turn, latitude) for longitude, latitude in whole]
            if drawn := list(_on_this_side(turned)):
                yield [on_map(point) for point in drawn]


def _on_this_side(ring: list[Point]) -> Iterator[Point]:
    """The points of a ring within the edge of the map, with those next to them, which then stand on it."""
    inside = [abs(longitude) <= HALF_TURN for longitude, _ in ring]
    for number, point in enumerate(ring):
        if inside[number] or inside[number - 1] or inside[(number + 1) % len(ring)]:
            yield point


def _unbroken(ring: list[Point]) -> Iterator[Point]:
    """A ring whose longitudes go on past the edge of the map, where it crosses that."""
    before = ring[0][0]
    for longitude, latitude in ring:
        before = longitude + round((before - longitude) / (2 * HALF_TURN)) * 2 * HALF_TURN
        yield before, latitude


def area_and_middle(ring: list[Point]) -> tuple[float, Point]:
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    crossed = [one[0] * other[1] - other[0] * one[1] for one, other in pairs]
    area = sum(crossed) / 2
    if abs(area) < 1:
        return 0.0, ring[0]
    x = sum((one[0] + other[0]) * each for (one, other), each in zip(pairs, crossed, strict=True)) / (6 * area)
    y = sum((one[1] + other[1]) * each for (one, other), each in zip(pairs, crossed, strict=True)) / (6 * area)
    return abs(area), (x, y)


def path(rings: list[list[Point]]) -> str:
    """In whole numbers, each point as its distance from the one before."""
    told = ""
    for ring in rings:
        points = [(round(x), round(y)) for x, y in ring]
        steps = [(x - before_x, y - before_y) for (before_x, before_y), (x, y) in pairwise(points)]
        steps = [step for step in steps if step != (0, 0)]
        if len(steps) > 2:
            told += f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"
    return told.replace(" -", "-")


def shapes_of(atlas: dict[str, Any]) -> Iterator[tuple[str | None, list[list[Point]]]]:
    """Each country's code, None where it has none, with its rings."""
    codes = {country.numeric: country.alpha_2 for country in pycountry.countries}
    arcs = arcs_of(atlas)
    for shape in atlas["objects"]["countries"]["geometries"]:
        if shape.get("id") != LEFT_OUT:
            yield codes.get(shape.get("id", "")), list(rings_of(shape, arcs))


def placed(rings: list[list[Point]], drawn: str) -> dict[str, Any]:
    """A country on the map: its shape, empty for a point, and the middle of its largest part."""
    area, (x, y) = max(area_and_middle(ring) for ring in rings)
    return {"d": drawn, "x": round(x), "y": round(y), "sign": bool(drawn) and area > ROOM_FOR_A_SIGN}


def main(folder: Path) -> None:
    coarse, fine = (json.loads((folder / f"countries-{scale}.json").read_text()) for scale in ("110m", "50m"))
    shapes = list(shapes_of(coarse))
    countries = {code: placed(rings, path(rings)) for code, rings in shapes if code}
    countries |= {code: placed(rings, "") for code, rings in shapes_of(fine) if code and code not in countries}
    told = {
        "width": WIDTH,
        "height": HEIGHT,
        "land": "".join(path(rings) for code, rings in shapes if not code),
        "countries": dict(sorted(countries.items())),
    }
    WRITTEN.write_text(json.dumps(told, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
