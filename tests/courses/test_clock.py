"""The seat clock: dates from offsets, deadlines in a zone, training days."""

from datetime import UTC, date, datetime

import pytest

from courses import clock

START = date(2027, 3, 1)
OFFSETS = {
    "nominations_close_on": 56,
    "notification_on": 42,
    "go_no_go_on": 28,
    "joining_instructions_on": 15,
    "last_substitution_on": 14,
}


def test_each_step_stands_its_days_before_the_start():
    assert clock.dates_for(START, OFFSETS) == {
        "nominations_close_on": date(2027, 1, 4),
        "notification_on": date(2027, 1, 18),
        "go_no_go_on": date(2027, 2, 1),
        "joining_instructions_on": date(2027, 2, 14),
        "last_substitution_on": date(2027, 2, 15),
    }


def test_a_given_date_stays():
    dates = clock.dates_for(START, OFFSETS, {"go_no_go_on": date(2027, 2, 3)})

    assert dates["go_no_go_on"] == date(2027, 2, 3)
    assert dates["notification_on"] == date(2027, 1, 18)


def test_a_late_deadline_takes_the_derived_steps_after_it_along():
    dates = clock.dates_for(START, OFFSETS, {"nominations_close_on": date(2027, 2, 14)})

    assert dates["notification_on"] == dates["go_no_go_on"] == date(2027, 2, 14)
    assert clock.out_of_order(dates, START) is None


def test_an_early_step_takes_the_derived_steps_before_it_along():
    dates = clock.dates_for(START, OFFSETS, {"go_no_go_on": date(2026, 12, 1)})

    assert dates["nominations_close_on"] == dates["notification_on"] == date(2026, 12, 1)
    assert clock.out_of_order(dates, START) is None


def test_offsets_longer_than_history_end_at_the_first_day_of_all():
    assert clock.days_before(date(1, 1, 5), 10) == date(1, 1, 1)


def test_steps_out_of_order_are_found_with_the_step_ahead():
    dates = clock.dates_for(START, OFFSETS, {"notification_on": START, "go_no_go_on": date(2027, 2, 1)})

    assert clock.out_of_order(dates, START) == ("go_no_go_on", "notification_on")


def test_a_step_after_the_start_is_found():
    dates = clock.dates_for(START, OFFSETS, {"last_substitution_on": date(2027, 3, 2)})

    assert clock.out_of_order(dates, START) == ("last_substitution_on", "starts_on")


@pytest.mark.parametrize(
    ("zone", "last_minute_in_utc"),
    [
        ("Pacific/Auckland", datetime(2027, 1, 4, 10, 59, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2027, 1, 4, 22, 59, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 1, 5, 4, 59, tzinfo=UTC)),
    ],
)
def test_a_deadline_lasts_to_the_end_of_its_day_in_its_own_zone(zone, last_minute_in_utc):
    day = date(2027, 1, 4)

    assert not clock.has_passed(day, zone, last_minute_in_utc)
    assert clock.has_passed(day, zone, last_minute_in_utc.replace(minute=59) + (clock.timedelta(minutes=1)))


def test_a_day_of_twenty_three_hours_ends_at_its_own_midnight():
    end = clock.end_of_day(date(2027, 3, 28), "Europe/Stockholm")

    assert end.astimezone(UTC) == datetime(2027, 3, 28, 22, 0, tzinfo=UTC)


def test_days_off_are_no_training_days_unless_first_or_last():
    saturday, sunday = date(2027, 3, 6), date(2027, 3, 14)

    days = clock.training_days(saturday, sunday, "67")

    assert days[0] == saturday
    assert days[-1] == sunday
    assert date(2027, 3, 7) not in days
    assert len(days) == 7


@pytest.mark.parametrize(
    ("days", "rest_days", "last"),
    [
        (1, "67", date(2027, 3, 1)),
        (5, "67", date(2027, 3, 5)),
        (10, "67", date(2027, 3, 12)),
        (10, "", date(2027, 3, 10)),
    ],
)
def test_the_last_day_follows_from_the_training_days(days, rest_days, last):
    assert clock.last_day(START, days, rest_days) == last


def test_the_timeline_is_in_order_and_marks_what_is_past_and_next():
    marks = {"Start": date(2027, 3, 1), "Deadline": date(2027, 1, 4), "Unknown": None, "Go": date(2027, 2, 1)}

    steps = clock.timeline(marks, date(2027, 2, 1))

    assert [step.label for step in steps] == ["Deadline", "Go", "Start"]
    assert [step.is_past for step in steps] == [True, False, False]
    assert [step.is_next for step in steps] == [False, True, False]
