"""Deeds of the board: all decisions or none, never over somebody else's; aims; how reliable a sender was."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.moves import Refused
from enrollment import actions
from enrollment.actions import Choice, Goal, Overtaken, Wish
from enrollment.models import Aim, Nomination
from enrollment.models.board import Board
from enrollment.models.reliability import Reliability, reliability_before
from enrollment.models.trail import Version, changes_since, version_of
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


@pytest.fixture
def iteration():
    return make.iteration(capacity=3, minimum=1)


def nominees(iteration, count: int, **fields) -> list[Nomination]:
    return [make.nomination(make.person(), iteration, **fields) for _n in range(count)]


def state_of(nomination: Nomination) -> str:
    return Nomination.objects.get(pk=nomination.pk).state


def foreseen(iteration, choices, office) -> list[str]:
    found = actions.foresee_board(Board(iteration, reader=office), choices, by=office)
    return [found[choice.nomination.pk] for choice in choices]


# All at once.


def test_all_decisions_of_a_board_are_made_and_told_at_once(office, iteration):
    first, second, third = nominees(iteration, 3)
    choices = [
        Choice(first, "select"),
        Choice(second, "waitlist"),
        Choice(third, "refuse", "Too few seats.", "capacity"),
    ]

    made = actions.decide_board(iteration, choices, by=office, seen=version_of(iteration))

    assert dict(made) == {"select": 1, "waitlist": 1, "refuse": 1}
    assert [state_of(each) for each in (first, second, third)] == ["selected", "waitlisted", "refused"]
    refused = Nomination.objects.get(pk=third.pk)
    assert (refused.decision_reason, refused.reason_code, refused.decided_by) == ("Too few seats.", "capacity", office)
    assert iteration.seats_taken == 1
    events = set(Notification.objects.values_list("event", flat=True))
    assert {"nomination.selected", "nomination.waitlisted", "nomination.refused"} <= events


def test_one_refusal_refuses_all_and_names_the_person(office, iteration):
    good, bad = nominees(iteration, 2)
    make.nomination(bad.person, make.iteration(starts_on=iteration.starts_on), state="selected")

    with pytest.raises(Refused, match=rf"Nothing was changed. {bad.person}: .*has a place"):
        actions.decide_board(
            iteration, [Choice(good, "select"), Choice(bad, "select")], by=office, seen=version_of(iteration)
        )

    assert [state_of(each) for each in (good, bad)] == ["submitted", "submitted"]
    assert not Notification.objects.exists()
    iteration.refresh_from_db()
    assert iteration.seats_taken == 0


def test_a_refusal_needs_a_reason(office, iteration):
    (nominee,) = nominees(iteration, 1)

    with pytest.raises(Refused, match="Give a reason"):
        actions.decide_board(iteration, [Choice(nominee, "refuse")], by=office, seen=version_of(iteration))

    assert state_of(nominee) == "submitted"


@pytest.mark.parametrize("deed", ["decision", "quota", "withdrawal"])
def test_whoever_decides_on_an_older_board_is_refused_and_nothing_changes(office, iteration, deed):
    nominee, another = nominees(iteration, 2)
    seen = version_of(iteration)
    deeds = {
        "decision": lambda: actions.waitlist(another, by=make.coordinator()),
        "quota": lambda: actions.set_quotas(iteration, [Wish(make.nation("JO"), 1)], by=make.coordinator()),
        "withdrawal": lambda: actions.withdraw(another, by=another.nominated_by, reason="Ill."),
    }
    deeds[deed]()

    with pytest.raises(Overtaken, match="somebody decided meanwhile"):
        actions.decide_board(iteration, [Choice(nominee, "select")], by=office, seen=seen)

    assert state_of(nominee) == "submitted"


def test_a_draft_of_a_liaison_is_no_change_to_the_board(office, iteration):
    (nominee,) = nominees(iteration, 1)
    seen = version_of(iteration)
    make.nomination(make.person(), iteration, state="draft")

    actions.decide_board(iteration, [Choice(nominee, "select")], by=office, seen=seen)

    assert state_of(nominee) == "selected"


def test_a_row_that_became_visible_late_is_a_change_too(iteration):
    nominees(iteration, 2)
    now = version_of(iteration)

    assert version_of(iteration) == now
    assert now._replace(nominations=now.nominations - 1) != now


def test_only_a_coordinator_decides(iteration):
    (nominee,) = nominees(iteration, 1)

    with pytest.raises(Refused, match="Only a training coordinator"):
        actions.decide_board(
            iteration, [Choice(nominee, "select")], by=nominee.nominated_by, seen=version_of(iteration)
        )


def test_a_list_with_somebody_of_another_iteration_is_refused_whole(office, iteration):
    own, foreign = nominees(iteration, 1) + nominees(make.iteration(), 1)

    with pytest.raises(Refused, match="not nominated here"):
        actions.decide_board(
            iteration, [Choice(own, "select"), Choice(foreign, "select")], by=office, seen=version_of(iteration)
        )

    assert [state_of(own), state_of(foreign)] == ["submitted", "submitted"]


def test_an_empty_list_and_a_choice_that_does_not_exist_are_refused(office, iteration):
    (nominee,) = nominees(iteration, 1)

    for choices in ([], [Choice(nominee, "confirm")], [Choice(nominee, "select")] * 2):
        with pytest.raises(Refused):
            actions.decide_board(iteration, choices, by=office, seen=version_of(iteration))

    assert state_of(nominee) == "submitted"


def test_capacity_is_hard_for_a_whole_board(office, iteration):
    choices = [Choice(each, "select") for each in nominees(iteration, 4)]

    with pytest.raises(Refused, match="All 3 seats"):
        actions.decide_board(iteration, choices, by=office, seen=version_of(iteration))

    assert not Nomination.objects.holding_a_seat().exists()


# Foreseen.


def test_the_preview_says_what_saving_would_answer(office, iteration):
    course = iteration.course
    course.slp_minimum = "3333"
    course.save()
    poor, *others = nominees(iteration, 5)
    make.language_test(poor.person, "1111")
    choices = [Choice(each, "select") for each in (poor, *others)]

    answers = foreseen(iteration, choices, office)

    assert "SLP 3333 is not met" in answers[0]
    assert answers[1:4] == ["", "", ""]
    assert "All 3 seats" in answers[4]
    assert not Nomination.objects.holding_a_seat().exists()


def test_a_seat_that_is_guaranteed_to_others_is_foreseen_as_an_obstacle(office, iteration):
    actions.set_quotas(iteration, [Wish(make.nation("BR", "Brazil"), 2)], by=office)
    iteration.refresh_from_db()
    choices = [Choice(each, "select") for each in nominees(iteration, 2)]

    answers = foreseen(iteration, choices, office)

    assert answers[0] == ""
    assert "Brazil" in answers[1]


def test_a_place_elsewhere_on_the_same_days_is_foreseen(office, iteration):
    (nominee,) = nominees(iteration, 1)
    make.nomination(nominee.person, make.iteration(starts_on=iteration.starts_on), state="confirmed")

    (answer,) = foreseen(iteration, [Choice(nominee, "select")], office)

    assert answer.startswith("Has a place on ")


# What was done meanwhile.


def test_changes_say_who_did_what_to_whom(office, iteration):
    first, second = nominees(iteration, 2)
    seen = version_of(iteration)
    actions.select(first, by=make.coordinator(name="Otto Other"))
    actions.waitlist(second, by=office)

    changes = changes_since(seen, iteration, reader=office)

    assert [change.sentence for change in changes] == [
        f"You put {second.person} on the waiting list",
        f"Otto Other selected {first.person}",
    ]
    assert [change.nomination for change in changes] == [second.pk, first.pk]
    assert {change.ago for change in changes} == {"a moment ago"}


def test_a_changed_quota_is_among_the_changes(office, iteration):
    seen = version_of(iteration)
    actions.set_quotas(iteration, [Wish(make.nation("JO", "Jordan"), 1)], by=make.coordinator(name="Otto Other"))

    (change,) = changes_since(seen, iteration, reader=office)

    assert change.sentence == "Otto Other changed the quota of Jordan"


@pytest.mark.parametrize("text", ["", "1", "1.2.3", "a.b.c.d", "1.2.3.-4", "1.2.3.4.5", "9" * 40 + ".1.1.1", "1.2.3.²"])
def test_a_version_that_nobody_gave_out_is_none(text):
    assert Version.parse(text) is None


def test_a_version_survives_its_way_through_a_form():
    assert Version.parse(str(Version(12, 3, 4, 1))) == Version(12, 3, 4, 1)


# Aims.


def test_aims_are_set_changed_and_ended_as_a_whole(office, iteration):
    actions.set_aims(iteration, [Goal("women", 40, True), Goal("nations", 6)], by=office)

    actions.set_aims(iteration, [Goal("women", 50, True)], by=office)

    assert [str(aim) for aim in iteration.aims.all()] == ["at least 50 % women"]
    assert Aim.history.filter(about="women").count() == 2
    assert Aim.history.filter(about="nations").latest().history_type == "-"


def test_only_a_coordinator_sets_aims(iteration):
    with pytest.raises(Refused, match="Only a training coordinator"):
        actions.set_aims(iteration, [Goal("women", 40, True)], by=make.liaison())


@pytest.mark.parametrize("fields", [{"about": "women", "at_least": 101}, {"about": "nations", "at_least": 50}])
def test_the_database_keeps_no_impossible_share(iteration, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Aim.objects.create(iteration=iteration, is_share=True, **fields)


# Reliability of senders.


def test_no_shows_and_late_withdrawals_of_a_sender_count_for_three_years():
    jordan, today = make.nation("JO", "Jordan"), timezone.localdate()
    recent = make.iteration(starts_on=today - timedelta(days=100), state="closed")
    old = make.iteration(starts_on=today - timedelta(days=1200), state="closed")
    for state, fields in (("no-show", {}), ("passed", {}), ("withdrawn", {"left_late": True}), ("withdrawn", {})):
        make.nomination(make.person(jordan), recent, state=state, **fields)
    make.nomination(make.person(jordan), old, state="no-show")
    make.nomination(make.person(make.nation("UA")), recent, state="passed")

    found = reliability_before(today)

    assert found[jordan.pk, None] == Reliability(no_shows=1, left_late=1, places=3)
    assert found[make.nation("UA").pk, None].is_spotless


def test_three_years_end_on_a_leap_day_too():
    assert reliability_before(date(2028, 2, 29)) == {}
