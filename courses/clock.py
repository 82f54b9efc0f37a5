"""The seat clock's dates and zones. Plain values in, plain values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

# The steps of an iteration's clock, in order, and the course field that holds each step's default offset.
STEPS = {
    "nominations_close_on": "nomination_deadline_days",
    "warn_holders_on": "warn_holders_days",
    "notification_on": "notification_days",
    "take_back_on": "take_back_days",
    "go_no_go_on": "go_no_go_days",
    "joining_instructions_on": "joining_instructions_days",
    "last_substitution_on": "last_substitution_days",
}

# Deadlines count to the end of their day; the other steps are taken as their day begins.
DEADLINES = {"nominations_close_on", "take_back_on", "last_substitution_on"}


def dates_for(
    starts_on: date, offsets: Mapping[str, int], given: Mapping[str, date | None] | None = None
) -> dict[str, date]:
    """The date of each step for an iteration that starts on `starts_on`; offsets in days before it.

    A date in `given` stays as it is. The others are derived, and never pushed past a given neighbour.
    """
    fixed = {step: day for step, day in (given or {}).items() if day is not None}
    steps, dates, earliest = list(offsets), {}, date.min
    for place, step in enumerate(steps):
        later = [fixed[other] for other in steps[place + 1 :] if other in fixed]
        derived = max(min([days_before(starts_on, offsets[step]), *later]), earliest)
        dates[step] = earliest = fixed.get(step, derived)
    return dates


def days_before(day: date, days: int) -> date:
    """`days` before `day`; the first day of all time when there are not so many."""
    return date.fromordinal(max(1, day.toordinal() - days))


def out_of_order(dates: Mapping[str, date], starts_on: date) -> tuple[str, str] | None:
    """The first step that stands before the one ahead of it, as (step, that one); (step, "starts_on") if it is late."""
    steps = [step for step in STEPS if step in dates]
    for earlier, later in pairwise(steps):
        if dates[later] < dates[earlier]:
            return later, earlier
    late = next((step for step in steps if dates[step] > starts_on), None)
    return (late, "starts_on") if late else None


@dataclass(frozen=True)
class Step:
    """One mark on an iteration's timeline; `is_next` is the first that is not over."""

    label: str
    day: date
    is_past: bool
    is_next: bool


def timeline(marks: Mapping[str, date | None], today: date) -> list[Step]:
    """The marks (day by label) that have a date, in the order of these. `today` is the date in the iteration's zone."""
    dated = sorted((day, place, label) for place, (label, day) in enumerate(marks.items()) if day is not None)
    following = next((label for day, _, label in dated if day >= today), None)
    return [Step(label, day, day < today, label == following) for day, _, label in dated]


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant that is no longer `day` in `zone`: a deadline counts to the end of its day (rule 5.4)."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of `day` in `zone`."""
    return datetime.combine(day, time.min, ZoneInfo(zone))


def due_at(step: str, day: date, zone: str) -> datetime:
    """When the step of an iteration's clock that stands on `day` is to be taken."""
    return end_of_day(day, zone) if step in DEADLINES else start_of_day(day, zone)


def has_passed(day: date, zone: str, now: datetime) -> bool:
    """True from the first instant after the end of `day` in `zone`. `now` is aware."""
    return now >= end_of_day(day, zone)


def training_days(starts_on: date, ends_on: date, rest_days: str) -> list[date]:
    """The days of an iteration on which attendance is taken.

    `rest_days` are ISO weekdays that are free, such as "67"; the first and the last day always count.
    """
    days = [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]
    return [day for day in days if day in (starts_on, ends_on) or str(day.isoweekday()) not in rest_days]


def last_day(starts_on: date, training_days_wanted: int, rest_days: str) -> date:
    """The day on which an iteration of so many training days ends. The first day counts, whatever weekday it is."""
    day, left = starts_on, training_days_wanted - 1
    while left > 0:
        day += timedelta(days=1)
        left -= str(day.isoweekday()) not in rest_days
    return day
