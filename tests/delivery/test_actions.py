"""Attendance and results through the actions."""

from datetime import timedelta

import pytest

from accounts.moves import Refused
from courses.models import Iteration
from delivery import actions
from delivery.actions import EntriesRefused, Entry
from delivery.models import Attendance, Result
from enrollment.models import Nomination
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def iteration():
    return make.running_iteration()


@pytest.fixture
def office():
    return make.coordinator()


def confirmed(iteration, **person) -> Nomination:
    return make.nomination(make.person(**person), iteration, state="confirmed")


def present_on(day) -> set[int]:
    return set(Attendance.objects.filter(day=day, is_present=True).values_list("nomination", flat=True))


def test_the_first_mark_starts_a_confirmed_iteration(iteration, office):
    nomination = confirmed(iteration)

    actions.mark_attendance(iteration, iteration.starts_on, [nomination], by=office)

    assert Iteration.objects.get().state == "running"
    assert present_on(iteration.starts_on) == {nomination.pk}


def test_who_is_not_named_counts_as_absent(iteration, office):
    here, away = confirmed(iteration), confirmed(iteration)

    count = actions.mark_attendance(iteration, iteration.starts_on, [here], by=office)

    assert count == 1
    assert not Attendance.objects.get(nomination=away).is_present


def test_who_came_to_the_register_after_the_page_was_read_is_left_alone(iteration, office):
    listed, late = confirmed(iteration), confirmed(iteration)

    actions.mark_attendance(iteration, iteration.starts_on, [], by=office, among=[listed])

    assert not Attendance.objects.filter(nomination=late).exists()
    assert Attendance.objects.filter(nomination=listed, is_present=False).exists()


def test_marking_again_changes_only_what_differs_and_keeps_both_in_the_history(iteration, office):
    one, two = confirmed(iteration), confirmed(iteration)
    actions.mark_attendance(iteration, iteration.starts_on, [one, two], by=office)

    actions.mark_attendance(iteration, iteration.starts_on, [one], by=office)

    assert present_on(iteration.starts_on) == {one.pk}
    assert Attendance.objects.get(nomination=one).history.count() == 1
    assert Attendance.objects.get(nomination=two).history.count() == 2


def test_a_day_that_has_not_come_is_refused(office):
    iteration = make.running_iteration()
    Iteration.objects.update(ends_on=iteration.ends_on + timedelta(days=1))
    nomination = confirmed(Iteration.objects.get())

    with pytest.raises(Refused, match="has not come yet"):
        actions.mark_attendance(iteration, iteration.ends_on + timedelta(days=1), [nomination], by=office)

    assert Iteration.objects.get().state == "confirmed"


def test_a_day_off_is_refused(iteration, office):
    with pytest.raises(Refused, match="not a training day"):
        actions.mark_attendance(iteration, iteration.starts_on - timedelta(days=1), [], by=office)


@pytest.mark.parametrize("state", ["nominations open", "closed", "cancelled"])
def test_closed_books_are_refused(office, state):
    iteration = make.running_iteration(state=state)

    with pytest.raises(Refused, match="cannot be marked"):
        actions.mark_attendance(iteration, iteration.starts_on, [], by=office)


def test_somebody_of_another_iteration_refuses_the_whole_list(iteration, office):
    own, other = confirmed(iteration), confirmed(make.running_iteration())

    with pytest.raises(Refused, match="no longer on the register"):
        actions.mark_attendance(iteration, iteration.starts_on, [own, other], by=office)

    assert not Attendance.objects.exists()


@pytest.mark.parametrize("who", ["liaison", "trainee", "administrator"])
def test_strangers_mark_nothing(iteration, who):
    with pytest.raises(Refused, match="own instructors"):
        actions.mark_attendance(iteration, iteration.starts_on, [], by=getattr(make, who)())


def test_another_iteration_s_instructor_marks_nothing(iteration):
    with pytest.raises(Refused, match="own instructors"):
        actions.mark_attendance(
            iteration, iteration.starts_on, [], by=make.instructor(make.running_iteration(make.course()))
        )


# Results


def test_a_list_of_results_is_recorded_with_who_and_when(iteration, office):
    one, two = confirmed(iteration), confirmed(iteration)
    entries = [
        Entry(one, "record_passed", grade_text=" 87 / 100 ", remarks="Clear speaker"),
        Entry(two, "record_failed", left_early_on=iteration.ends_on),
    ]

    assert actions.record_results(iteration, entries, by=office) == 2

    states = dict(Nomination.objects.values_list("pk", "state"))
    assert states == {one.pk: "passed", two.pk: "failed"}
    result = Result.objects.get(nomination=one)
    assert (result.grade_text, result.remarks, result.recorded_by) == ("87 / 100", "Clear speaker", office)


def test_one_line_that_is_refused_refuses_all_and_says_which(iteration, office):
    good, bad = confirmed(iteration), make.nomination(to=iteration, state="withdrawn")
    entries = [Entry(good, "record_passed"), Entry(bad, "record_passed"), Entry(good, "record_attended")]

    with pytest.raises(EntriesRefused) as refusal:
        actions.record_results(iteration, entries, by=office)

    assert set(refusal.value.lines) == {good.pk, bad.pk}
    assert "the state is now “Withdrawn”" in refusal.value.lines[bad.pk].sentence
    assert "This course is assessed" in refusal.value.lines[good.pk].sentence
    assert Nomination.objects.get(pk=good.pk).state == "confirmed"
    assert not Result.objects.exists()


def test_a_participant_of_another_iteration_is_refused(iteration, office):
    other = confirmed(make.running_iteration())

    with pytest.raises(EntriesRefused):
        actions.record_results(iteration, [Entry(other, "record_passed")], by=office)

    assert Nomination.objects.get().state == "confirmed"


def test_under_the_chatham_house_rule_no_remarks_are_kept(office):
    iteration = make.running_iteration(is_chatham_house=True)
    nomination = confirmed(iteration)

    with pytest.raises(EntriesRefused) as refusal:
        actions.record_results(iteration, [Entry(nomination, "record_passed", remarks="Said X")], by=office)

    assert refusal.value.lines[nomination.pk].field == "remarks"
    assert not Result.objects.exists()


def test_who_did_not_come_has_not_left_early(iteration, office):
    with pytest.raises(Refused) as refusal:
        actions.record_result(confirmed(iteration), "record_no_show", by=office, left_early_on=iteration.starts_on)

    assert refusal.value.field == "left_early_on"


def test_leaving_early_happens_on_a_day_of_the_iteration(iteration, office):
    with pytest.raises(Refused, match="not one of the iteration"):
        actions.record_result(
            confirmed(iteration), "record_passed", by=office, left_early_on=iteration.starts_on - timedelta(days=1)
        )


def test_an_unassessed_seminar_knows_no_pass(office):
    iteration = make.running_iteration(make.course(assessment="none"))

    with pytest.raises(Refused, match="not assessed"):
        actions.record_result(confirmed(iteration), "record_passed", by=office)


def test_completing_waits_for_every_result(iteration, office):
    nomination = confirmed(iteration)
    Iteration.objects.update(state="running")

    with pytest.raises(Refused, match="have no result yet"):
        actions.complete(iteration, by=office)

    actions.record_result(nomination, "record_no_show", by=office)
    actions.complete(iteration, by=office)
    assert Iteration.objects.get().state == "completed"
