"""Horizontal stacked bars as SVG, drawn on the server: they print, and need no script. Each has its table beside it."""

from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
    """The chart as SVG; colours, patterns and texts are classes of the style sheet."""
    height = max(len(figure.bars), 1) * (BAR + GAP) + GAP
    most = max((bar.total for bar in figure.bars), default=0) or 1
    lines = format_html_join("", "{}", ((_line(bar, n, most),) for n, bar in enumerate(figure.bars)))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>', WIDTH, height, figure.title, lines
    )


def _line(bar: Bar, n: int, most: int) -> SafeString:
    y = GAP + n * (BAR + GAP)
    parts, x = [], LABEL
    for series, value in enumerate(bar.values):
        width = round((WIDTH - LABEL - 60) * value / most, 1)
        parts.append((series, x, y, width, BAR))
        x += width
    rects = format_html_join("", '<rect class="series-{}" x="{}" y="{}" width="{}" height="{}"/>', parts)
    name = format_html('<text class="chart-name" x="{}" y="{}">{}</text>', LABEL - 8, y + 14, bar.name[:32])
    total = format_html('<text class="chart-total" x="{}" y="{}">{}</text>', round(x + 6, 1), y + 14, bar.total)
    return format_html("<g>{}{}{}</g>", name, rects, total)
