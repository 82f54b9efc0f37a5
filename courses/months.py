"""A month as the calendar draws it. Plain values in, plain values out."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

MONDAY = 0
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Month:
    """A month of the years that the calendar covers."""

    year: int
    number: int

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def weeks(self) -> list[list[date]]:
        """Whole weeks from Monday, days of the neighbouring months included."""
        return Calendar(MONDAY).monthdatescalendar(self.year, self.number)

    @property
    def previous(self) -> "Month | None":
        return _month(self.year * 12 + self.number - 2)

    @property
    def next(self) -> "Month | None":
        return _month(self.year * 12 + self.number)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"


def _month(count: int) -> Month | None:
    year, number = divmod(count, 12)
    return Month(year, number + 1) if year in YEARS else None


def parse(text: str, today: date) -> Month:
    """The month written as “2026-11”; the one of `today` for anything else."""
    year, _dash, number = text.partition("-")
    if len(text) == 7 and year.isascii() and year.isdecimal() and number.isascii() and number.isdecimal():
        month = Month(int(year), int(number))
        if month.year in YEARS and 1 <= month.number <= 12:
            return month
    return Month(today.year, today.month)


@dataclass(frozen=True)
class Span:
    """Something that takes some days; `what` is drawn on each of them."""

    starts_on: date
    ends_on: date
    what: object


@dataclass(frozen=True)
class Day:
    """A square of the grid: what begins or goes on that day, and whose nominations close."""

    date: date
    is_outside: bool
    is_today: bool
    spans: list = field(default_factory=list)
    deadlines: list = field(default_factory=list)


def grid(month: Month, spans: Iterable[Span], deadlines: Iterable[tuple[date, object]], today: date) -> list[list[Day]]:
    """The month's weeks with what falls on each day; spans in the order given."""
    weeks = [[Day(day, day.month != month.number, day == today) for day in week] for week in month.weeks]
    squares = {day.date: day for week in weeks for day in week}
    for span in spans:
        for square in squares.values():
            if span.starts_on <= square.date <= span.ends_on:
                square.spans.append(span.what)
    for day, what in deadlines:
        if day in squares:
            squares[day].deadlines.append(what)
    return weeks
