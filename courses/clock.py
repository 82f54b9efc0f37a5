"""The seat clock's dates and zones. Plain values in, plain values out."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# The steps of an iteration's clock, in order, and the course field that holds each step's default offset.
STEPS = {
    "nominations_close_on": "nomination_deadline_days",
    "notification_on": "notification_days",
    "go_no_go_on": "go_no_go_days",
    "joining_instructions_on": "joining_instructions_days",
    "last_substitution_on": "last_substitution_days",
}


def dates_for(starts_on: date, offsets: dict[str, int]) -> dict[str, date]:
    """The date of each step for an iteration that starts on `starts_on`; offsets in days before it."""
    return {step: starts_on - timedelta(days=days) for step, days in offsets.items()}


def end_of_day(day: date, zone: str) -> datetime:
    """The first instant that is no longer `day` in `zone`: a deadline counts to the end of its day (rule 5.4)."""
    return datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))


def has_passed(day: date, zone: str, now: datetime) -> bool:
    """True from the first instant after the end of `day` in `zone`. `now` is aware."""
    return now >= end_of_day(day, zone)


def training_days(starts_on: date, ends_on: date, rest_days: str) -> list[date]:
    """The days of an iteration on which attendance is taken.

    `rest_days` are ISO weekdays that are free, such as "67"; the first and the last day always count.
    """
    days = [starts_on + timedelta(days=n) for n in range((ends_on - starts_on).days + 1)]
    return [day for day in days if day in (starts_on, ends_on) or str(day.isoweekday()) not in rest_days]
