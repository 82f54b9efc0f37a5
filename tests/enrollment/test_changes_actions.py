"""Somebody else comes, or she goes to another iteration; a nation's order closes up behind who falls out."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions
from enrollment.actions import Wish
from enrollment.models import Nomination
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


@pytest.fixture
def iteration():
    return make.iteration(capacity=2, minimum=1, state="nominations closed")


def fresh(nomination: Nomination) -> Nomination:
    return Nomination.objects.get(pk=nomination.pk)


def test_another_of_the_nation_s_people_takes_the_seat(iteration, jordan, liaison):
    old = make.nomination(make.person(jordan), iteration, state="confirmed", nominated_by=liaison)

    new = actions.substitute(old, make.person(jordan), by=liaison, reason="Deployed")

    assert (fresh(old).state, fresh(old).seat) == ("substituted", None)
    assert fresh(new).state == "selected"
    assert Iteration.objects.get().seats_taken == 1
    assert iteration.seats.filter(state="named").count() == 1


def test_a_substitute_is_judged_by_the_criteria_and_the_quotas(office, jordan, liaison):
    iteration = make.iteration(make.course(slp_minimum="3333"), capacity=2, minimum=1)
    actions.set_quotas(iteration, [Wish("civilian", ceiling=0)], by=office)
    old = make.nomination(make.person(jordan), iteration, state="selected", nominated_by=liaison)
    weak = make.person(jordan)
    make.language_test(weak, "1111")

    with pytest.raises(Refused, match="is not met"):
        actions.substitute(old, weak, by=liaison)
    with pytest.raises(Refused, match="the ceiling of 0 for Civilian"):
        actions.substitute(old, make.person(jordan, category="civilian"), by=liaison)

    assert fresh(old).state == "selected"
    assert Nomination.objects.count() == 1


def test_nobody_of_another_nation_is_a_substitute(iteration, jordan, liaison):
    old = make.nomination(make.person(jordan), iteration, state="selected", nominated_by=liaison)

    with pytest.raises(Refused, match="one of your own people"):
        actions.substitute(old, make.person(make.nation("UA", "Ukraine")), by=liaison)
    with pytest.raises(Refused, match="not yours to do|own liaison"):
        actions.substitute(old, make.person(jordan), by=make.liaison(make.nation("UA", "Ukraine")))


def test_after_the_last_day_nobody_is_substituted(jordan, liaison):
    iteration = make.iteration(state="confirmed", last_substitution_on=timezone.localdate() - timedelta(days=2))
    old = make.nomination(make.person(jordan), iteration, state="confirmed", nominated_by=liaison)

    with pytest.raises(Refused, match="last day for substitutions is over"):
        actions.substitute(old, make.person(jordan), by=liaison)


def test_within_the_grace_time_a_withdrawn_place_can_still_be_filled(iteration, jordan, liaison):
    old = make.nomination(make.person(jordan), iteration, nominated_by=liaison)
    actions.select(old, by=make.coordinator())
    actions.withdraw(old, by=liaison, reason="Ill")

    with (
        time_machine.travel(timezone.now() + timedelta(hours=73), tick=False),
        pytest.raises(Refused, match="within the last 72 hours"),
    ):
        actions.substitute(fresh(old), make.person(jordan), by=liaison)
    new = actions.substitute(fresh(old), make.person(jordan), by=liaison)

    assert (fresh(old).state, fresh(new).state) == ("withdrawn", "selected")


def test_a_place_moves_to_another_iteration_of_the_course_with_its_waivers(office, jordan):
    course = make.course()
    here, there = make.iteration(course, capacity=1, minimum=1), make.iteration(course, capacity=1, minimum=1)
    row = make.nomination(make.person(jordan, grade="OR-6"), here)
    actions.grant_waiver(row, "grade", by=office, reason="Long experience")
    actions.select(row, by=office)

    new = actions.transfer(row, there, by=office, reason="Asked by Jordan")

    assert (fresh(row).state, fresh(row).seat) == ("withdrawn", None)
    assert (fresh(new).state, fresh(new).iteration, fresh(new).carried_from) == ("selected", there, row)
    assert new.waivers.get().reason == "Long experience"
    taken = dict(Iteration.objects.values_list("pk", "seats_taken"))
    assert (taken[here.pk], taken[there.pk]) == (0, 1)


def test_who_was_not_told_yet_learns_of_the_new_iteration_only_and_as_late(office, jordan):
    course = make.course()
    here, there = make.iteration(course), make.iteration(course)
    row = make.nomination(make.person(jordan, email="rania@example.org"), here)
    actions.select(row, by=office)
    told_at = fresh(row).person_told_at

    actions.transfer(row, there, by=office, reason="Asked by Jordan")

    assert Notification.objects.get(event="nomination.selected_person").state == "cancelled"
    assert Notification.objects.get(event="nomination.transferred_person").due_at == told_at > timezone.now()


def test_a_place_does_not_move_where_there_is_none_nor_to_another_course(office):
    course = make.course()
    here, full = make.iteration(course), make.iteration(course, capacity=1, minimum=1)
    make.nomination(make.person(), full, state="selected")
    row = make.nomination(make.person(), here, state="selected")

    with pytest.raises(Refused, match="All 1 seats"):
        actions.transfer(row, full, by=office)
    with pytest.raises(Refused, match="another iteration of the same course"):
        actions.transfer(row, make.iteration(), by=office)

    assert fresh(row).state == "selected"


def test_whoever_gives_a_seat_back_after_go_or_no_go_did_so_late(jordan, liaison):
    today = timezone.localdate()
    for days, late in ((60, False), (20, True)):
        iteration = make.iteration(starts_on=today + timedelta(days=days), state="confirmed")
        row = make.nomination(make.person(jordan), iteration, state="confirmed", nominated_by=liaison)

        actions.withdraw(row, by=liaison, reason="Deployed")

        assert fresh(row).left_late is late


def test_nobody_gets_two_places_on_the_same_days_or_in_the_same_course(office):
    course, person = make.course(), make.person()
    first = make.nomination(person, make.iteration(course))
    actions.select(first, by=office)

    same_days = make.nomination(person, make.iteration(starts_on=first.iteration.starts_on))
    same_course = make.nomination(person, make.iteration(course, starts_on=timezone.localdate() + timedelta(days=300)))

    for second in (same_days, same_course):
        with pytest.raises(Refused, match="has a place on"):
            actions.select(second, by=office)


def order(iteration) -> list[tuple]:
    rows = Nomination.objects.filter(iteration=iteration, state="submitted").in_nation_order()
    return [(each.person.family_name, each.priority, each.is_alternate) for each in rows]


def test_a_liaison_puts_her_people_in_order_and_alternates_move_up(office, iteration, jordan, liaison):
    rows = {
        name: make.nomination(make.person(jordan, family_name=name), iteration, nominated_by=liaison)
        for name in ("A", "B", "C", "D")
    }
    principals, alternates = [rows["C"].pk, rows["A"].pk], [rows["B"].pk, rows["D"].pk]

    actions.rank(iteration, principals, alternates, by=liaison)
    assert order(iteration) == [("C", 1, False), ("A", 2, False), ("B", 1, True), ("D", 2, True)]
    actions.refuse(rows["C"], by=office, reason="Two others were nominated before")

    assert order(iteration) == [("A", 2, False), ("B", 3, False), ("D", 2, True)]
    assert fresh(rows["B"]).history.latest().history_change_reason == "Moved up: a principal fell out"


def test_an_order_that_leaves_somebody_out_or_names_a_stranger_changes_nothing(iteration, jordan, liaison):
    one, two = (make.nomination(make.person(jordan), iteration, nominated_by=liaison) for _n in range(2))
    foreign = make.nomination(make.person(make.nation("UA", "Ukraine")), iteration)

    for ids in ([one.pk], [one.pk, one.pk], [one.pk, two.pk, foreign.pk], [one.pk, 99999], []):
        with pytest.raises(Refused):
            actions.rank(iteration, ids, [], by=liaison)
    with pytest.raises(Refused, match="You can only rank"):
        actions.rank(iteration, [one.pk, two.pk], [], by=make.liaison(make.nation("UA", "Ukraine")))

    assert [each.priority for each in Nomination.objects.all()] == [1, 1, 1]
