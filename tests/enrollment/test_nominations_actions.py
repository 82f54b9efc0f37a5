"""What a liaison does with the nation's nominations, and a person with her own place."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.moves import Refused
from courses.models import Iteration
from enrollment import actions
from enrollment.models import ChecklistItem, Completion, Nomination
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def jordan():
    return make.nation("JO", "Jordan")


@pytest.fixture
def liaison(jordan):
    return make.liaison(jordan)


def past_its_deadline(**fields) -> Iteration:
    yesterday = timezone.localdate() - timedelta(days=2)
    return make.iteration(nominations_close_on=yesterday, **fields)


def draft_for(iteration: Iteration, **fields) -> Nomination:
    return make.nomination(make.person(), iteration, state="draft", **fields)


# Nominate.


def test_a_liaison_drafts_a_nomination_of_one_of_the_own_people(jordan, liaison):
    person, iteration = make.person(jordan), make.iteration()

    nomination = actions.nominate(
        person, iteration, by=liaison, priority=2, is_alternate=True, remarks="  Speaks Arabic "
    )

    assert (nomination.state, nomination.priority, nomination.is_alternate) == ("draft", 2, True)
    assert (nomination.nation, nomination.nominated_by, nomination.remarks) == (jordan, liaison, "Speaks Arabic")
    assert nomination.history.get().history_user == liaison
    assert not Notification.objects.exists()


def test_nobody_nominates_another_nations_people(liaison):
    stranger = make.person(make.nation("UA"))

    for by in (liaison, make.coordinator(), make.trainee(stranger)):
        with pytest.raises(Refused, match="You can only nominate people of the nation"):
            actions.nominate(stranger, make.iteration(), by=by)

    assert not Nomination.objects.exists()


def test_a_liaison_whose_mandate_has_ended_nominates_nobody(jordan):
    former = make.user()
    make.mandate(former, jordan, ends_on=timezone.localdate() - timedelta(days=1))

    with pytest.raises(Refused, match="You can only nominate"):
        actions.nominate(make.person(jordan), make.iteration(), by=former)


def test_the_liaison_of_an_organisation_nominates_its_people():
    osce = make.organisation("OSCE")
    person = make.person(osce)

    nomination = actions.nominate(person, make.iteration(), by=make.liaison(osce))

    assert (nomination.organisation, nomination.nation) == (osce, None)


def test_a_person_is_nominated_once_for_an_iteration(jordan, liaison):
    person, iteration = make.person(jordan), make.iteration()
    actions.nominate(person, iteration, by=liaison)

    with pytest.raises(Refused, match="is already nominated for this iteration") as refusal:
        actions.nominate(person, iteration, by=liaison)

    assert refusal.value.field == "person"
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize("state", ["withdrawn", "refused", "cancelled"])
def test_after_an_end_the_person_can_be_nominated_again(jordan, liaison, state):
    old = make.nomination(make.person(jordan), state=state)

    again = actions.nominate(old.person, old.iteration, by=liaison)

    assert again.pk != old.pk


@pytest.mark.parametrize("state", ["draft", "announced", "running", "completed", "closed", "cancelled"])
def test_an_iteration_takes_nominations_only_while_it_is_open_or_going_to_be_held(jordan, liaison, state):
    iteration = make.iteration(state=state)

    with pytest.raises(Refused, match="takes no nominations") as refusal:
        actions.nominate(make.person(jordan), iteration, by=liaison)

    assert refusal.value.field == "iteration"


def test_a_stale_copy_of_the_iteration_opens_nothing(jordan, liaison):
    iteration = make.iteration()
    Iteration.objects.update(state="cancelled")

    with pytest.raises(Refused, match="takes no nominations"):
        actions.nominate(make.person(jordan), iteration, by=liaison)


def test_an_iteration_that_has_begun_takes_nobody_whatever_its_state(jordan, liaison):
    iteration = make.iteration(starts_on=timezone.localdate(), time_zone="UTC")

    with pytest.raises(Refused, match="has begun"):
        actions.nominate(make.person(jordan), iteration, by=liaison)


def test_where_the_call_is_by_invitation_only_the_invited_nominate(jordan, liaison):
    iteration = make.iteration(is_by_invitation=True)
    person = make.person(jordan)

    with pytest.raises(Refused, match="by invitation, and Jordan is not invited"):
        actions.nominate(person, iteration, by=liaison)
    iteration.invited_nations.add(jordan)

    assert actions.nominate(person, iteration, by=liaison).pk


@pytest.mark.parametrize("priority", [0, -1, 1000, 99999])
def test_priority_is_a_number_that_the_database_can_hold(jordan, liaison, priority):
    with pytest.raises(Refused, match="Priority is a number from 1") as refusal:
        actions.nominate(make.person(jordan), make.iteration(), by=liaison, priority=priority)

    assert refusal.value.field == "priority"


# Suspended nations (rule 5.9).


def test_a_suspended_nation_nominates_nobody_new(jordan, liaison):
    person = make.person(jordan)
    make.membership(jordan, suspended_from=date(2024, 1, 1))

    with pytest.raises(Refused, match="Jordan's partnership is suspended"):
        actions.nominate(person, make.iteration(), by=liaison)


def test_a_draft_from_before_the_suspension_cannot_be_submitted(jordan, liaison):
    draft = make.nomination(make.person(jordan), state="draft")
    make.membership(jordan, suspended_from=date(2024, 1, 1))

    with pytest.raises(Refused, match="suspended"):
        actions.submit(draft, by=liaison)


def test_what_a_suspended_nation_submitted_before_stays_and_counts(jordan, liaison):
    office = make.coordinator()
    returned, submitted = (make.nomination(make.person(jordan), state=state) for state in ("returned", "submitted"))
    make.membership(jordan, suspended_from=date(2024, 1, 1))

    actions.submit(returned, by=liaison)
    selected = actions.select(submitted, by=office)

    assert Nomination.objects.get(pk=returned.pk).state == "submitted"
    assert actions.confirm(selected, by=liaison).state == "confirmed"


def test_a_suspension_that_has_ended_no_longer_counts(jordan, liaison):
    make.membership(jordan, suspended_from=date(2024, 1, 1), suspended_to=timezone.localdate() - timedelta(days=1))

    assert actions.nominate(make.person(jordan), make.iteration(), by=liaison).pk


# Submit: findings and deadline.


def test_submitting_keeps_the_criteria_as_they_stand(liaison):
    iteration = make.iteration(make.course(slp_minimum="3232"))
    draft = make.nomination(make.person(grade="OR-8"), iteration, state="draft")

    submitted = actions.submit(draft, by=liaison)

    verdicts = {check["criterion"]: check["verdict"] for check in submitted.checks}
    assert verdicts == {"grade": "not met", "slp": "not proven"}
    assert (submitted.state, submitted.is_late) == ("submitted", False)
    assert submitted.submitted_at is not None


def test_to_put_forward_is_both_steps_or_neither(jordan, liaison):
    person = make.person(jordan)
    iteration = past_its_deadline(late_policy="refuse")

    with pytest.raises(Refused, match="Late nominations are not accepted"):
        actions.put_forward(person, iteration, by=liaison)
    assert not Nomination.objects.exists()

    Iteration.objects.update(late_policy="coordinator decides")
    assert actions.put_forward(person, iteration, by=liaison, priority=3).state == "submitted"


@pytest.mark.parametrize(
    ("policy", "free_seats", "is_accepted"),
    [
        ("refuse", 5, False),
        ("accept if seats", 1, True),
        ("accept if seats", 0, False),
        ("coordinator decides", 5, True),
        ("coordinator decides", 0, True),
    ],
)
def test_a_late_nomination_follows_the_iterations_policy_and_is_marked(liaison, policy, free_seats, is_accepted):
    iteration = past_its_deadline(late_policy=policy, capacity=5, seats_taken=5 - free_seats)
    draft = draft_for(iteration)

    if is_accepted:
        assert actions.submit(draft, by=liaison).is_late
        return
    with pytest.raises(Refused, match="Nominations closed at the end of"):
        actions.submit(draft, by=liaison)
    assert Nomination.objects.get().state == "draft"


def test_the_deadline_counts_to_the_end_of_its_day_in_the_iterations_own_zone(liaison, monkeypatch):
    auckland = make.iteration(
        nominations_close_on=date(2027, 1, 10), starts_on=date(2027, 3, 1), time_zone="Pacific/Auckland"
    )
    honolulu = make.iteration(
        nominations_close_on=date(2027, 1, 10), starts_on=date(2027, 3, 1), time_zone="Pacific/Honolulu"
    )
    noon_in_london = datetime(2027, 1, 10, 12, tzinfo=ZoneInfo("Europe/London"))
    monkeypatch.setattr(timezone, "now", lambda: noon_in_london)

    late = {each.time_zone: actions.submit(draft_for(each), by=liaison).is_late for each in (auckland, honolulu)}

    assert late == {"Pacific/Auckland": True, "Pacific/Honolulu": False}


def test_once_the_office_has_closed_nominations_they_are_late_whatever_the_date(liaison):
    iteration = make.iteration(state="nominations closed", late_policy="refuse")

    with pytest.raises(Refused, match="The office has closed nominations"):
        actions.submit(draft_for(iteration), by=liaison)

    Iteration.objects.update(late_policy="coordinator decides")
    assert actions.submit(Nomination.objects.get(), by=liaison).is_late


def test_a_returned_nomination_keeps_its_first_submission_and_is_not_late_by_being_completed(liaison):
    iteration = past_its_deadline(late_policy="refuse")
    first = timezone.now() - timedelta(days=9)
    returned = make.nomination(make.person(), iteration, state="returned", submitted_at=first)

    again = actions.submit(returned, by=liaison)

    assert (again.state, again.submitted_at, again.is_late) == ("submitted", first, False)


def test_a_returned_nomination_for_a_cancelled_iteration_stays_where_it_is(liaison):
    returned = make.nomination(state="returned")
    Iteration.objects.update(state="cancelled")

    with pytest.raises(Refused, match="takes no nominations"):
        actions.submit(returned, by=liaison)


def test_a_stale_page_learns_that_somebody_was_faster(liaison):
    draft = make.nomination(state="draft")
    actions.submit(draft, by=liaison)

    with pytest.raises(Refused, match="the state is now “Submitted”"):
        actions.submit(draft, by=liaison)


# Change.


def test_a_nomination_is_changed_only_while_it_is_with_its_liaison(liaison):
    draft = make.nomination(state="draft")

    changed = actions.revise(draft, by=liaison, priority=4, is_alternate=True, remarks="Later arrival")

    assert (changed.priority, changed.is_alternate, changed.remarks) == (4, True, "Later arrival")
    for by in (make.coordinator(), make.liaison(make.nation("UA"))):
        with pytest.raises(Refused, match="can no longer be changed"):
            actions.revise(draft, by=by, priority=1, is_alternate=False, remarks="")
    actions.submit(draft, by=liaison)
    with pytest.raises(Refused, match="can no longer be changed"):
        actions.revise(draft, by=liaison, priority=1, is_alternate=False, remarks="")


# Confirm, decline, withdraw, take back.


def test_confirming_writes_down_what_is_still_to_do():
    adl, host = make.course("ADL"), make.nation("SE", "Sweden")
    course = make.course(clearance="NATO UNCLASSIFIED")
    make.prerequisite(course, adl)
    iteration = make.iteration(course, nation=host, place="Stockholm")
    guest, local = (
        make.nomination(make.person(sender), iteration, state="selected") for sender in (make.nation("JO"), host)
    )

    for nomination in (guest, local):
        actions.confirm(nomination, by=make.trainee(nomination.person))

    assert {item.kind for item in guest.checklist.all()} == {"insurance", "prerequisite", "visa", "travel", "clearance"}
    assert {item.kind for item in local.checklist.all()} == {"insurance", "prerequisite", "travel", "clearance"}
    assert guest.checklist.get(kind="visa").due_on == iteration.go_no_go_on


def test_declining_frees_the_seat_at_once_and_tells_the_liaison_and_nobody_else(liaison):
    nomination = make.nomination(state="confirmed")

    declined = actions.decline(nomination, by=make.trainee(nomination.person), reason="Deployed until May")

    assert (declined.state, declined.decision_reason) == ("withdrawn", "Deployed until May")
    assert Iteration.objects.get().seats_taken == 0
    assert [(each.event, each.recipient) for each in Notification.objects.all()] == [("nomination.withdrawn", liaison)]


@pytest.mark.parametrize("deed", [actions.withdraw, actions.release])
def test_who_loses_a_seat_by_somebody_elses_deed_is_told(liaison, deed):
    nomination = make.nomination(state="selected")
    by = liaison if deed is actions.withdraw else make.coordinator()

    deed(nomination, by=by, reason="No answer for three weeks")

    told = Notification.objects.get(event="nomination.withdrawn_person")
    assert told.email == nomination.person.email
    assert "Please do not travel" in told.body
    assert "No answer" not in told.body, "what the nation and the office say to each other is not for the person"
    assert Iteration.objects.get().seats_taken == 0


def test_withdrawing_what_holds_no_seat_leaves_the_count_alone(liaison):
    iteration = make.iteration()
    make.nomination(make.person(), iteration, state="selected")
    other = make.nomination(make.person(), iteration, state="waitlisted")

    actions.withdraw(other, by=liaison, reason="No longer needed")

    assert Iteration.objects.get().seats_taken == 1


def test_a_withdrawn_draft_is_told_to_nobody_and_stays_the_nations_own(liaison):
    draft = make.nomination(state="draft")
    person = make.trainee(draft.person)

    actions.withdraw(draft, by=liaison, reason="A mistake")

    assert not Notification.objects.exists()
    seen_by = {
        name: Nomination.objects.visible_to(user).exists()
        for name, user in {"liaison": liaison, "office": make.coordinator(), "person": person}.items()
    }
    assert seen_by == {"liaison": True, "office": False, "person": False}


def test_who_confirmed_and_stays_away_is_a_no_show_and_cannot_be_made_a_withdrawal(liaison):
    nomination = make.nomination(to=make.running_iteration(), state="confirmed")
    person, office = make.trainee(nomination.person), make.coordinator()

    for deed, by in ((actions.decline, person), (actions.withdraw, liaison), (actions.release, office)):
        with pytest.raises(Refused, match="has begun: a confirmed place can no longer be given back"):
            deed(nomination, by=by, reason="Overslept")

    assert Iteration.objects.get().seats_taken == 1


def test_a_seat_that_nobody_confirmed_can_be_taken_back_even_after_the_start():
    nomination = make.nomination(to=make.running_iteration(), state="selected")

    assert actions.release(nomination, by=make.coordinator(), reason="Never answered").state == "withdrawn"
    assert Iteration.objects.get().seats_taken == 0


def test_the_second_of_two_who_give_the_same_seat_back_changes_nothing(liaison):
    nomination = make.nomination(state="selected")
    actions.withdraw(nomination, by=liaison, reason="First")

    with pytest.raises(Refused, match="the state is now “Withdrawn”"):
        actions.withdraw(nomination, by=liaison, reason="Second")

    assert Iteration.objects.get().seats_taken == 0


# The checklist.


def test_the_person_ticks_the_own_checklist_and_takes_the_tick_back():
    nomination = make.nomination(state="selected")
    person = make.trainee(nomination.person)
    actions.confirm(nomination, by=person)
    item = ChecklistItem.objects.get(kind="insurance")

    actions.tick(item, by=person, is_done=True)
    assert ChecklistItem.objects.get(kind="insurance").done_at is not None
    actions.tick(item, by=person, is_done=False)
    assert ChecklistItem.objects.get(kind="insurance").done_at is None


def test_nobody_else_ticks_it_and_after_the_place_is_gone_nobody_at_all(liaison):
    nomination = make.nomination(state="selected")
    person = make.trainee(nomination.person)
    actions.confirm(nomination, by=person)
    item = ChecklistItem.objects.get(kind="insurance")

    for by in (liaison, make.coordinator()):
        with pytest.raises(Refused, match="somebody else's checklist"):
            actions.tick(item, by=by, is_done=True)
    actions.withdraw(nomination, by=liaison, reason="Ill")
    with pytest.raises(Refused, match="no longer have this place"):
        actions.tick(item, by=person, is_done=True)


# Completions.


def test_a_liaison_and_the_office_record_what_a_person_completed_elsewhere(jordan, liaison):
    person, adl = make.person(jordan), make.course("ADL 169")

    for n, by in enumerate((liaison, make.coordinator())):
        actions.record_completion(person, adl, date(2026, 1, 1 + n), by=by, reference=" JKO-77 ")

    assert list(Completion.objects.values_list("reference", flat=True)) == ["JKO-77", "JKO-77"]


def test_a_completion_is_refused_to_strangers_ahead_of_its_day_and_twice(jordan, liaison):
    person, adl = make.person(jordan), make.course("ADL 169")
    tomorrow = timezone.localdate() + timedelta(days=1)
    actions.record_completion(person, adl, date(2026, 1, 1), by=liaison)

    for by in (make.liaison(make.nation("UA")), make.trainee(person)):
        with pytest.raises(Refused, match="own liaison or by the office"):
            actions.record_completion(person, adl, date(2026, 2, 2), by=by)
    with pytest.raises(Refused, match="cannot lie ahead") as ahead:
        actions.record_completion(person, adl, tomorrow, by=liaison)
    with pytest.raises(Refused, match="already recorded"):
        actions.record_completion(person, adl, date(2026, 1, 1), by=liaison)

    assert ahead.value.field == "completed_on"
    assert Completion.objects.count() == 1
