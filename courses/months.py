"""A month as the calendar draws it. Plain values in, plain values out."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

MONDAY = 0
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Month:
    """A month of the years that the calendar covers, written as “2026-11”."""

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

    def has_any_day_of(self, starts_on: date, ends_on: date) -> bool:
        following = self.next
        return ends_on >= self.first_day and (following is None or starts_on < following.first_day)

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
class Mark:
    """What stands in a square of the grid: an iteration of that day, or the deadline of one."""

    starts_on: date
    ends_on: date
    of: object
    is_deadline: bool = False


@dataclass(frozen=True)
class Day:
    """A square of the grid."""

    date: date
    is_outside: bool
    is_today: bool
    marks: list[Mark] = field(default_factory=list)


def grid(month: Month, marks: Iterable[Mark], today: date) -> list[list[Day]]:
    """The month's weeks with what falls on each day, in the order given."""
    weeks = [[Day(day, day.month != month.number, day == today) for day in week] for week in month.weeks]
    marks = list(marks)
    for day in (day for week in weeks for day in week):
        day.marks.extend(mark for mark in marks if mark.starts_on <= day.date <= mark.ends_on)
    return weeks
