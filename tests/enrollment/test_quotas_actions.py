"""Quotas: seats held before they are named, turned back, released; what cannot be kept is refused."""

from collections import Counter

import pytest

from accounts.moves import Refused
from courses import actions as courses
from courses.models import Quota, Seat
from enrollment import actions
from enrollment.actions import Wish
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def jordan():
    nation = make.nation("JO", "Jordan")
    make.membership(nation, "MD")
    return nation


@pytest.fixture
def iteration():
    return make.iteration(capacity=6, minimum=1)


def by_state(iteration) -> dict:
    return dict(Counter(iteration.seats.values_list("state", flat=True)))


def select(sender, iteration, office, **person):
    return actions.select(make.nomination(make.person(sender, **person), iteration), by=office)


def test_guaranteed_seats_are_held_and_become_named_when_the_holder_s_people_are_selected(office, jordan, iteration):
    actions.set_quotas(iteration, [Wish(jordan, floor=2, ceiling=3)], by=office)
    assert by_state(iteration) == {"held": 2, "free": 4}

    nomination = select(jordan, iteration, office)

    assert by_state(iteration) == {"named": 1, "held": 1, "free": 4}
    assert [entry.state for entry in nomination.seat.history.order_by("history_id")] == ["free", "held", "named"]
    assert nomination.seat.history.latest().history_user == office


def test_others_never_get_what_is_guaranteed(office, jordan, iteration):
    actions.set_quotas(iteration, [Wish(jordan, floor=5)], by=office)
    select(make.nation("UA", "Ukraine"), iteration, office)

    with pytest.raises(Refused, match="the seats still free are guaranteed to: Jordan"):
        select(make.nation("UA", "Ukraine"), iteration, office)

    assert by_state(iteration) == {"named": 1, "held": 5}


def test_one_who_fills_several_rules_takes_one_seat_of_all(office, jordan, iteration):
    wishes = [Wish(jordan, floor=1), Wish(make.framework("MD"), floor=1), Wish("civilian", floor=1)]
    actions.set_quotas(iteration, wishes, by=office)
    assert by_state(iteration) == {"held": 1, "free": 5}

    select(jordan, iteration, office, category="civilian", grade="")

    assert by_state(iteration) == {"named": 1, "free": 5}


def test_who_takes_a_seat_that_was_held_for_two_leaves_the_other_its_own(office, jordan, iteration):
    actions.set_quotas(iteration, [Wish(jordan, floor=1), Wish("civilian", floor=1)], by=office)
    assert by_state(iteration) == {"held": 1, "free": 5}

    select(jordan, iteration, office)

    assert by_state(iteration) == {"named": 1, "held": 1, "free": 4}
    assert iteration.seats.get(state=Seat.State.HELD).quota.category == "civilian"


def test_a_ceiling_is_hard_until_its_release(office, jordan, iteration):
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, ceiling=1)], by=office)
    select(jordan, iteration, office)
    with pytest.raises(Refused, match="the ceiling of 1 for Jordan is reached"):
        select(jordan, iteration, office)

    actions.release_quota(quota, by=office)

    select(jordan, iteration, office)
    assert by_state(iteration) == {"named": 2, "free": 4}


def test_a_released_quota_s_unused_seats_lapse_and_say_why(office, jordan, iteration):
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, floor=2)], by=office)

    assert actions.release_quota(quota, by=office) == 2

    assert by_state(iteration) == {"lapsed": 2, "free": 4}
    lapsed = iteration.seats.filter(state=Seat.State.LAPSED).first()
    assert "released" in lapsed.history.latest().history_change_reason
    with pytest.raises(Refused, match="released already"):
        actions.release_quota(quota, by=office)


def test_a_ceiling_that_stays_outlives_the_release(office, jordan, iteration):
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, floor=1, ceiling=1, keeps_ceiling=True)], by=office)
    actions.release_quota(quota, by=office)
    select(jordan, iteration, office)

    with pytest.raises(Refused, match="the ceiling of 1 for Jordan"):
        select(jordan, iteration, office)


def test_a_holder_turns_seats_back_and_the_office_is_told(office, jordan, iteration):
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, floor=3)], by=office)

    actions.turn_back(quota, 2, by=make.liaison(jordan))

    assert by_state(iteration) == {"held": 1, "turned back": 2, "free": 3}
    assert Quota.objects.get().floor == 1
    assert Notification.objects.filter(event="iteration.seats_turned_back", recipient=office).count() == 1


@pytest.mark.parametrize("count", [0, 4])
def test_nobody_turns_back_what_is_not_held(office, jordan, iteration, count):
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, floor=3)], by=office)

    with pytest.raises(Refused, match="Jordan holds 3 unnamed seats"):
        actions.turn_back(quota, count, by=make.liaison(jordan))


def test_only_the_holder_or_the_office_turns_seats_back(office, jordan, iteration):
    (quota,) = actions.set_quotas(iteration, [Wish(jordan, floor=3)], by=office)

    with pytest.raises(Refused, match="Only the liaison of the holder"):
        actions.turn_back(quota, 1, by=make.liaison(make.nation("UA", "Ukraine")))


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        (lambda jordan: [Wish(jordan, floor=7)], "7 seats would be guaranteed, and there are 6"),
        (lambda jordan: [Wish(jordan, floor=4), Wish("civilian", floor=3)], "7 seats would be guaranteed"),
        (lambda jordan: [Wish(jordan, floor=2, ceiling=1)], "more seats are guaranteed"),
        (lambda jordan: [Wish(jordan), Wish(jordan, floor=1)], "JO has two quotas|Jordan has two quotas"),
        (lambda jordan: [Wish(jordan, ceiling=1)], "2 are seated for Jordan already"),
        (lambda jordan: [Wish(make.nation("UA", "Ukraine"), floor=5)], "cannot all be kept"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_changes(office, jordan, iteration, wishes, sentence):
    select(jordan, iteration, office)
    select(jordan, iteration, office)

    with pytest.raises(Refused, match=sentence):
        actions.set_quotas(iteration, wishes(jordan), by=office)

    assert Quota.objects.count() == 0
    assert by_state(iteration) == {"named": 2, "free": 4}


def test_the_capacity_never_falls_below_what_is_taken_or_guaranteed(office, jordan, iteration):
    actions.set_quotas(iteration, [Wish(jordan, floor=3)], by=office)
    select(make.nation("UA", "Ukraine"), iteration, office)
    iteration.refresh_from_db()
    iteration.capacity = 3

    with pytest.raises(Refused, match="taken or guaranteed") as refusal:
        courses.save_iteration(iteration, by=office)

    assert refusal.value.field == "capacity"
    assert by_state(iteration) == {"named": 1, "held": 3, "free": 2}


def test_seats_follow_the_capacity(office, iteration):
    for capacity in (9, 4):
        iteration.capacity = capacity
        courses.save_iteration(iteration, by=office)

        assert iteration.seats.count() == capacity


def test_a_quota_that_is_left_out_ends_and_its_seats_are_free(office, jordan, iteration):
    actions.set_quotas(iteration, [Wish(jordan, floor=3)], by=office)

    actions.set_quotas(iteration, [], by=office)

    assert by_state(iteration) == {"free": 6}
    assert Quota.objects.count() == 0
    assert Quota.history.filter(history_type="-").count() == 1


def test_only_the_office_sets_quotas(jordan, iteration):
    with pytest.raises(Refused, match="Only a training coordinator"):
        actions.set_quotas(iteration, [Wish(jordan, floor=1)], by=make.liaison(jordan))
