"""Bar and column charts as plain geometry: values in, SVG coordinates out. The template draws, the style sheet colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from django.utils.translation import gettext_lazy as _

BAR, GAP, LABEL_WIDTH, WIDTH, TOTAL_WIDTH = 18, 10, 190, 720, 56
COLUMN_HEIGHT, AXIS_ROOM, SCALE_ROOM = 220, 34, 40

# The tones of the style sheet: each is a colour and, except the first, a pattern.
WOMEN, MEN, NOT_STATED = "a", "b", "c"


@dataclass(frozen=True)
class Series:
    """One layer of every bar. `tone` is a, b, c or d: a colour with a pattern of its own."""

    label: str
    tone: str


@dataclass(frozen=True)
class Row:
    """One bar. A value of None is withheld: drawn as nothing, written as "<5"."""

    label: str
    values: Sequence[int | None]
    url: str = ""

    @property
    def total(self) -> int | None:
        return None if None in self.values else sum(self.values)


@dataclass(frozen=True)
class Figure:
    """What a chart shows. `name` is unique on the page; `kind` is "bars" (across) or "columns" (upright)."""

    name: str
    title: str
    series: Sequence[Series]
    rows: Sequence[Row]
    row_heading: str = ""
    note: str = ""
    kind: str = "bars"
    shows_table: bool = True


BY_SEX = (Series(_("Women"), WOMEN), Series(_("Men"), MEN), Series(_("Not stated"), NOT_STATED))


@dataclass(frozen=True)
class Block:
    x: float
    y: float
    width: float
    height: float
    tone: str
    says: str


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Line:
    at: float
    label: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    blocks: list[Block]
    labels: list[Label]
    totals: list[Label]
    lines: list[Line] = field(default_factory=list)


def draw(figure: Figure) -> Drawing:
    return draw_columns(figure) if figure.kind == "columns" else draw_bars(figure)


def draw_bars(figure: Figure) -> Drawing:
    room = WIDTH - LABEL_WIDTH - TOTAL_WIDTH
    scale = room / (largest(figure) or 1)
    blocks, labels, totals = [], [], []
    for number, row in enumerate(figure.rows):
        y = number * (BAR + GAP) + GAP / 2
        labels.append(Label(LABEL_WIDTH - 10, y + BAR - 5, shortened(row.label)))
        for series, start, length in layers(figure, row, scale):
            blocks.append(Block(LABEL_WIDTH + start, y, length, BAR, series.tone, says(row, series, figure)))
        totals.append(Label(LABEL_WIDTH + drawn(row) * scale + 6, y + BAR - 5, written(row.total)))
    return Drawing(WIDTH, len(figure.rows) * (BAR + GAP) or BAR, blocks, labels, totals)


def draw_columns(figure: Figure) -> Drawing:
    top = nice_top(largest(figure))
    scale = COLUMN_HEIGHT / top
    step = (WIDTH - SCALE_ROOM) / (len(figure.rows) or 1)
    width = min(step * 0.7, 48)
    blocks, labels, totals = [], [], []
    for number, row in enumerate(figure.rows):
        x = SCALE_ROOM + number * step + (step - width) / 2
        for series, start, length in layers(figure, row, scale):
            y = AXIS_ROOM / 2 + COLUMN_HEIGHT - start - length
            blocks.append(Block(x, y, width, length, series.tone, says(row, series, figure)))
        labels.append(Label(x + width / 2, AXIS_ROOM + COLUMN_HEIGHT, row.label))
        totals.append(Label(x + width / 2, AXIS_ROOM / 2 + COLUMN_HEIGHT - drawn(row) * scale - 5, written(row.total)))
    lines = [Line(AXIS_ROOM / 2 + COLUMN_HEIGHT - at * scale, str(at)) for at in (0, top // 2, top)]
    return Drawing(WIDTH, COLUMN_HEIGHT + AXIS_ROOM + 8, blocks, labels, totals, lines)


def layers(figure: Figure, row: Row, scale: float):
    """(series, start, length) of each layer that is longer than nothing, stacked."""
    lengths = [round((value or 0) * scale, 1) for value in row.values]
    starts = accumulate([0.0, *lengths])
    return [layer for layer in zip(figure.series, starts, lengths, strict=False) if layer[2] > 0]


def drawn(row: Row) -> int:
    return sum(value or 0 for value in row.values)


def largest(figure: Figure) -> int:
    return max((drawn(row) for row in figure.rows), default=0)


def nice_top(value: int) -> int:
    """The end of an upright scale: the next of 2, 4, 10, 20, 40, 100 … at or above the value."""
    top, factors = 2, (2, 2.5, 2)
    for turn in range(60):
        if top >= value:
            break
        top = int(top * factors[turn % 3])
    return top


def says(row: Row, series: Series, figure: Figure) -> str:
    return f"{row.label}, {series.label}: {written(row.values[list(figure.series).index(series)])}"


def written(value: int | None) -> str:
    return "<5" if value is None else str(value)


def shortened(label: str, length: int = 26) -> str:
    label = str(label)
    return label if len(label) <= length else label[: length - 1].rstrip() + "…"
