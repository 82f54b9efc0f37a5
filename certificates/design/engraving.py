"""Draws art.svg, the engraving of certificates. After a change here: python -m certificates.design.engraving

Everything is a closed wave: along the border, or around a centre. Waves of one family differ by their phase alone,
and their crossings make the pattern that engine-turned paper has. Coordinates are whole hundredths of a millimetre,
and each colour and width is one path, since every certificate carries the drawing.
"""

from collections.abc import Callable
from itertools import pairwise
from math import cos, pi, sin, tau
from pathlib import Path

WIDTH, HEIGHT = 29700, 21000
ART = Path(__file__).with_name("art.svg")

INK = "#1d3260"
SOFT = "#8797b8"
FAINT = "#eceff5"

BAND = 1250  # from the paper's edge to the middle of the border's band
CORNER = 150  # its radius at the corners, below the medallions
MIDDLE = (WIDTH / 2, 10200)
SEAL = (25550, 16900)
ORNAMENT = 5640

# Of half a wave's length: how far the handles reach, so that a cubic follows the cosine to within a hundredth.
HANDLE = 0.3642

Point = tuple[float, float]
Curve = Callable[[float], Point]


def drawing() -> str:
    """The whole page as SVG."""
    paths = [
        _path(FAINT, 10, *_watermark()),
        _path(SOFT, 9, *_border_waves()),
        _path(INK, 28, _frame(850), _frame(1650)),
        _path(SOFT, 9, _frame(770), _frame(1730)),
        _path(SOFT, 9, *(_ring(centre, 385) for centre in _corners()), fill="#ffffff"),
        _path(INK, 9, *_medallions()),
        _path(SOFT, 8, *_rosette(SEAL, (1010, 250, 16, 8), (560, 210, 12, 8))),
        _path(INK, 8, *_rosette(SEAL, (1270, 60, 60, 2), (250, 110, 8, 6))),
        _path(INK, 16, *(_ring(SEAL, radius) for radius in (1370, 1180, 785, 345))),
        _path(INK, 4, _ornament(), fill=INK),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="297mm" height="210mm">\n'
        + "\n".join(paths)
        + "\n</svg>\n"
    )


def _border_waves() -> list[str]:
    waves, count = 64, 6
    return [_traced(_along_border(waves, 250, k / count), waves, k / count) for k in range(count)]


def _watermark() -> list[str]:
    return _rosette(MIDDLE, (5600, 900, 14, 8), (3700, 800, 12, 8), (2100, 620, 8, 7))


def _rosette(centre: Point, *rings: tuple[int, int, int, int]) -> list[str]:
    """Rings of waves around a centre, each as radius, height of waves, waves in a turn, and how many turns."""
    return [
        _traced(_around(centre, radius, height, waves, k / count), waves, k / count)
        for radius, height, waves, count in rings
        for k in range(count)
    ]


def _ornament() -> str:
    """Below the heading: a lozenge between two lines that run out."""
    x, y = round(MIDDLE[0]), ORNAMENT
    near, far, tall, wide = 260, 2600, 62, 100
    left = f"M{x - near} {y - 9}V{y + 9}C{x - far // 2} {y + 6} {x - far} {y} {x - far} {y}Z"
    right = f"M{x + near} {y - 9}V{y + 9}C{x + far // 2} {y + 6} {x + far} {y} {x + far} {y}Z"
    corners = [(x - wide, y), (x, y - tall), (x + wide, y), (x, y + tall), (x - wide, y)]
    sides = "".join(f"C{_whole(a)} {_whole(b)} {_whole(b)}" for a, b in pairwise(corners))
    return f"{left}{right}M{_whole(corners[0])}{sides}Z"


def _medallions() -> list[str]:
    """They cover the corners, where the waves would crowd."""
    return [path for centre in _corners() for path in _rosette(centre, (230, 110, 8, 4))]


def _corners() -> list[Point]:
    return [(x, y) for x in (BAND, WIDTH - BAND) for y in (BAND, HEIGHT - BAND)]


def _around(centre: Point, radius: float, height: float, waves: int, phase: float) -> Curve:
    def curve(t: float) -> Point:
        r = radius + height * cos(tau * (waves * t - phase))
        return centre[0] + r * cos(tau * t), centre[1] + r * sin(tau * t)

    return curve


def _ring(centre: Point, radius: float) -> str:
    return _traced(_around(centre, radius, 0, 1, 0), waves=4, phase=0)


def _along_border(waves: int, height: float, phase: float) -> Curve:
    """A wave whose zero line is the rounded rectangle in the middle of the band."""

    def curve(t: float) -> Point:
        (x, y), (nx, ny) = _on_rectangle(t)
        away = height * cos(tau * (waves * t - phase))
        return x + away * nx, y + away * ny

    return curve


def _on_rectangle(t: float) -> tuple[Point, Point]:
    """The point at the share t of the way round, clockwise from the upper left corner's end; and its outward normal."""
    across, down = WIDTH - 2 * (BAND + CORNER), HEIGHT - 2 * (BAND + CORNER)
    arc = CORNER * pi / 2
    way = (t % 1) * (2 * across + 2 * down + 4 * arc)
    left, top, right, bottom = BAND + CORNER, BAND + CORNER, WIDTH - BAND - CORNER, HEIGHT - BAND - CORNER
    sides = [
        (across, (left, BAND), (1, 0), (right, top), -pi / 2),
        (down, (WIDTH - BAND, top), (0, 1), (right, bottom), 0),
        (across, (right, HEIGHT - BAND), (-1, 0), (left, bottom), pi / 2),
        (down, (BAND, bottom), (0, -1), (left, top), pi),
    ]
    for length, (x, y), (dx, dy), (cx, cy), angle in sides:
        if way <= length:
            return (x + way * dx, y + way * dy), (dy, -dx)
        way -= length
        if way <= arc:
            turn = angle + way / CORNER
            return (cx + CORNER * cos(turn), cy + CORNER * sin(turn)), (cos(turn), sin(turn))
        way -= arc
    return (left, BAND), (0, -1)


def _frame(inset: int) -> str:
    return f"M{inset} {inset}H{WIDTH - inset}V{HEIGHT - inset}H{inset}Z"


def _traced(curve: Curve, waves: int, phase: float) -> str:
    """A closed wave as cubic Béziers from crest to trough to crest, which is where two for each wave are enough."""
    step = 1 / (2 * waves)
    times = [(phase / waves) + k * step for k in range(2 * waves + 1)]
    points, slopes = [curve(t) for t in times], [_slope(curve, t) for t in times]
    parts = [f"M{_whole(points[0])}"]
    for (x0, y0), (u0, v0), (x3, y3), (u3, v3) in zip(points, slopes, points[1:], slopes[1:], strict=False):
        reach = step * HANDLE
        handles = (x0 + u0 * reach, y0 + v0 * reach), (x3 - u3 * reach, y3 - v3 * reach)
        parts.append(f"C{_whole(handles[0])} {_whole(handles[1])} {_whole((x3, y3))}")
    return "".join(parts) + "Z"


def _slope(curve: Curve, t: float, small: float = 1e-6) -> Point:
    (x0, y0), (x1, y1) = curve(t - small), curve(t + small)
    return (x1 - x0) / (2 * small), (y1 - y0) / (2 * small)


def _whole(point: Point) -> str:
    return f"{round(point[0])} {round(point[1])}"


def _path(colour: str, width: int, *parts: str, fill: str = "none") -> str:
    return f'<path fill="{fill}" stroke="{colour}" stroke-width="{width}" d="{"".join(parts)}"/>'


if __name__ == "__main__":
    ART.write_text(drawing(), encoding="utf-8")
