"""What the office decides: select, waitlist, refuse, return, waive, many at once, cancel with all that hangs on it."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions, workflow
from enrollment.models import Nomination, Waiver
from enrollment.models.carrying import targets_for, will_be_carried
from notifications.models import Notification
from partners.models import Person
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator()


def nominees(iteration: Iteration, count: int, **fields) -> list[Nomination]:
    return [make.nomination(make.person(), iteration, **fields) for _n in range(count)]


def counted(iteration: Iteration) -> tuple[int, int]:
    """Seats as counted on the row, and those who hold one."""
    row = Iteration.objects.get(pk=iteration.pk)
    return row.seats_taken, row.nominations.holding_a_seat().count()


# Select.


def test_selecting_takes_a_seat_gives_an_account_and_tells_the_liaison_before_the_person(office):
    liaison = make.liaison(make.nation("JO", "Jordan"))
    nomination = make.nomination()

    selected = actions.select(nomination, by=office)

    assert (selected.state, selected.decided_by) == ("selected", office)
    assert counted(nomination.iteration) == (1, 1)
    account = Person.objects.get().user
    assert account.email == nomination.person.email
    assert not account.has_usable_password()
    told = list(Notification.objects.order_by("pk").values_list("event", "recipient"))
    assert told == [("nomination.selected", liaison.pk), ("nomination.selected_person", account.pk)]
    assert mail.outbox == [], "a mail waits for the worker"


def test_every_letter_before_go_says_not_to_travel_and_after_it_none_does(office):
    for state in ("nominations open", "confirmed"):
        nomination = make.nomination(to=make.iteration(state=state))
        actions.select(nomination, by=office)

    before, after = (
        [each.body for each in Notification.objects.filter(occasion__startswith=f"nomination:{pk}:")]
        for pk in Nomination.objects.order_by("pk").values_list("pk", flat=True)
    )
    assert all("DO NOT TRAVEL BEFORE THE ITERATION IS CONFIRMED" in body for body in before)
    assert not any("DO NOT TRAVEL" in body for body in after)
    assert (len(before), len(after)) == (2, 2), "to the liaison and to the person"


def test_capacity_is_hard(office):
    iteration = make.iteration(capacity=2, minimum=1)
    first, second, third = nominees(iteration, 3)
    actions.select(first, by=office)
    actions.select(second, by=office)

    with pytest.raises(Refused, match="All 2 seats of .* are taken. Put the nominee on the waiting list"):
        actions.select(third, by=office)

    assert counted(iteration) == (2, 2)
    assert actions.waitlist(third, by=office).state == "waitlisted"


def test_a_seat_that_comes_free_can_go_to_the_waiting_list(office):
    iteration = make.iteration(capacity=1, minimum=1)
    first, second = nominees(iteration, 2)
    actions.select(first, by=office)
    actions.waitlist(second, by=office)
    actions.withdraw(first, by=first.nominated_by, reason="Deployed")

    actions.select(second, by=office)

    assert counted(iteration) == (1, 1)


def test_what_is_not_met_stands_in_the_way_until_it_is_waived_and_what_is_not_proven_does_not(office):
    iteration = make.iteration(make.course(slp_minimum="2222", enlisted_by_waiver_from=7))
    nco = make.nomination(make.person(grade="OR-8"), iteration)

    with pytest.raises(Refused, match="Grade is not met .*Waive it with a reason first"):
        actions.select(nco, by=office)
    assert counted(iteration) == (0, 0)
    actions.grant_waiver(nco, "grade", by=office, reason="Fifteen years in the field")

    assert actions.select(nco, by=office).state == "selected"


def test_who_was_submitted_fit_and_is_no_longer_is_judged_by_the_record_of_today(office):
    nomination = make.nomination(checks=[{"criterion": "grade", "verdict": "met"}])
    Person.objects.update(grade="OF-9")

    with pytest.raises(Refused, match="OF-9 on record"):
        actions.select(nomination, by=office)


@pytest.mark.parametrize("deed", [actions.select, actions.waitlist])
@pytest.mark.parametrize("state", ["completed", "closed", "cancelled", "announced"])
def test_nobody_is_selected_or_waitlisted_outside_the_time_for_it(office, deed, state):
    nomination = make.nomination(to=make.iteration(state=state))

    with pytest.raises(Refused, match="Nobody can be selected for"):
        deed(nomination, by=office)


def test_somebody_without_an_address_is_selected_all_the_same(office):
    nomination = make.nomination(make.person(email=""))

    assert actions.select(nomination, by=office).state == "selected"
    assert Person.objects.get().user is None
    assert not Notification.objects.filter(event="nomination.selected_person").exists()


def test_an_address_that_is_another_persons_account_is_not_taken_over(office):
    first = make.person(email="shared@example.org")
    make.trainee(first)
    second = make.person(email="Shared@example.org")

    actions.select(make.nomination(second), by=office)

    assert Person.objects.get(pk=second.pk).user is None
    assert User.objects.filter(email__iexact="shared@example.org").count() == 1


# Waitlist, refuse, return.


def test_each_decision_tells_the_liaison_why_at_once_and_the_person_later_without_it(office):
    decisions = {
        "waitlisted": lambda each: actions.waitlist(each, by=office, reason="Two nations have none yet"),
        "refused": lambda each: actions.refuse(each, by=office, reason="Two nations have none yet", code="priority"),
        "returned": lambda each: actions.return_for_completion(each, by=office, reason="Two nations have none yet"),
    }
    for event, decide in decisions.items():
        nomination = make.nomination()

        decided = decide(nomination)

        assert decided.decision_reason == "Two nations have none yet"
        told = Notification.objects.get(event=f"nomination.{event}", path=f"/nominations/{nomination.pk}/")
        assert told.recipient == nomination.nominated_by
        assert "Two nations have none yet" in told.body
    to_people = Notification.objects.filter(event__endswith="_person")
    assert {each.event for each in to_people} == {"nomination.waitlisted_person", "nomination.refused_person"}
    assert all(each.due_at > timezone.now() + timedelta(hours=23) for each in to_people)
    assert not any("Two nations" in each.body for each in to_people)


def test_a_refusal_names_a_reason_from_the_list(office):
    nomination = make.nomination()

    with pytest.raises(Refused, match="Choose a reason from the list") as refusal:
        actions.refuse(nomination, by=office, reason="So", code="because I say so")
    assert refusal.value.field == "code"

    actions.refuse(nomination, by=office, reason="All seats are given.", code="capacity")
    to_the_liaison = Notification.objects.get(event="nomination.refused")
    assert "No seats left. All seats are given." in to_the_liaison.body


def test_a_second_decision_after_a_return_is_told_again(office):
    nomination = make.nomination()
    for n in range(2):
        actions.return_for_completion(nomination, by=office, reason=f"Missing {n}")
        actions.submit(nomination, by=nomination.nominated_by)

    assert Notification.objects.filter(event="nomination.returned").count() == 2


def test_two_coordinators_cannot_both_decide(office):
    nomination = make.nomination()
    stale = Nomination.objects.get()
    actions.refuse(nomination, by=office, reason="No", code="other")

    with pytest.raises(Refused, match="the state is now “Refused”. Somebody may have decided in the meantime"):
        actions.select(stale, by=make.coordinator())

    assert counted(nomination.iteration) == (0, 0)


def test_a_long_reason_is_kept_whole(office):
    reason = "Because. " * 100

    actions.refuse(make.nomination(), by=office, reason=reason, code="other")

    assert Nomination.objects.get().decision_reason == reason.strip()


# Waivers.


def test_a_waiver_keeps_who_when_and_why(office):
    nomination = make.nomination(make.person(grade="OR-9"))

    waiver = actions.grant_waiver(nomination, "grade", by=office, reason="  Needed in the mission ")

    assert (waiver.granted_by, waiver.reason) == (office, "Needed in the mission")
    assert waiver.granted_at is not None


@pytest.mark.parametrize(
    ("grade", "criterion", "reason", "sentence"),
    [
        ("OR-9", "grade", " ", "Give a reason"),
        ("OR-9", "slp", "Why", "no such entry criterion"),
        ("OR-9", "x" * 5000, "Why", "no such entry criterion"),
        ("OF-3", "grade", "Why", "is met: there is nothing to waive"),
        ("OR-6", "grade", "Why", "does not allow a waiver here"),
    ],
)
def test_a_waiver_is_refused_with_the_reason_why(office, grade, criterion, reason, sentence):
    iteration = make.iteration(make.course(enlisted_by_waiver_from=7))
    nomination = make.nomination(make.person(grade=grade), iteration)

    with pytest.raises(Refused, match=sentence):
        actions.grant_waiver(nomination, criterion, by=office, reason=reason)

    assert not Waiver.objects.exists()


@pytest.mark.parametrize("state", sorted(set(workflow.NominationState) - workflow.WAIVABLE - {"draft"}))
def test_nothing_is_waived_after_the_end(office, state):
    nomination = make.nomination(make.person(grade="OR-9"), state=state)

    with pytest.raises(Refused, match="Nothing can be waived any more"):
        actions.grant_waiver(nomination, "grade", by=office, reason="Why")


def test_only_the_office_waives_and_only_once(office):
    nomination = make.nomination(make.person(grade="OR-9"))
    for by in (nomination.nominated_by, make.administrator(), make.trainee(nomination.person)):
        with pytest.raises(Refused, match="Only a training coordinator"):
            actions.grant_waiver(nomination, "grade", by=by, reason="Why")
    actions.grant_waiver(nomination, "grade", by=office, reason="Why")

    with pytest.raises(Refused, match="already waived"):
        actions.grant_waiver(nomination, "grade", by=office, reason="Why")


# Many at once.


def test_many_are_decided_at_once(office):
    iteration = make.iteration()

    decided = actions.decide_many(nominees(iteration, 3), "select", by=office)

    assert len(decided) == 3
    assert counted(iteration) == (3, 3)


def test_one_who_cannot_be_selected_keeps_everybody_from_it_and_is_named(office):
    iteration = make.iteration()
    fit = nominees(iteration, 2)
    unfit = make.nomination(make.person(grade="OR-9", family_name="Unfit"), iteration)

    with pytest.raises(Refused, match="Nothing was changed. Unfit, Given: Grade is not met"):
        actions.decide_many([*fit, unfit], "select", by=office)

    assert counted(iteration) == (0, 0)
    assert not Notification.objects.exists()


def test_a_list_longer_than_the_seats_is_refused_as_a_whole(office):
    iteration = make.iteration(capacity=2, minimum=1)

    with pytest.raises(Refused, match="Nothing was changed"):
        actions.decide_many(nominees(iteration, 3), "select", by=office)

    assert counted(iteration) == (0, 0)


@pytest.mark.parametrize(("move", "sentence"), [("confirm", "no such decision"), ("", "no such decision")])
def test_only_the_offices_four_decisions_are_made_on_a_list(office, move, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.decide_many([make.nomination()], move, by=office)


def test_an_empty_list_is_refused(office):
    with pytest.raises(Refused, match="at least one"):
        actions.decide_many([], "select", by=office)


def test_a_list_is_refused_with_one_reason_for_all(office):
    listed = nominees(make.iteration(), 2)

    actions.decide_many(listed, "refuse", by=office, reason="Two courses in one year", code="priority")

    assert set(Nomination.objects.values_list("reason_code", "decision_reason")) == {
        ("priority", "Two courses in one year")
    }


def test_the_preview_foresees_what_the_decision_answers_and_changes_nothing(office):
    iteration = make.iteration(capacity=2, minimum=1)
    fit = nominees(iteration, 3)
    unfit = make.nomination(make.person(grade="OR-9"), iteration)
    decided = make.nomination(make.person(), iteration, state="refused")

    answers = actions.foresee([*fit, unfit, decided], "select", by=office)

    assert [answers[each.pk] == "" for each in fit] == [True, True, False]
    assert "All 2 seats" in answers[fit[2].pk]
    assert "Grade is not met" in answers[unfit.pk]
    assert "the state is now “Refused”" in answers[decided.pk]
    assert counted(iteration) == (0, 0)
    for nomination in fit[:2]:
        actions.select(nomination, by=office)


# Outcomes.


def test_outcomes_keep_the_seat_and_are_corrected_until_the_books_are_closed(office):
    iteration = make.running_iteration()
    nomination = make.nomination(to=iteration, state="confirmed")

    for move in ("record_no_show", "record_passed", "record_failed", "record_attended"):
        actions.record_outcome(nomination, move, by=office)
    Iteration.objects.update(state="closed")

    assert counted(iteration) == (1, 1)
    with pytest.raises(Refused, match="Results of .* can no longer be changed"):
        actions.record_outcome(nomination, "record_passed", by=office)


# Cancel an iteration.


def test_cancelling_ends_every_live_nomination_frees_the_seats_and_tells_everyone(office):
    iteration = make.iteration()
    teacher = make.instructor(iteration)
    states = ["draft", "submitted", "returned", "selected", "confirmed", "waitlisted", "refused", "withdrawn"]
    made = {state: make.nomination(make.person(), iteration, state=state) for state in states}

    actions.cancel_iteration(iteration, by=office, reason="The host has no rooms")

    now = {state: Nomination.objects.get(pk=made[state].pk) for state in states}
    assert {state for state in states if now[state].state == "cancelled"} == set(states) - {"refused", "withdrawn"}
    assert now["selected"].decision_reason == "The host has no rooms"
    row = Iteration.objects.get()
    assert (row.state, row.seats_taken, row.cancellation_reason) == ("cancelled", 0, "The host has no rooms")
    assert Notification.objects.filter(event="nomination.cancelled").count() == 6
    people = Notification.objects.filter(event="nomination.cancelled_person")
    assert {each.email for each in people} == {made[state].person.email for state in ("selected", "confirmed")}
    assert Notification.objects.get(event="iteration.cancelled_team").recipient == teacher
    assert all("The host has no rooms" in each.body for each in Notification.objects.all())


def test_the_partner_whose_request_it_answered_is_told(office):
    request = make.training_request()
    iteration = make.iteration()
    request.iterations.add(iteration)

    actions.cancel_iteration(iteration, by=office, reason="Storm")

    told = Notification.objects.get(event="iteration.cancelled_request")
    assert told.recipient == request.liaison
    assert request.number in told.subject


def test_cancelling_needs_a_reason_and_a_coordinator(office):
    iteration = make.iteration()
    nomination = make.nomination(to=iteration, state="selected")

    with pytest.raises(Refused, match="Give a reason"):
        actions.cancel_iteration(iteration, by=office, reason=" ")
    for by in (nomination.nominated_by, make.administrator(), make.instructor(iteration)):
        with pytest.raises(Refused, match="not yours to do"):
            actions.cancel_iteration(iteration, by=by, reason="Storm")

    assert counted(iteration) == (1, 1)
    assert Nomination.objects.get().state == "selected"


def test_an_iteration_with_outcomes_is_completed_and_not_cancelled(office):
    iteration = make.running_iteration(state="running")
    make.nomination(make.person(family_name="Haddad"), iteration, state="passed")
    waiting = make.nomination(make.person(), iteration, state="confirmed")

    with pytest.raises(Refused, match="1 have an outcome already, Haddad, Given among them. Complete"):
        actions.cancel_iteration(iteration, by=office, reason="Storm")

    assert Nomination.objects.get(pk=waiting.pk).state == "confirmed"
    assert Iteration.objects.get().state == "running"


def test_nominations_are_carried_over_with_their_order_waivers_and_first_submission(office):
    course = make.course(enlisted_by_waiver_from=7)
    old, new = make.iteration(course), make.iteration(course, nominations_close_on=date(2026, 1, 1))
    first = timezone.now() - timedelta(days=30)
    nco = make.nomination(
        make.person(grade="OR-8"), old, priority=3, is_alternate=True, remarks="Note", submitted_at=first
    )
    actions.grant_waiver(nco, "grade", by=office, reason="Experience")
    actions.select(nco, by=office)

    actions.cancel_iteration(old, by=office, reason="Storm", carry_to=new)

    carried = Nomination.objects.get(iteration=new)
    assert (carried.state, carried.submitted_at, carried.is_late) == ("submitted", first, False)
    assert (carried.priority, carried.is_alternate, carried.remarks) == (3, True, "Note")
    assert (carried.carried_from, carried.person) == (nco, nco.person)
    assert carried.waivers.get().reason == "Experience"
    assert carried.checks[0]["waived"] is True
    assert carried.history.get().history_change_reason.startswith("Carried over")
    assert actions.select(carried, by=office).state == "selected"
    assert (counted(old), counted(new)) == ((0, 0), (1, 1))
    told = Notification.objects.get(event="nomination.cancelled", path=f"/nominations/{nco.pk}/")
    assert f"carried over to {new}" in told.body


def test_what_was_never_handed_in_is_already_there_or_not_invited_is_not_carried(office):
    course, ukraine = make.course(), make.nation("UA", "Ukraine")
    old = make.iteration(course)
    new = make.iteration(course, is_by_invitation=True)
    new.invited_nations.add(make.nation("JO"))
    draft = make.nomination(make.person(), old, state="draft")
    there = make.nomination(make.person(), old)
    make.nomination(there.person, new, state="waitlisted")
    stranger = make.nomination(make.person(ukraine), old)
    fine = make.nomination(make.person(), old)

    foreseen = will_be_carried([draft, there, stranger, fine], new)
    actions.cancel_iteration(old, by=office, reason="Storm", carry_to=new)

    assert foreseen == {fine.pk}
    assert set(Nomination.objects.filter(carried_from__isnull=False).values_list("person", flat=True)) == {
        fine.person_id
    }


def test_nominations_go_only_to_another_iteration_of_the_course_that_takes_them(office):
    course = make.course()
    iteration = make.iteration(course)
    make.nomination(to=iteration)
    fitting = make.iteration(course)
    wrong = [
        iteration,
        make.iteration(),
        make.iteration(course, state="announced"),
        make.iteration(course, state="cancelled"),
        make.iteration(course, starts_on=timezone.localdate(), time_zone="UTC"),
    ]

    for target in wrong:
        with pytest.raises(Refused) as refusal:
            actions.cancel_iteration(iteration, by=office, reason="Storm", carry_to=target)
        assert refusal.value.field == "carry_to"

    assert list(targets_for(iteration)) == [fitting]
    assert Nomination.objects.get().state == "submitted"


def test_cancelling_twice_is_refused_and_carries_nobody_twice(office):
    course = make.course()
    old, new = make.iteration(course), make.iteration(course)
    make.nomination(to=old)
    actions.cancel_iteration(old, by=office, reason="Storm", carry_to=new)

    with pytest.raises(Refused, match="the state is now “Cancelled”"):
        actions.cancel_iteration(old, by=office, reason="Storm", carry_to=new)

    assert Nomination.objects.filter(iteration=new).count() == 1
