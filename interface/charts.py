"""Horizontal stacked bars as SVG, drawn on the server: they print, and need no script. Each has its table beside it."""

from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify

WIDTH, LABEL, BAR, GAP = 720, 190, 18, 8


@dataclass(frozen=True)
class Bar:
    """One line: its name, a value for each series, and where its rows are."""

    name: str
    values: tuple[int, ...]
    href: str = ""

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True)
class Figure:
    """A chart and its table: a title, the names of the series, the bars."""

    title: str
    series: tuple[str, ...]
    bars: list[Bar] = field(default_factory=list)
    unit: str = ""

    @property
    def totals(self) -> list[int]:
        return [sum(bar.values[n] for bar in self.bars) for n in range(len(self.series))]

    @property
    def total(self) -> int:
        return sum(self.totals)


def draw(figure: Figure) -> SafeString:
    """The chart as SVG; colours and texts are classes of the style sheet, patterns are drawn over the colours."""
    height = max(len(figure.bars), 1) * (BAR + GAP) + GAP
    most = max((bar.total for bar in figure.bars), default=0) or 1
    mark = f"pattern-{slugify(figure.title)}"  # an id is unique on the page
    lines = format_html_join("", "{}", ((_line(figure, bar, n, most, mark),) for n, bar in enumerate(figure.bars)))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>',
        WIDTH,
        height,
        figure.title,
        _patterns(mark) if len(figure.series) > 1 else "",
        lines,
    )


def _patterns(mark: str) -> SafeString:
    """Hatching for the second series, dots for the third: read without colour, on paper too."""
    return format_html(
        '<defs><pattern id="{0}-1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern>'
        '<pattern id="{0}-2" width="6" height="6" patternUnits="userSpaceOnUse">'
        '<circle class="dot" cx="3" cy="3" r="1.2"/></pattern></defs>',
        mark,
    )


def _line(figure: Figure, bar: Bar, n: int, most: int, mark: str) -> SafeString:
    y = GAP + n * (BAR + GAP)
    parts, x = [], LABEL
    for series, value in enumerate(bar.values):
        width = round((WIDTH - LABEL - 60) * value / most, 1)
        if value:
            says = f"{bar.name}, {figure.series[series]}: {value}"
            parts.append((_part(series, x, y, width, says, mark),))
        x += width
    name = format_html('<text class="chart-name" x="{}" y="{}">{}</text>', LABEL - 8, y + 14, _short(str(bar.name)))
    total = format_html('<text class="chart-total" x="{}" y="{}">{}</text>', round(x + 6, 1), y + 14, bar.total)
    return format_html("<g>{}{}{}</g>", name, format_html_join("", "{}", parts), total)


def _part(series: int, x: float, y: float, width: float, says: str, mark: str) -> SafeString:
    """One layer of a bar: its colour, and over it its pattern, which carries the words shown on pointing."""
    place = format_html('x="{}" y="{}" width="{}" height="{}"', round(x, 1), y, width, BAR)
    colour = format_html('<rect class="series-{}" {}><title>{}</title></rect>', series, place, says)
    if series not in (1, 2):
        return colour
    return format_html('{}<rect fill="url(#{}-{})" {}><title>{}</title></rect>', colour, mark, series, place, says)


def _short(name: str, longest: int = 27) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
