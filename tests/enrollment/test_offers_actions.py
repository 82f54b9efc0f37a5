"""The waiting list: a free seat becomes an offer by the published order; every turn keeps its reason."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions, clockwork
from enrollment.actions import Wish
from enrollment.models import Nomination, Turn
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def iteration():
    return make.iteration(capacity=2, minimum=1, state="nominations closed")


def waiting(iteration, sender=None, *, hours: int = 0, **fields) -> Nomination:
    """Submitted `hours` after the others."""
    submitted = timezone.now() - timedelta(days=30) + timedelta(hours=hours)
    return make.nomination(make.person(sender), iteration, state="waitlisted", submitted_at=submitted, **fields)


def seated(iteration, sender=None, **fields) -> Nomination:
    return make.nomination(make.person(sender), iteration, state="selected", **fields)


def state_of(nomination: Nomination) -> str:
    return Nomination.objects.get(pk=nomination.pk).state


def test_a_freed_seat_is_offered_at_once_to_the_first_who_waits(office, iteration):
    leaving, _staying = seated(iteration), seated(iteration)
    second, first = waiting(iteration, hours=2), waiting(iteration, hours=1)

    actions.release(leaving, by=office, reason="Not confirmed")

    assert (state_of(first), state_of(second)) == ("offered", "waitlisted")
    assert Iteration.objects.get().seats_taken == 2
    assert Notification.objects.filter(event="nomination.offered", recipient=first.nominated_by).exists()
    assert first.turns.get().outcome == Turn.Outcome.OFFERED


def test_the_order_is_guarantee_then_principal_then_rank_then_spread_then_time(office):
    jordan, ukraine, chile = make.nation("JO", "Jordan"), make.nation("UA", "Ukraine"), make.nation("CL", "Chile")
    iteration = make.iteration(capacity=9, minimum=1, state="nominations closed")
    seated(iteration, ukraine)
    expected = [
        waiting(iteration, jordan, hours=9, priority=9, is_alternate=True),  # fills Jordan's guarantee
        waiting(iteration, chile, hours=8, priority=1),  # nobody of Chile is seated
        waiting(iteration, ukraine, hours=1, priority=1),
        waiting(iteration, chile, hours=2, priority=2),
        waiting(iteration, chile, hours=3, priority=2),
        waiting(iteration, chile, hours=0, priority=1, is_alternate=True),
    ]
    Iteration.objects.update(state="nominations open")
    actions.set_quotas(iteration, [Wish(jordan, floor=1)], by=office)
    Iteration.objects.update(state="nominations closed")

    actions.promote(Iteration.objects.get())

    offered = Turn.objects.filter(outcome="offered").order_by("pk")
    first_four = [each.nomination for each in offered][:2]
    assert first_four == expected[:2]
    assert {each.nomination for each in offered} == set(expected)


def test_who_is_passed_over_keeps_the_reason(office, iteration):
    tunisia, chile = make.nation("TN", "Tunisia"), make.nation("CL", "Chile")
    Iteration.objects.update(state="nominations open")
    actions.set_quotas(iteration, [Wish(tunisia, ceiling=1)], by=office)
    Iteration.objects.update(state="nominations closed")
    seated(iteration, tunisia)
    passed, next_one = waiting(iteration, tunisia), waiting(iteration, chile, priority=2)

    clockwork.move_waiting_list(iteration.pk)

    assert (state_of(passed), state_of(next_one)) == ("waitlisted", "offered")
    assert passed.turns.get().sentence == "Passed over: the ceiling of 1 for Tunisia is reached."
    clockwork.move_waiting_list(iteration.pk)
    assert passed.turns.count() == 1


def test_nobody_is_offered_what_a_criterion_forbids(office):
    course = make.course(slp_minimum="3333")
    iteration = make.iteration(course, capacity=2, minimum=1, state="nominations closed")
    nomination = waiting(iteration)
    make.language_test(nomination.person, "1111")

    actions.promote(iteration)

    assert state_of(nomination) == "waitlisted"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": "nominations open"}, "once nominations are closed"),
        ({"last_substitution_on": timezone.localdate() - timedelta(days=1)}, "Too little time is left"),
    ],
)
def test_a_list_that_stands_still_says_why(iteration, change, why):
    waiting(iteration)
    Iteration.objects.update(**change)

    assert actions.promote(Iteration.objects.get()) == []
    assert why in actions.standstill(Iteration.objects.get())


def test_the_list_stands_still_while_somebody_in_time_is_undecided(iteration):
    waiting(iteration)
    undecided = make.nomination(make.person(), iteration)
    assert "every nomination is decided" in actions.standstill(iteration)

    Nomination.objects.filter(pk=undecided.pk).update(state="refused")

    assert len(actions.promote(iteration)) == 1


def test_an_offer_is_accepted_by_the_liaison_and_becomes_a_place(iteration):
    nomination = waiting(iteration)
    actions.promote(iteration)

    actions.accept_offer(nomination, by=nomination.nominated_by)

    row = Nomination.objects.get()
    assert (row.state, row.seat.state, row.answer_by) == ("selected", "named", None)


def test_a_declined_offer_goes_to_the_next_at_once(iteration):
    make.nomination(make.person(), iteration, state="selected")
    first, second = waiting(iteration, hours=1), waiting(iteration, hours=2)
    actions.promote(iteration)

    actions.decline_offer(first, by=first.nominated_by, reason="Deployed")

    assert (state_of(first), state_of(second)) == ("lapsed", "offered")
    assert Iteration.objects.get().seats_taken == 2


def test_silence_lets_an_offer_lapse_and_the_seat_goes_on(iteration):
    make.nomination(make.person(), iteration, state="selected")
    first, second = waiting(iteration, hours=1), waiting(iteration, hours=2)
    actions.promote(iteration)

    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        clockwork.lapse_offer(first.pk)
        clockwork.lapse_offer(first.pk)

    assert (state_of(first), state_of(second)) == ("lapsed", "offered")
    assert Notification.objects.filter(event="nomination.lapsed").count() == 1


def test_an_offer_is_answered_once_and_in_time_only(iteration):
    nomination = waiting(iteration)
    actions.promote(iteration)
    with (
        time_machine.travel(timezone.now() + timedelta(hours=73), tick=False),
        pytest.raises(Refused, match="The time to answer is over"),
    ):
        actions.accept_offer(nomination, by=nomination.nominated_by)

    actions.accept_offer(nomination, by=nomination.nominated_by)

    with pytest.raises(Refused, match="the state is now “Selected”"):
        actions.accept_offer(nomination, by=nomination.nominated_by)


def test_an_offer_never_outlives_the_last_day_for_changes():
    today = timezone.localdate()
    iteration = make.iteration(
        state="confirmed", starts_on=today + timedelta(days=15), last_substitution_on=today + timedelta(days=1)
    )
    nomination = waiting(iteration)

    actions.promote(iteration)

    answer_by = Nomination.objects.get(pk=nomination.pk).answer_by.astimezone(iteration.zone)
    assert (answer_by.date(), answer_by.hour) == (today + timedelta(days=2), 0)


def test_the_office_may_offer_out_of_turn_and_who_stood_first_keeps_that(office, iteration):
    first, second = waiting(iteration, hours=1), waiting(iteration, hours=2)

    actions.offer(second, by=office)

    assert (state_of(first), state_of(second)) == ("waitlisted", "offered")
    assert "another" in first.turns.get().sentence


def test_a_person_with_a_place_on_the_same_days_is_not_offered_another(iteration):
    nomination = waiting(iteration)
    elsewhere = make.iteration(starts_on=iteration.starts_on)
    make.nomination(nomination.person, elsewhere, state="selected")

    actions.promote(iteration)

    assert state_of(nomination) == "waitlisted"
