"""The seat clock: each step is done when it is due, once, late if need be, and says what it did to which seat."""

from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from accounts.moves import Refused
from courses import actions as courses
from courses import clock
from courses.models import ClockStep, Iteration
from courses.models.clock_lines import clock_lines
from enrollment import actions, clockwork
from enrollment.actions import Wish
from enrollment.models import Nomination
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db
Step = ClockStep.Step


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


def take(iteration, step: str) -> ClockStep:
    """At the moment when it is due."""
    row = iteration.clock_steps.get(step=step)
    with time_machine.travel(row.due_at, tick=False):
        clockwork.take_clock_step(row.pk)
    row.refresh_from_db()
    return row


def state_in_the_timeline(iteration, step: str) -> str:
    lines = clock_lines(Iteration.objects.get(pk=iteration.pk), tells_reports=True)
    return next(line.state for line in lines if line.step == step)


def test_every_dated_step_is_a_row_due_in_the_iteration_s_own_zone():
    iteration = make.iteration(starts_on=date(2027, 4, 5), time_zone="Pacific/Tongatapu")

    rows = {row.step: row for row in iteration.clock_steps.all()}

    assert set(rows) == set(clock.STEPS) == set(Step.values)
    close, warn = rows["nominations_close_on"], rows["warn_holders_on"]
    assert (close.due_on, warn.due_on) == (date(2027, 2, 8), date(2027, 2, 15))
    zone = ZoneInfo("Pacific/Tongatapu")
    assert close.due_at == datetime(2027, 2, 9, tzinfo=zone)  # to the end of its day
    assert warn.due_at == datetime(2027, 2, 15, tzinfo=zone)  # as its day begins


def test_the_rows_move_with_the_dates_and_what_was_done_is_done_again_only_in_the_future(office):
    iteration = make.iteration()
    done = iteration.clock_steps.get(step=Step.WARN_HOLDERS)
    ClockStep.objects.filter(pk=done.pk).update(done_at=timezone.now(), report="Done.")

    iteration.starts_on += timedelta(days=30)
    iteration.ends_on += timedelta(days=30)
    for step in clock.STEPS:
        setattr(iteration, step, None)
    courses.save_iteration(iteration, by=office)

    moved = iteration.clock_steps.get(step=Step.WARN_HOLDERS)
    assert moved.due_on == done.due_on + timedelta(days=30)
    assert (moved.done_at, moved.report) == (None, "")


def test_nominations_close_by_themselves_at_the_end_of_the_last_day():
    iteration = make.iteration()
    make.nomination(make.person(), iteration)

    row = take(iteration, Step.NOMINATIONS_CLOSE)

    assert Iteration.objects.get().state == "nominations closed"
    assert row.report == "Nominations closed. 1 is undecided."


def test_what_the_office_did_by_hand_is_not_announced_as_planned_nor_asked_for_again(office):
    iteration = make.iteration()
    courses.make_move(iteration, "close_nominations", by=office)

    assert state_in_the_timeline(iteration, Step.NOMINATIONS_CLOSE) == "done by hand"
    assert state_in_the_timeline(iteration, Step.GO_NO_GO) == "planned"
    assert take(iteration, Step.NOMINATIONS_CLOSE).report == "Nominations were closed already."

    courses.make_move(iteration, "confirm", by=office)

    assert state_in_the_timeline(iteration, Step.GO_NO_GO) == "done by hand"
    assert take(iteration, Step.GO_NO_GO).report == "It was confirmed already: nobody was asked."
    assert not Notification.objects.filter(event="iteration.go_no_go").exists()


def test_who_never_opened_nominations_is_not_told_that_they_were_closed():
    iteration = make.iteration(state="announced")

    report = take(iteration, Step.NOMINATIONS_CLOSE).report

    assert report == "Nominations were never opened: there was nothing to close."


def test_nothing_is_done_before_it_is_due():
    iteration = make.iteration()
    row = iteration.clock_steps.get(step=Step.NOMINATIONS_CLOSE)

    with time_machine.travel(row.due_at - timedelta(seconds=1), tick=False):
        clockwork.take_clock_step(row.pk)

    assert Iteration.objects.get().state == "nominations open"
    row.refresh_from_db()
    assert row.done_at is None


def test_holders_of_unnamed_seats_are_warned_once(office, jordan):
    iteration, liaison = make.iteration(), make.liaison(jordan)
    actions.set_quotas(iteration, [Wish(jordan, floor=2)], by=office)

    row = take(iteration, Step.WARN_HOLDERS)
    take(iteration, Step.WARN_HOLDERS)

    assert row.report == "Holders warned: Jordan (2)."
    told = Notification.objects.get(event="iteration.unnamed_seats")
    assert told.recipient == liaison
    assert told.subject.startswith("2 seats without a name")


def test_unnamed_seats_are_taken_back_and_go_to_the_waiting_list_first(office, jordan):
    iteration = make.iteration(capacity=3, minimum=1)
    actions.set_quotas(iteration, [Wish(jordan, floor=3)], by=office)
    Iteration.objects.update(state="nominations closed")
    waiting = make.nomination(make.person(make.nation("UA", "Ukraine")), iteration, state="waitlisted")

    row = take(iteration, Step.TAKE_BACK)

    assert row.report == ("3 unnamed seats taken back. They were held for: Jordan (3). 1 offered to the waiting list.")
    assert Nomination.objects.get(pk=waiting.pk).state == "offered"
    assert Counter(iteration.seats.values_list("state", flat=True)) == {"offered": 1, "lapsed": 2}
    assert all(seat.history.count() >= 3 for seat in iteration.seats.all())


def test_a_step_missed_while_the_system_was_down_is_done_once_and_marked_as_late(monkeypatch):
    iteration = make.iteration()
    row = iteration.clock_steps.get(step=Step.NOMINATIONS_CLOSE)

    with time_machine.travel(row.due_at + timedelta(days=3), tick=False):
        for _beat in range(2):
            for pk in ClockStep.objects.waiting().filter(step=row.step).values_list("pk", flat=True):
                clockwork.take_clock_step(pk)

    row.refresh_from_db()
    assert row.was_late
    closed = iteration.history.filter(history_change_reason="Close nominations")
    assert closed.count() == 1
    assert closed.get().history_user is None


def test_joining_instructions_go_to_who_is_confirmed_and_only_once_it_is_certain(office):
    iteration = make.iteration(state="nominations closed")
    nomination = make.nomination(make.person(), iteration, state="confirmed")
    row = take(iteration, Step.JOINING_INSTRUCTIONS)
    assert row.report.startswith("Not sent")
    assert Notification.objects.filter(event="iteration.joining_instructions", recipient=office).exists()

    another = make.iteration(state="confirmed", notes="Bring a laptop.")
    Nomination.objects.filter(pk=nomination.pk).update(seat=None, state="withdrawn")
    make.nomination(nomination.person, another, state="confirmed")
    row = take(another, Step.JOINING_INSTRUCTIONS)

    assert row.report == "Joining instructions sent to 1 participants."
    assert "Bring a laptop." in Notification.objects.get(event="nomination.joining_person").body


def test_a_cancelled_iteration_s_clock_stands_still(office):
    iteration = make.iteration()
    actions.cancel_iteration(iteration, by=office, reason="Storm")

    with time_machine.travel(timezone.now() + timedelta(days=80), tick=False):
        assert not ClockStep.objects.waiting().exists()


def test_the_liaison_is_told_at_once_and_the_candidate_after_the_delay_or_on_all_clear(office):
    nomination = make.nomination()
    actions.select(nomination, by=office)

    to_liaison = Notification.objects.get(event="nomination.selected")
    to_person = Notification.objects.get(event="nomination.selected_person")
    assert to_liaison.due_at <= timezone.now()
    assert to_person.due_at == Nomination.objects.get().person_told_at > timezone.now() + timedelta(hours=23)
    assert Nomination.objects.get().is_under_embargo

    assert actions.give_all_clear(nomination.iteration, by=office) == 1

    to_person.refresh_from_db()
    assert to_person.due_at <= timezone.now()
    assert not Nomination.objects.get().is_under_embargo
    with pytest.raises(Refused, match="Only a training coordinator"):
        actions.give_all_clear(nomination.iteration, by=nomination.nominated_by)


def test_what_the_candidate_was_not_told_yet_is_called_back_by_a_newer_decision(office):
    nomination = make.nomination()
    actions.select(nomination, by=office)

    actions.withdraw(nomination, by=nomination.nominated_by, reason="Deployed")

    assert Notification.objects.get(event="nomination.selected_person").state == "cancelled"
    assert not Notification.objects.filter(event="nomination.withdrawn_person").exists()
