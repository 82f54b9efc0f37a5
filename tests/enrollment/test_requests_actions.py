"""A training request's life: every move has its deed, and each deed changes, records and tells what it should."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.moves import Refused, Role
from courses.models import Iteration
from enrollment import actions
from enrollment.actions import REQUEST_DEEDS
from enrollment.models import TrainingRequest
from enrollment.workflow import REQUEST_MOVES, RequestState
from notifications.models import Notification
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make.coordinator(email="office@example.org")


@pytest.fixture
def liaison():
    return make.liaison(make.nation("JO", "Jordan"), email="liaison@example.org")


def a_request(state: str, **fields) -> TrainingRequest:
    """A request of Jordan, written straight into `state`."""
    made = make.training_request(make.nation("JO"), **fields)
    made.state, made.received_at = state, None if state == RequestState.DRAFT else timezone.now()
    made.save_without_historical_record()
    return made


def make_move(request: TrainingRequest, name: str, by) -> TrainingRequest:
    if name == "schedule":
        return actions.schedule_request(request, make.iteration(), by=by)
    return actions.make_request_move(request, name, by=by, reason="Because")


def told() -> set[tuple[str, str]]:
    return set(Notification.objects.values_list("event", "email"))


def last_entry(request: TrainingRequest) -> tuple:
    row = request.history.first()
    return row.history_change_reason, row.history_user.email, row.state


def test_every_move_of_the_table_has_its_deed():
    assert {move.name for move in REQUEST_MOVES} == {*REQUEST_DEEDS, "schedule"}


def test_every_state_is_reached_and_only_the_last_three_are_ends():
    reached = {move.target for move in REQUEST_MOVES}
    left = {state for move in REQUEST_MOVES for state in move.sources}

    assert set(RequestState) - reached == {RequestState.DRAFT}
    assert set(RequestState) - left == {RequestState.CLOSED, RequestState.DECLINED, RequestState.WITHDRAWN}


def test_no_move_is_open_to_both_sides():
    assert all(move.by in ({Role.COORDINATOR}, {Role.LIAISON}) for move in REQUEST_MOVES)


def test_a_draft_gets_its_number_from_its_year_and_tells_nobody(liaison, office):
    draft = make.training_request(make.nation("JO"), by=liaison)

    assert draft.number == f"TR-{timezone.now().year}-{draft.pk:04d}"
    assert last_entry(draft) == ("Drafted", liaison.email, "draft")
    assert draft.history.get().number == draft.number
    assert told() == set()


def test_a_request_is_filed_for_the_own_sender_only(liaison):
    foreign = TrainingRequest(nation=make.nation("UA"), kind="seats", people=1, purpose="x")

    with pytest.raises(Refused, match="no mandate"):
        actions.file_request(foreign, by=liaison)

    assert not TrainingRequest.objects.exists()


def test_a_suspended_nation_neither_files_nor_submits(liaison):
    jordan = make.nation("JO")
    draft = make.training_request(jordan, by=liaison)
    make.membership(jordan, suspended_from=date(2022, 1, 1))

    with pytest.raises(Refused, match="Jordan's partnership is suspended"):
        make.training_request(jordan, by=liaison)
    with pytest.raises(Refused, match="Jordan's partnership is suspended"):
        actions.submit_request(draft, by=liaison)

    assert list(TrainingRequest.objects.values_list("state", flat=True)) == ["draft"]


def test_what_a_suspended_nation_asked_before_goes_on(liaison, office):
    request = a_request("information asked", by=liaison)
    make.membership(request.nation, suspended_from=date(2022, 1, 1))

    request = actions.answer_question(request, by=liaison, answer="Arabic")
    request = actions.approve(request, by=office)

    assert request.state == "approved"


def test_an_organisation_asks_too():
    union = make.organisation("AU")
    liaison = make.liaison(union)

    request = actions.submit_request(make.training_request(union, by=liaison), by=liaison)

    assert (request.sender, request.state) == (union, "submitted")


def test_a_draft_can_be_changed_and_a_submitted_request_cannot(liaison):
    draft = make.training_request(make.nation("JO"), by=liaison)
    draft.people = 7
    actions.revise_request(draft, by=liaison)
    actions.submit_request(draft, by=liaison)
    draft.people = 70

    with pytest.raises(Refused, match="was submitted"):
        actions.revise_request(draft, by=liaison)

    assert TrainingRequest.objects.get().people == 7


def test_a_draft_cannot_be_given_to_a_foreign_nation(liaison):
    draft = make.training_request(make.nation("JO"), by=liaison)
    draft.nation = make.nation("UA")

    with pytest.raises(Refused, match="no mandate"):
        actions.revise_request(draft, by=liaison)

    assert TrainingRequest.objects.get().nation.code == "JO"


def test_submitting_hands_the_request_to_every_coordinator(liaison, office):
    make.coordinator(email="gone@example.org", is_active=False)

    request = actions.submit_request(make.training_request(make.nation("JO"), by=liaison), by=liaison)

    assert request.received_at
    assert last_entry(request) == ("Submit", liaison.email, "submitted")
    assert told() == {("request.submitted", office.email)}


def test_a_question_and_its_answer_are_kept_as_a_conversation(liaison, office):
    request = a_request("submitted", by=liaison)

    request = actions.ask_question(request, by=office, question=" Which language? ")
    asked = request.state
    request = actions.answer_question(request, by=liaison, answer="Arabic")

    assert (asked, request.state) == ("information asked", "under review")
    words = [(each.author, each.is_from_the_office, each.text) for each in request.messages.all()]
    assert words == [(office, True, "Which language?"), (liaison, False, "Arabic")]
    assert last_entry(request) == ("Answer: Arabic", liaison.email, "under review")
    assert told() == {("request.question", liaison.email), ("request.answer", office.email)}
    assert "Which language?" in Notification.objects.get(event="request.question").body


def test_a_second_question_is_told_again(liaison, office):
    request = actions.ask_question(a_request("submitted", by=liaison), by=office, question="Where?")
    request = actions.answer_question(request, by=liaison, answer="Amman")

    actions.ask_question(request, by=office, question="When?")

    bodies = Notification.objects.filter(event="request.question").order_by("pk").values_list("body", flat=True)
    assert ["Where?" in bodies[0], "When?" in bodies[1]] == [True, True]


def test_reviewing_shows_that_somebody_looks_at_it_and_tells_nobody(liaison, office):
    request = actions.review(a_request("submitted", by=liaison), by=office)

    assert last_entry(request) == ("Take into review", office.email, "under review")
    assert told() == set()


@pytest.mark.parametrize(
    ("deed", "state", "reason"),
    [
        (actions.approve, "approved", ""),
        (actions.approve, "approved", "With interpretation."),
        (actions.decline_request, "declined", "No team is free before 2028."),
    ],
)
def test_a_decision_keeps_who_when_and_why_and_is_told_to_every_liaison(liaison, office, deed, state, reason):
    deputy = make.liaison(make.nation("JO"), email="deputy@example.org")
    make.liaison(make.nation("UA"), email="stranger@example.org")

    request = deed(a_request("under review", by=liaison), by=office, reason=reason)

    assert (request.state, request.decision_reason, request.decided_by) == (state, reason, office)
    assert request.decided_at
    assert told() == {(f"request.{state}", each.email) for each in (liaison, deputy)}
    assert all(reason in body for body in Notification.objects.values_list("body", flat=True))


def test_scheduling_saves_the_iteration_links_both_and_tells_the_liaisons(liaison, office):
    request = a_request("approved", by=liaison)
    planned = Iteration(
        course=make.course("GToT"), starts_on=date(2030, 5, 6), ends_on=date(2030, 5, 8), capacity=18, place="Amman"
    )

    request = actions.schedule_request(request, planned, by=office)

    stored = Iteration.objects.get()
    assert (request.state, list(request.iterations.all())) == ("scheduled", [stored])
    assert list(stored.training_requests.all()) == [request]
    assert stored.nominations_close_on == date(2030, 3, 11)
    assert last_entry(request)[0] == "Schedule: answered by GToT Course, May 2030"
    body = Notification.objects.get(event="request.scheduled", email=liaison.email).body
    assert "GToT Course" in body
    assert "6 May 2030" in body
    assert "DO NOT TRAVEL" in body


def test_an_iteration_that_cannot_be_saved_leaves_the_request_approved(liaison, office):
    request = a_request("approved", by=liaison)
    planned = Iteration(course=make.course(), starts_on=date(2030, 5, 6), ends_on=date(2030, 5, 1), capacity=18)

    with pytest.raises(Refused, match="last day is before the first"):
        actions.schedule_request(request, planned, by=office)

    assert TrainingRequest.objects.get().state == "approved"
    assert not Iteration.objects.exists()
    assert told() == set()


def test_a_request_that_cannot_be_scheduled_leaves_no_iteration(liaison, office):
    request = a_request("declined", by=liaison)
    planned = Iteration(course=make.course(), starts_on=date(2030, 5, 6), ends_on=date(2030, 5, 8), capacity=18)

    with pytest.raises(Refused, match="the state is now “Declined”"):
        actions.schedule_request(request, planned, by=office)

    assert not Iteration.objects.exists()


def test_two_requests_share_one_iteration_and_one_request_has_two(liaison, office):
    first, second = a_request("approved", by=liaison), a_request("approved", by=liaison)
    spring, autumn = make.iteration(), make.iteration()

    for request, iteration in [(first, spring), (second, spring), (first, autumn)]:
        actions.schedule_request(request, iteration, by=office)

    assert set(spring.training_requests.all()) == {first, second}
    assert set(first.iterations.all()) == {spring, autumn}


def test_an_iteration_is_linked_to_a_request_once(liaison, office):
    request, iteration = a_request("approved", by=liaison), make.iteration()
    actions.schedule_request(request, iteration, by=office)

    with pytest.raises(Refused, match="linked to TR-.* already"):
        actions.schedule_request(request, iteration, by=office)

    assert Notification.objects.count() == 1


def test_a_cancelled_iteration_answers_nothing(liaison, office):
    request = a_request("approved", by=liaison)

    with pytest.raises(Refused, match="is cancelled"):
        actions.schedule_request(request, make.iteration(state="cancelled"), by=office)

    assert TrainingRequest.objects.get().state == "approved"


def test_a_request_is_delivered_when_its_iterations_are_held_and_then_closed(liaison, office):
    request, iteration = a_request("approved", by=liaison), make.iteration()
    request = actions.schedule_request(request, iteration, by=office)

    with pytest.raises(Refused, match="has not been held yet"):
        actions.deliver_request(request, by=office)
    Iteration.objects.update(state="completed")
    request = actions.deliver_request(request, by=office)
    request = actions.close_request(request, by=office)

    assert request.state == "closed"


def test_the_office_is_told_of_a_withdrawal_only_if_it_had_the_request(liaison, office):
    actions.withdraw_request(make.training_request(make.nation("JO"), by=liaison), by=liaison, reason="A slip")
    received = a_request("under review", by=liaison)

    request = actions.withdraw_request(received, by=liaison, reason="Postponed to next year")

    assert (request.state, request.decision_reason) == ("withdrawn", "Postponed to next year")
    assert told() == {("request.withdrawn", office.email)}
    assert "Postponed to next year" in Notification.objects.get().body


@pytest.mark.parametrize(
    ("name", "state"),
    [("ask", "submitted"), ("answer", "information asked"), ("decline", "submitted"), ("withdraw", "submitted")],
)
def test_what_needs_a_reason_is_refused_without_one(liaison, office, name, state):
    request = a_request(state, by=liaison)
    by = liaison if name in ("answer", "withdraw") else office

    with pytest.raises(Refused, match="Give a reason") as refused:
        actions.make_request_move(request, name, by=by, reason="  ")

    assert refused.value.field == "reason"
    assert TrainingRequest.objects.get().state == state
    assert not request.messages.exists()
    assert told() == set()


def test_a_stale_copy_is_refused_because_the_row_is_asked(liaison, office):
    request = a_request("submitted", by=liaison)
    stale = TrainingRequest.objects.get()
    actions.decline_request(request, by=office, reason="No team is free")

    with pytest.raises(Refused, match="the state is now “Declined”"):
        actions.approve(stale, by=make.coordinator())

    assert TrainingRequest.objects.get().state == "declined"


@pytest.mark.parametrize("move", REQUEST_MOVES, ids=lambda move: move.name)
def test_a_liaison_of_another_nation_makes_no_move(liaison, move):
    request = a_request(min(move.sources), by=liaison)
    stranger = make.liaison(make.nation("UA"))

    with pytest.raises(Refused, match="not yours"):
        make_move(request, move.name, stranger)

    assert TrainingRequest.objects.get().state == request.state


def test_a_move_that_has_a_page_of_its_own_is_made_nowhere_else(liaison, office):
    with pytest.raises(Refused, match="no such move"):
        actions.make_request_move(a_request("approved", by=liaison), "schedule", by=office)


def test_the_office_sees_no_draft_and_a_liaison_no_other_nation(liaison, office):
    draft, sent = a_request("draft", by=liaison), a_request("submitted", by=liaison)
    foreign = make.training_request(make.nation("UA"))
    TrainingRequest.objects.filter(pk=foreign.pk).update(state="submitted")
    users = [office, liaison, foreign.liaison, make.trainee(make.person(make.nation("JO")))]

    seen = [set(TrainingRequest.objects.visible_to(user)) for user in users]

    assert seen == [{sent, foreign}, {draft, sent}, {foreign}, set()]


def test_a_draft_that_was_withdrawn_stays_with_those_who_wrote_it(liaison, office):
    withdrawn = actions.withdraw_request(make.training_request(make.nation("JO")), by=liaison, reason="A slip")

    seen = [set(TrainingRequest.objects.visible_to(user)) for user in (office, liaison)]

    assert seen == [set(), {withdrawn}]


def test_a_request_is_under_the_framework_that_was_named_else_under_the_nations_own_on_that_day():
    sweden, jordan = make.nation("SE"), make.nation("JO")
    make.membership(sweden, "PfP", date(1994, 5, 9), to_on=date(2024, 3, 6))
    make.membership(sweden, "NATO", date(2024, 3, 7))
    make.membership(jordan, "MD")
    old = make.training_request(sweden, created_at=timezone.make_aware(timezone.datetime(2014, 1, 1)))
    new = make.training_request(sweden)
    named = make.training_request(jordan, framework=make.framework("PfP"))
    plain = make.training_request(jordan)

    found = {code: set(TrainingRequest.objects.under(make.framework(code))) for code in ("PfP", "NATO", "MD")}

    assert found == {"PfP": {old, named}, "NATO": {new}, "MD": {plain}}
